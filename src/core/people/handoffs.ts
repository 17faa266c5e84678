import { lastOutput } from "../model/commandOutput";
import type { ContextEntry } from "../model/entry";
import type { Plan, PlanTask } from "../model/plan";
import type { GitState } from "../ports/machine";
import { dependentsOf } from "../model/dependents";
import type { OpenRecord } from "../record/projectRecord";
import { durationText, plural, withoutStop } from "../model/sentences";

export interface FinishedTask {
  readonly task: PlanTask;
  readonly session_name: string;
  readonly cwd: string;
  readonly commands: number;
  readonly duration_ms: number;
  readonly lastLine: string;
  /** What its agent said last; undefined where it has none. */
  readonly answer?: string | undefined;
  /** The state of its work tree; looked at only where a note tells of it, because that starts a program. */
  readonly git: () => Promise<GitState | undefined>;
}

/** Roles that go on from a task: those of its dependents, other than its own. */
export function receivers(plan: Plan, task: PlanTask): { role: string; tasks: string[] }[] {
  const roles = new Map<string, string[]>();
  for (const dependent of dependentsOf(plan, task.id)) {
    if (dependent.role === task.role) continue;
    roles.set(dependent.role, [...(roles.get(dependent.role) ?? []), dependent.id]);
  }
  return [...roles].map(([role, tasks]) => ({ role, tasks }));
}

/** What ran, how it went, where, the state of the work tree, and what comes next: facts only. */
export function handoffText(done: Omit<FinishedTask, "git">, git: GitState | undefined, next: string): string {
  const facts = [
    `${done.task.id} succeeded: ${plural(done.commands, done.task.prompt === undefined ? "command" : "prompt")}, ${durationText(done.duration_ms)}, in ${done.cwd}.`,
    done.answer === undefined ? lastOutput(done.lastLine).trimStart() : "",
    git ? `Git: ${git.branch ?? "no branch"} at ${git.head}, ${plural(git.dirty, "changed file")}.` : "",
    done.task.handoff === undefined ? "" : `${withoutStop(done.task.handoff)}.`,
    `Next: ${next}.`,
  ];
  const text = facts.filter((fact) => fact !== "").join(" ");
  return done.answer === undefined || done.answer === "" ? text : `${text} Its agent's last answer:\n${done.answer}`;
}

/**
 * Writes one note for each role that goes on from here, unless an earlier runner did. A task with a `handoff` of its
 * own, or with an agent's answer, that no other role goes on from writes one for people.
 */
export async function writeHandoffs(record: OpenRecord, plan: Plan, done: FinishedTask): Promise<void> {
  const notes = receivers(plan, done.task).map(({ role, tasks }) => ({
    role,
    next: `${role} continues with ${tasks.join(", ")}`,
  }));
  if (notes.length === 0 && (done.task.handoff !== undefined || done.answer !== undefined)) {
    const own = dependentsOf(plan, done.task.id).map(({ id }) => id);
    notes.push({
      role: "",
      next: own.length === 0 ? "no other task needs this one" : `${done.task.role} continues with ${own.join(", ")}`,
    });
  }
  const handed = record.state.tasks.get(done.task.id)?.handed ?? [];
  const missing = notes.filter((note) => !handed.includes(note.role));
  const git = missing.length > 0 ? await done.git() : undefined;
  for (const { role, next } of missing) {
    await record.append(
      {
        kind: "handoff",
        actor: "engine",
        session_name: done.session_name,
        text: handoffText(done, git, next),
        role: done.task.role,
        ...(role === "" ? {} : { to: role }),
        task_id: done.task.id,
        cwd: done.cwd,
        refs: [
          { type: "task", id: done.task.id },
          { type: "session", id: done.session_name },
          ...(git ? [{ type: "commit", id: git.head }] : []),
        ],
      },
      "synced",
    );
  }
}

/** Notes that wait for this role or session. */
export function notesFor(record: OpenRecord, role: string, session_name: string): ContextEntry[] {
  return [...record.state.undelivered.values()].filter((note) => note.to === role || note.to === session_name);
}
