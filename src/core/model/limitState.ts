import type { TaskTurns } from "./agentTurn";
import type { ContextEntry } from "./entry";
import { agentLimitedEvent, agentLimitOverEvent } from "./entryKinds";

/**
 * Limits that agents have reached, by the role whose session told of it first, until prompts get through again. One
 * without `not_before` lasts until a person has said something about its task, which it does not have any more then.
 */
export type Limits = Map<string, ContextEntry>;

/** A task whose prompts a limit may hold back. */
interface LimitedTask {
  readonly role: string;
  turns?: TaskTurns;
}

export function applyLimit(limits: Limits, tasks: ReadonlyMap<string, LimitedTask>, entry: ContextEntry): void {
  const { kind, event, role, task_id } = entry;
  if (kind === "state" && role !== undefined) {
    if (event === agentLimitedEvent) {
      limits.set(role, entry);
      const roles = limitedRoles(entry);
      for (const task of tasks.values())
        if (task.turns && roles.includes(task.role)) task.turns = { ...task.turns, limit: "told" };
    } else if (event === agentLimitOverEvent) limits.delete(role);
  } else if (task_id !== undefined && hasMovedOn(entry)) {
    for (const [name, limit] of limits) {
      const { task_id: asked, ...over } = limit;
      if (asked === task_id && isAsking(limit)) limits.set(name, over);
    }
  }
}

/** The roles that use the agent with the account that has reached the limit. */
export function limitedRoles({ role = "", refs }: ContextEntry): string[] {
  const named = (refs ?? []).filter(({ type }) => type === "role").map(({ id }) => id);
  return named.length > 0 ? named : [role];
}

/** What a person says about a task, or does with it. */
export function hasMovedOn({ kind, state }: Pick<ContextEntry, "kind" | "state">): boolean {
  return kind === "answer" || (kind === "task" && state !== "blocked" && state !== "running");
}

/** Whether its end is what a person says about its task, and they have said nothing yet. */
export function isAsking({ task_id, not_before }: ContextEntry): boolean {
  return task_id !== undefined && not_before === undefined;
}
