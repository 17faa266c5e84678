import { hiddenText } from "../command/hiddenText";
import type { EarlierAnswer } from "../command/unsentAnswer";
import {
  type AnswerTyping,
  standsStill,
  type StandingPrompt,
  typeAnswer,
  typeInterrupt,
} from "../command/promptTyping";
import { actorName } from "../model/actorName";
import { type ContextEntry, isAnsweredOnlyThere, refOf } from "../model/entry";
import { answerNotTypedEvent, answerTypedEvent } from "../model/entryKinds";
import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import type { ServerReference } from "../model/project";
import type { Remedy } from "../model/remedy";
import { chosenOption, interruptOption, notInterruptible, tooLate } from "../people/escalations";
import type { Folders } from "../ports/machine";
import type { Confirm } from "../ports/people";
import type { Policy } from "../ports/safety";
import type { OpenRecord } from "../record/projectRecord";
import { isGenuine } from "../safety/consent";
import type { Redactor } from "../safety/redaction";
import type { RuleCatalog } from "../sense/senseTerminal";
import { reachRecorded } from "../session/reachedSession";
import type { ReachServer } from "../session/trueSessions";
import type { Acting } from "./acting";
import { approvalOf } from "./approvedText";
import { confirmed } from "./confirming";

/** What answering in the terminals of sessions takes. */
export interface AnsweredTerminals {
  readonly reach: ReachServer;
  readonly catalog: () => Promise<RuleCatalog>;
  readonly policy: () => Promise<Policy>;
  /** Asks the person about words that the policy does not allow by itself. */
  readonly confirm: Confirm;
  /** Masks secrets in whatever this process writes. */
  readonly redactor: () => Promise<Pick<Redactor, "addKnownValue">>;
  /** Of the machine of the server at this address. */
  readonly folders: (address: string) => Pick<Folders, "hitBy">;
  /** Absolute path of the folder of the record. */
  readonly workspace: string;
}

/** One of a question's options, the beginning of one, or any text where it has none; or Ctrl-C in place of an answer. */
export type GivenAnswer =
  { readonly text: string; readonly interrupt?: never } | { readonly interrupt: true; readonly text?: never };

/** A person's answer to what a program asks. */
export type PromptAnswer = GivenAnswer & {
  /** The entry of the question. */
  readonly entry: ContextEntry;
  readonly terminals: AnsweredTerminals;
};

/** An answer longer than this is no answer to a prompt, but a text to send. */
const longestAnswer = 2000;
/** What an empty answer is called. */
const enterAlone = "Enter alone";
const interruptWords = "Ctrl-C";

/**
 * Answers what a program asks in its session: the keys are sent only where the very prompt still stands that the person
 * was asked about. The first answer in the record counts, and only whoever gave it types. A secret is typed and
 * written nowhere. Words of one's own are judged as those that are sent to a program; undefined: the person was asked
 * about them, and did not want them. Throws `usage` with the options, `request_invalid` for what can be answered only in
 * its terminal, `needs_person` for what the policy forbids, `already_answered`, and `prompt_changed` with nothing typed
 * where the prompt has gone, `request_invalid` where an earlier answer has begun there in other words. Ctrl-C goes the same way; what is no task's is somebody's own, and asked about first.
 */
