import { turnFields } from "../model/agentTurn";
import type { ContextEntry, EntryDraft } from "../model/entry";
import type { Clock } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import type { CommandEnd } from "../session/commandEnds";
import type { ShellSession } from "../session/shellSession";
import { resultSentence } from "./resultSentences";

export const unknownEnd: CommandEnd = { outcome: "unknown", exit_code: null, known_by: "none", output: undefined };

/** What the marks of this session, or the list that its prompt shows, say of command `n`. */
export function toldEnd(shell: ShellSession, n: number): CommandEnd | undefined {
  const status = shell.marks.lastResults.get(n);
  return status === undefined
    ? undefined
    : { outcome: "exited", exit_code: status, known_by: "probe", output: undefined };
}

/** Writes the result of a command that another process typed, and did not see the end of. `output`: where it is known. */
export async function writeFoundEnd(
  record: OpenRecord,
  clock: Pick<Clock, "now">,
  command: ContextEntry,
  found: CommandEnd,
  output = "",
): Promise<void> {
  const { command_id, task_id, attempt, step, role } = command;
  // The process that is gone had sent Ctrl-C: the status is the answer to that.
  const interrupted = record.state.interrupted.get(command_id ?? "");
  const end: CommandEnd = found.outcome === "exited" && interrupted ? { ...found, outcome: interrupted } : found;
  const about: Partial<EntryDraft> = {
    ...(command_id === undefined ? {} : { command_id, refs: [{ type: "command", id: command_id }] }),
    ...(task_id === undefined ? {} : { task_id }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(step === undefined ? {} : { step }),
    ...(role === undefined ? {} : { role }),
    ...(found.port === undefined ? {} : { port: found.port }),
    ...(found.why === undefined ? {} : { reason: found.why }),
  };
  await record.append(
    {
      kind: "result",
      actor: "engine",
      session_name: command.session_name,
      text: resultSentence(
        end,
        Math.max(0, clock.now() - Date.parse(command.ts)),
        command.typed_as === "prompt" ? "prompt" : "command",
      ),
      outcome: end.outcome,
      exit_code: end.exit_code,
      known_by: end.known_by,
      output,
      complete: false,
      ...turnFields(end.turn),
      ...about,
    },
    "synced",
  );
}
