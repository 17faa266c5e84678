import { openEscalations, type ProjectState } from "../model/projectState";
import type { ProjectStatus } from "../model/states";
import type { TaskLoop } from "./taskLoop";

/** What a project is after a run of it: of the whole project, what other runs left open counts too. */
export function runStatus(
  loop: Pick<TaskLoop, "states" | "has" | "isWaiting">,
  state: ProjectState,
  aborted: boolean,
): ProjectStatus {
  const states = loop.states();
  const elsewhere = openEscalations(state).filter(({ task_id }) => task_id !== undefined && !loop.has(task_id));
  if (states.includes("failed") || elsewhere.some(({ kind }) => kind === "error")) return "failed";
  if (aborted) return "stopped";
  if (loop.isWaiting || states.includes("unknown") || elsewhere.length > 0) return "waiting";
  if (states.includes("blocked")) return "blocked";
  return states.every((each) => each === "succeeded" || each === "skipped") ? "done" : "stopped";
}
