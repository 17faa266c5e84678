import type { ContextEntry } from "../core/model/entry";

/** What an entry is about: a task, what has none a session, and what has neither its project. */
export type EntryGroup =
  | { readonly kind: "task"; readonly task: string }
  | { readonly kind: "session"; readonly session: string }
  | { readonly kind: "project" };

export function groupOf({ task_id, session_name }: Pick<ContextEntry, "task_id" | "session_name">): EntryGroup {
  if (task_id !== undefined) return { kind: "task", task: task_id };
  return session_name === null ? { kind: "project" } : { kind: "session", session: session_name };
}

/** Tells groups of one project apart. */
export function groupName(group: EntryGroup): string {
  switch (group.kind) {
    case "task":
      return `task/${group.task}`;
    case "session":
      return `session/${group.session}`;
    case "project":
      return "project";
  }
}
