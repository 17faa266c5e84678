import type { ContextEntry } from "../model/entry";
import type { Plan, PlanTask } from "../model/plan";
import type { GitState } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { brief, durationText, plural } from "../model/sentences";

export interface FinishedTask {
  readonly task: PlanTask;
  readonly session_name: string;
  readonly cwd: string;
  readonly commands: number;
  readonly duration_ms: number;
  readonly lastLine: string;
  readonly git: GitState | undefined;
}

/** Roles that go on from a task: those of its dependents, other than its own. */
export function receivers(plan: Plan, task: PlanTask): { role: string; tasks: string[] }[] {
  const roles = new Map<string, string[]>();
  for (const dependent of plan.tasks) {
    if (dependent.role === task.role || !dependent.needs.includes(task.id)) continue;
    roles.set(dependent.role, [...(roles.get(dependent.role) ?? []), dependent.id]);
  }
  return [...roles].map(([role, tasks]) => ({ role, tasks }));
}

/** What ran, how it went, where, the state of the work tree, and what comes next: facts only. */
export function handoffText(done: FinishedTask, next: string): string {
  const facts = [
    `${done.task.id} is done: ${plural(done.commands, "command")} in ${durationText(done.duration_ms)} in ${done.cwd}.`,
    done.lastLine === "" ? "" : `It ended with: ${brief(done.lastLine)}.`,
    done.git
      ? `Git: ${done.git.branch ?? "detached"} at ${done.git.head}, ${plural(done.git.dirty, "changed file")}.`
      : "",
    done.task.handoff === undefined ? "" : `${done.task.handoff}.`.replace(/\.\.$/, "."),
    `Next: ${next}.`,
  ];
  return facts.filter((fact) => fact !== "").join(" ");
}

/**
 * Writes one note for each role that goes on from here, unless an earlier driver did. A task with a `handoff` of its
 * own and nobody after it writes one for people.
 */
export async function writeHandoffs(journal: OpenRecord, plan: Plan, done: FinishedTask): Promise<void> {
  const to = receivers(plan, done.task);
  const notes = to.map(({ role, tasks }) => ({
    role,
    text: handoffText(done, `${role} goes on with ${tasks.join(", ")}`),
  }));
  if (notes.length === 0 && done.task.handoff !== undefined)
    notes.push({ role: "", text: handoffText(done, "nothing in this plan waits for it") });
  const handed = journal.state.tasks.get(done.task.id)?.handed ?? [];
  for (const { role, text } of notes.filter((note) => !handed.includes(note.role))) {
    await journal.append(
      {
        kind: "handoff",
        actor: "engine",
        session_name: done.session_name,
        text,
        role: done.task.role,
        ...(role === "" ? {} : { to: role }),
        task_id: done.task.id,
        cwd: done.cwd,
        refs: [
          { type: "task", id: done.task.id },
          { type: "session", id: done.session_name },
          ...(done.git ? [{ type: "commit", id: done.git.head }] : []),
        ],
      },
      "synced",
    );
  }
}

/** Notes that wait for this role or session. */
export function notesFor(journal: OpenRecord, role: string, session_name: string): ContextEntry[] {
  return [...journal.state.undelivered.values()].filter((note) => note.to === role || note.to === session_name);
}
