import type { ContextEntry } from "../core/model/entry";
import { parkedEvent } from "../core/model/entryKinds";
import { isForPeople } from "./logLines";

/** A command or prompt of a try, and what the log has of its end. */
export interface TriedCommand {
  readonly command: ContextEntry;
  readonly result: ContextEntry | undefined;
}

/** One try of a task, from the log. */
export interface TaskTry {
  /** Which run of the task it belongs to, from 1: whoever has it done again begins to count its tries anew. */
  readonly run: number;
  /** From 1, as the log counts the tries of a run. */
  readonly attempt: number;
  /** Undefined where the log does not have it. */
  readonly started: ContextEntry | undefined;
  readonly ended: ContextEntry | undefined;
  readonly commands: readonly TriedCommand[];
  readonly session: string | null;
  /** Absolute; undefined: the project's folder. */
  readonly folder: string | undefined;
}

interface OpenTry {
  run: number;
  attempt: number;
  started: ContextEntry | undefined;
  ended: ContextEntry | undefined;
  commands: { command: ContextEntry; result: ContextEntry | undefined }[];
  session: string | null;
  folder: string | undefined;
  /** Since it began, the log says more of its task than that it was left for an answer about another one. */
  moved: boolean;
}

const over: readonly string[] = ["succeeded", "failed", "cancelled", "skipped", "unknown"];

/** The tries of a task, oldest first. `entries`: all of the task, in the log's order. */
export function taskTries(entries: readonly ContextEntry[]): TaskTry[] {
  const tries: OpenTry[] = [];
  const begin = (started: ContextEntry | undefined, attempt: number): OpenTry => {
    const last = tries.at(-1);
    const run = last === undefined ? 1 : attempt > last.attempt ? last.run : last.run + 1;
    const begun = {
      run,
      attempt,
      started,
      ended: undefined,
      commands: [],
      session: started?.session_name ?? null,
      folder: started?.cwd,
      moved: false,
    };
    tries.push(begun);
    return begun;
  };
  for (const entry of entries) {
    const last = tries.at(-1);
    if (entry.kind === "task" && entry.event === "started") {
      if (!last || !continues(last, entry)) begin(entry, entry.attempt ?? 1);
    } else if (entry.kind === "task" && last) {
      last.moved ||= entry.event !== parkedEvent;
      if (last.ended === undefined && over.includes(entry.state ?? "")) last.ended = entry;
    } else if (entry.kind === "command") {
      const known = last ?? begin(undefined, entry.attempt ?? 1);
      known.commands.push({ command: entry, result: undefined });
      known.session ??= entry.session_name;
    } else if (entry.kind === "result") {
      const tried = last?.commands.find(({ command }) => command.command_id === entry.command_id);
      if (tried) tried.result = entry;
    }
  }
  return tries.map((each) => ({ ...each, commands: each.commands.filter(isShown) }));
}

/** A later process that runs the project may go on with the same try. */
function continues({ attempt, ended, commands, moved }: OpenTry, started: ContextEntry): boolean {
  if (ended !== undefined || (started.attempt ?? 1) !== attempt) return false;
  return !moved || started.step !== undefined || commands.every(({ result }) => result === undefined);
}

/** What prepares a session is read only where it failed. */
function isShown({ command, result }: TriedCommand): boolean {
  return command.step !== undefined || (result !== undefined && isForPeople(result));
}
