import type { LeaseRecord } from "../core/model/projectState";
import type { Container } from "./container";

/** Who runs a project; `alive` is null when it runs on another host and cannot be asked. */
export type ProjectRunner = Pick<LeaseRecord, "holder" | "host" | "pid"> & { readonly alive: boolean | null };

/** Undefined where no process has the project. */
export async function runnerOf(
  container: Container,
  lease: LeaseRecord | undefined,
): Promise<ProjectRunner | undefined> {
  if (!lease) return undefined;
  const processes = await container.processes;
  return { holder: lease.holder, host: lease.host, pid: lease.pid, alive: (await processes.isAlive(lease)) ?? null };
}

/** Whether the project may be running: its process has not provably ended. */
export function isRunning(runner: ProjectRunner | undefined): boolean {
  return runner !== undefined && runner.alive !== false;
}