export async function answerPrompt(
  record: OpenRecord,
  by: Acting,
  { entry: question, text, interrupt, terminals }: PromptAnswer,
  reference: ServerReference | undefined,
): Promise<ContextEntry | undefined> {
  const name = question.session_name ?? "";
  const session = shortSession(name);
  const look = { kind: "look_at_session", session: name } as const;
  if (isAnsweredOnlyThere(question))
    throw new OrchestratorError("request_invalid", `${session} can be answered only in its terminal.`, look);
  if (interrupt && question.interruptible !== true) throw notInterruptible(question);
  const answer = interrupt ? undefined : promptAnswer(question, text);
  const context = record.state.sessions.get(name);
  const reached = context && (await reachRecorded(context, reference, terminals.reach));
  const standing: StandingPrompt = {
    rule: question.evidence?.[0]?.rule ?? "",
    fingerprint: question.screen ?? "",
    earlier: earlierAnswers(record, question),
  };
  const place = reached && {
    server: reached.chosen.server,
    wire: reached.wire,
    clock: by.clock,
    catalog: await terminals.catalog(),
  };
  const secret = question.secret_answer === true;
  const expire = async (own?: ContextEntry): Promise<OrchestratorError> => {
    // An answer that was typed a moment ago is why the prompt is gone.
    await record.catchUp();
    const escalation = record.state.escalations.get(question.id);
    if (escalation?.answer && escalation.answer.id !== own?.id) return tooLate(escalation.answer);
    const why = reached ? `${session} no longer asks that` : `${session} is no longer there`;
    await record.append(
      {
        kind: "note",
        actor: by.actor,
        session_name: name,
        event: answerNotTypedEvent,
        text: `${why}, so the answer of ${actorName(by.actor)} was not typed.`,
        refs: [{ type: "entry", id: question.id }],
      },
      "synced",
    );
    return new OrchestratorError("prompt_changed", `${why}. Nothing was typed.`, look);
  };
  const unsent = place && isGenuine(by.consents, question) ? await standsStill(place, standing) : undefined;
  if (!place || unsent === undefined) throw await expire();
  if (answer !== undefined && !answer.startsWith(unsent)) throw otherBeginning(session, unsent, answer, look);
  // It may be printed later, by what it is typed to.
  if (answer === undefined) {
    if (!(await mayInterrupt(by, question, terminals))) return undefined;
  } else if (secret) (await terminals.redactor()).addKnownValue("typed-secret", answer);
  else if (!(await isAllowed(record, by, { question, answer, terminals, address: place.server.address })))
    return undefined;
  const given = await record.append(
    {
      kind: "answer",
      actor: by.actor,
      session_name: name,
      text: answerSentence(actorName(by.actor), session, answer, secret),
      answer: answer === undefined ? interruptOption : secret ? hiddenText : answer,
      refs: [{ type: "entry", id: question.id }],
    },
    "synced",
  );
  // Two people may answer at once: the record's order decides.
  const first = record.state.escalations.get(question.id)?.answer;
  if (first && first.id !== given.id) throw tooLate(first);
  const typing = await (answer === undefined ? typeInterrupt(place, standing) : typeAnswer(place, standing, answer));
  if (typing === "gone") throw await expire(given);
  await record.append(
    {
      kind: "note",
      actor: by.actor,
      session_name: name,
      event: answerTypedEvent,
      text: typedSentence(session, wordsOf(answer, secret), typing),
      refs: [{ type: "entry", id: question.id }],
    },
    "synced",
  );
  if (typing === "in_part")
    throw new OrchestratorError("prompt_changed", typedSentence(session, "The answer", typing), look);
  return given;
}

/** What else was answered in its session, and stands in the record as it was typed. */
function earlierAnswers({ state }: OpenRecord, { id, session_name }: ContextEntry): EarlierAnswer[] {
  return [...state.escalations.values()].flatMap(({ entry, answer }) =>
    entry.id !== id && entry.session_name === session_name && entry.secret_answer !== true && answer?.answer
      ? [{ fingerprint: entry.screen ?? "", answer: answer.answer }]
      : [],
  );
}

function otherBeginning(session: string, unsent: string, answer: string, look: Remedy): OrchestratorError {
  const sentence = `There is unsent text at the prompt of ${session}: "${unsent}", of an earlier answer.`;
  return new OrchestratorError(
    "request_invalid",
    `${sentence} ${answer === "" ? enterAlone : `"${answer}"`} does not begin with it. Nothing was typed.`,
    look,
  );
}

interface FreeAnswer extends Pick<PromptAnswer, "terminals"> {
  readonly question: ContextEntry;
  readonly answer: string;
  /** Of the server that has the session. */
  readonly address: string;
}

