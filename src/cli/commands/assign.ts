import { assignTask } from "../../core/acts/assignTask";
import type { Container } from "../container";
import type { ExitCode } from "../exitCodes";
import { sayResult } from "../runResult";
import { terminalRun } from "../runShell";
import { commandsPlace } from "../workspace";

export interface AssignOptions {
  /** At least one. */
  readonly run: readonly string[];
  readonly cwd?: string;
}

/** One more task for a role of a project that exists. Throws as `assignTask`. */
export async function assign(
  container: Container,
  name: string,
  role: string,
  { run, cwd }: AssignOptions,
): Promise<ExitCode> {
  const { request, shell } = await terminalRun(container, "--run", "commands");
  const commands = { run, ...commandsPlace(cwd) };
  return sayResult(
    container,
    await assignTask(await container.runWorld(), { ...request, name, role, commands }, shell),
  );
}
