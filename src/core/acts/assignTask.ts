import { type RunProjectResult, type RunShell, runProject } from "./runProject";
import type { RunProjectRequest, RunProjectWorld } from "./runRequest";
import type { TaskWork } from "../model/quickPlan";
import type { GivenTask } from "./wantedPlan";

export interface AssignTaskRequest extends Pick<
  RunProjectRequest,
  | "name"
  | "waitForAnswers"
  | "heartbeatMs"
  | "quietAfterMs"
  | "asksWhenQuiet"
  | "defaultShell"
  | "columns"
  | "session_limit"
  | "elsewhere"
  | "signal"
> {
  /** The plan's role of that name, else a shell, or the agent of the prompt. */
  readonly role: string;
  readonly given: TaskWork & Pick<GivenTask, "cwd" | "caller">;
}

/**
 * One more task for a role of a project that exists, now. Who gives a task twice wants it done twice, also while
 * another process does the same. Throws `project_not_found`, and as `runProject`.
 */
export function assignTask(
  world: RunProjectWorld,
  { role, given, ...request }: AssignTaskRequest,
  shell: RunShell = {},
): Promise<RunProjectResult> {
  const source = { from: "task", role, ...given } as const;
  return runProject(world, { ...request, source, must_exist: true, again: true }, shell);
}