/** Whether the words may be typed into a program: they are none of what it offers, and it may take them for a command. */
async function isAllowed(
  record: OpenRecord,
  { actor, clock, insideSession }: Acting,
  { question, answer, terminals, address }: FreeAnswer,
): Promise<boolean> {
  if (question.options?.includes(answer) === true) return true;
  const decision = (await terminals.policy()).decide(answer, { shell: "program", cwd: undefined });
  if (decision.verdict === "allow") return true;
  const { confirm, workspace } = terminals;
  const world = { record, actor, clock, insideSession, confirm, workspace, folders: terminals.folders(address) };
  const session_name = question.session_name ?? "";
  return (await approvalOf(world, { session_name, line: answer, decision, hidden: false })) !== undefined;
}

/** Whether what asks may be ended: a task's by who answers for it, a person's own once they say so. */
async function mayInterrupt(
  { insideSession }: Acting,
  question: ContextEntry,
  { confirm }: AnsweredTerminals,
): Promise<boolean> {
  if (refOf(question, "task") !== undefined) return true;
  const session_name = question.session_name ?? "";
  const reason = `What runs in ${shortSession(session_name)} belongs to no task of a plan, and Ctrl-C ends it.`;
  return confirmed({ insideSession, confirm }, { act: "interrupt", session_name, reason, destructive: true });
}

function answerSentence(who: string, session: string, answer: string | undefined, secret: boolean): string {
  if (answer === undefined) return `${who} interrupted what asks in ${session} (${interruptWords}).`;
  return `${who} answered ${secret ? "with a secret" : answer === "" ? `with ${enterAlone}` : `"${answer}"`} in ${session}.`;
}

function wordsOf(answer: string | undefined, secret: boolean): string {
  if (answer === undefined) return interruptWords;
  return secret ? "The secret" : answer === "" ? enterAlone : `"${answer}"`;
}

function typedSentence(session: string, what: string, typing: AnswerTyping): string {
  return typing === "in_part"
    ? `What ${session} asks changed while the answer was typed; only the beginning of it was.`
    : `${what} was typed in ${session}.`;
}

/** The answer as it is typed, or the item of a list that it names. Throws `usage`. */
function promptAnswer(question: ContextEntry, text: string): string {
  const options = question.options ?? [];
  const given = question.secret_answer === true ? text : text.trim();
  // Only a line is free to be anything.
  const takesAny = question.answer_form === "line" && (options.length === 0 || question.state_kind !== "confirm");
  if (/[\x00-\x1f\x7f]/u.test(given) || given.length > longestAnswer)
    throw new OrchestratorError("usage", "An answer is one line of at most 2,000 characters.", {
      kind: "answer_question",
      entry_id: question.id,
      options,
    });
  const exact =
    options.find((option) => option === given) ?? options.find((each) => each.toLowerCase() === given.toLowerCase());
  if (exact !== undefined) return exact;
  // `no` where the list has `3. No`, and the key where it has `[n] Deny`.
  const named = options.filter((option) => namesOf(option).includes(given.toLowerCase()));
  if (named.length === 1 && named[0] !== undefined) return named[0];
  // `yes` where the prompt names `y`.
  const short = options.find(
    (option) =>
      /^[yn]$/iu.test(option) && /^(?:yes|no)$/iu.test(given) && option.toLowerCase() === given[0]?.toLowerCase(),
  );
  if (short !== undefined) return short;
  return takesAny ? given : chosenOption(question, text);
}

/** What a choice of a list is called beside all of its words: `3. No` is 3 and no. */
function namesOf(option: string): readonly string[] {
  const [, listed, keyed, words] = /^(?:(\d+)[.)] |\[(\w)\] )(.+)$/u.exec(option.toLowerCase()) ?? [];
  return [listed ?? keyed ?? "", words ?? ""].filter((name) => name !== "");
}
