import type { ChildProcess } from "node:child_process";

/** Ends a program that was started `detached`, with all that it has started in its group. */
export function endGroup({ pid }: Pick<ChildProcess, "pid">): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
