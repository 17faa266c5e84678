import type { Plan } from "../model/plan";
import type { ProjectState } from "../model/projectState";
import { listed } from "../model/sentences";
import type { ProjectStatus } from "../model/states";

/** What the project's last entry of a run says. */
export interface RunEnd {
  readonly status: ProjectStatus;
  readonly event: "finished" | "ended";
  readonly text: string;
}

/**
 * Of a run of `plan` that came so far. A project is done when all of its tasks are, also the `others`, which the run left
 * out. `server_lost`: that its server stopped answering ended it.
 */
export function runEnd(
  {
    name,
    plan,
    others = [],
  }: { readonly name: string; readonly plan: Plan; readonly others?: readonly string[] | undefined },
  reached: ProjectStatus,
  { tasks }: Pick<ProjectState, "tasks">,
  server_lost: boolean,
): RunEnd {
  if (reached !== "done") return { status: reached, event: "ended", text: endSentence(name, reached, server_lost) };
  const open = others.filter((id) => !["succeeded", "skipped"].includes(tasks.get(id)?.state ?? "pending"));
  if (open.length === 0) return { status: "done", event: "finished", text: endSentence(name, "done", server_lost) };
  return { status: "stopped", event: "ended", text: partSentence(name, plan, open) };
}

/** `lint of alpha is done; 3 other tasks are still to be done.` */
function partSentence(name: string, { tasks }: Pick<Plan, "tasks">, open: readonly string[]): string {
  const done = `${listed(tasks.map(({ id }) => id))} of ${name} ${tasks.length === 1 ? "is" : "are"} done`;
  return `${done}; ${open.length === 1 ? `${open[0] ?? ""} is` : `${open.length} other tasks are`} still to be done.`;
}

/** The project's last sentence. `server_lost`: that its server stopped answering ended it. */
function endSentence(name: string, status: ProjectStatus, server_lost: boolean): string {
  if (server_lost) return `${name} stopped, because it lost its session server.`;
  switch (status) {
    case "done":
      return `${name} is done.`;
    case "failed":
      return `${name} failed.`;
    case "waiting":
      return `${name} needs an answer before it can continue.`;
    case "blocked":
      return `${name} is blocked: none of its other tasks can start.`;
    case "planned":
    case "running":
    case "stopped":
      return `${name} stopped; its sessions stay open.`;
  }
}
