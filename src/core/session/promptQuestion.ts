import type { EntryDraft } from "../model/entry";
import { terminalAsksEvent } from "../model/entryKinds";
import { promptWords } from "../model/promptWords";
import type { SessionContext } from "../model/session";
import type { WaitKind } from "../model/stateKinds";
import type { OpenRecord } from "../record/projectRecord";
import type { Consents } from "../safety/consent";
import { visibleText } from "../safety/controlCharacters";
import type { AskedPrompt } from "../sense/askedPrompt";
import type { SensedState } from "../sense/terminalFacts";

/** Kinds of waiting that let something happen; of the others a person is only told what is missing. */
const approvals: ReadonlySet<string> = new Set<WaitKind>(["permission", "plan", "trust"]);

/** Lines that are drawn around and beside what is said (Box Drawing of Unicode), and a field's. */
const frame = /^[\s\u2500-\u257f_]+$|[\s\u2500-\u257f]+$/u;

export interface PromptQuestionWorld {
  readonly record: Pick<OpenRecord, "state">;
  readonly consents: Consents;
}

/** What a program asks in a session, as a question to people. */
export function promptQuestion(
  { session_name, role }: Pick<SessionContext, "session_name" | "role">,
  { kind, why, program, confidence, evidence }: SensedState,
  prompt: AskedPrompt,
  { record, consents }: PromptQuestionWorld,
): EntryDraft {
  const command = [...record.state.openCommands.values()].find((entry) => entry.session_name === session_name);
  const lines = prompt.lines.map((line) => visibleText(line).replace(frame, "")).filter((line) => line.trim() !== "");
  const rest = prompt.isPart === true ? " Its screen shows only a part of it." : "";
  return {
    kind: approvals.has(kind ?? "") ? "approval_needed" : "blocked",
    actor: "engine",
    session_name,
    role,
    event: terminalAsksEvent,
    text: `${promptWords(why, lines)}${rest}`,
    ...(prompt.about === undefined ? {} : { input: prompt.about }),
    human_attention_needed: true,
    ...(kind === undefined ? {} : { state_kind: kind }),
    ...(program === undefined ? {} : { program }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(prompt.form === undefined ? {} : { answer_form: prompt.form, options: [...prompt.choices] }),
    ...(prompt.secret ? { secret_answer: true } : {}),
    ...(prompt.interruptible && prompt.form !== undefined ? { interruptible: true } : {}),
    screen: prompt.fingerprint,
    refs: [
      { type: "session", id: session_name },
      ...(command?.task_id === undefined ? [] : [{ type: "task", id: command.task_id }]),
      ...(command?.command_id === undefined ? [] : [{ type: "command", id: command.command_id }]),
    ],
    ...consents.asking(consents.promptSubject(session_name, prompt)),
  };
}
