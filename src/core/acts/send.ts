import { eitherOf } from "../base/async";
import type { Disposable } from "../base/lifecycle";
import type { CommandReport } from "../command/commandRunner";
import { commandSentence } from "../command/resultSentences";
import { takesEnterApart } from "../command/enterApart";
import { hidesInput, requireHidden } from "../command/hiddenInput";
import { hiddenText, withoutText } from "../command/hiddenText";
import { afterInterrupt, judgeKeys } from "../command/keysJudgement";
import { busySentence, runningIn } from "../command/busySession";
import { settleLeftCommands } from "../command/leftCommands";
import {
  openForTyping,
  type Reader,
  readerOf,
  type SessionTyping,
  type TypingTarget,
  type TypingWorld,
} from "../command/sessionTyping";
import { actorName } from "../model/actorName";
import type { Outcome } from "../model/entryKinds";
import { hasCode, OrchestratorError } from "../model/errors";
import { brief } from "../model/sentences";
import type { Folders } from "../ports/machine";
import { type PolicyDecision, unknownShell } from "../ports/safety";
import type { Screen, TerminalMode } from "../ports/sessions";
import type { ShellSession } from "../session/shellSession";
import type { Approval } from "../safety/consent";
import { approvalOf } from "./approvedText";
import type { ConfirmingWorld } from "./confirming";
import type { WatchingWorld } from "./watchAlone";
import { shortSession } from "../model/names";
import { withHiddenKeys } from "../sense/typedKeys";
import { visibleText } from "../safety/controlCharacters";
import { advice, type Remedy } from "../model/remedy";
import type { Redactor } from "../safety/redaction";

/** Who waits for longer is told for what; with what it takes to start, that is within a second. */
const busyMs = 500;
const lookAgainMs = 200;

export interface SendRequest {
  readonly text: string;
  readonly enter: boolean;
  /** Follows the command to its end. */
  readonly wait: boolean;
  /** Who types says that the text is one, such as a password: it is recorded nowhere, whatever its terminal shows. */
  readonly secret?: boolean;
  /** It interrupts a command that is waited for; with `timeout` for a reason the command counts as timed out. */
  readonly signal?: AbortSignal;
  /** It ends the wait: what was typed goes on. Before anything was typed its reason is thrown. */
  readonly leave?: AbortSignal;
  /** Told once, when the command cannot be typed at once because something else runs there. */
  readonly busy?: (sentence: string) => void;
}

export interface SendWorld extends TypingWorld, ConfirmingWorld, WatchingWorld {
  readonly actor: string;
  /** Masks secrets in whatever this process writes. */
  readonly redactor: Pick<Redactor, "addKnownValue">;
  /** Of the session's machine. */
  readonly folders: Pick<Folders, "hitBy">;
}

export type SendResult =
  /** The person was asked, and said no; nothing was typed. */
  | { readonly how: "declined" }
  /** The keys are typed, and nobody waits for what comes of them. `command_id`: null without Enter. */
  | { readonly how: "typed"; readonly command_id: string | null }
  | { readonly how: "ended"; readonly report: CommandReport }
  /** It still runs, and nobody waits for it any more. */
  | { readonly how: "left"; readonly command_id: string | null; readonly duration_ms: number };

/**
 * Types text into a session. It is judged as the line that it makes, for whatever reads it there: with what was sent
 * before without Enter and is still at the prompt, and also when it has no Enter itself, since the next key may be one.
 * What a person has typed there by hand is not seen: it is theirs, and a command that is waited for is never typed
 * behind it. Of a secret, said or seen to be one (`hidesInput`), the record has only that it was sent. Throws `usage`,
 * `request_invalid` for a secret that would be seen, `needs_person` for what the policy forbids, and what `confirm`,
 * reaching the session and typing throw.
 */
export async function send(target: TypingTarget, world: SendWorld, request: SendRequest): Promise<SendResult> {
  if (request.wait && !request.enter)
    throw new OrchestratorError(
      "usage",
      "Without Enter there is no command to wait for.",
      advice("Send the text with Enter, or do not wait."),
    );
  const { secret, signal } = request;
  // Another process may have sent the beginning of the line.
  await world.record.catchUp();
  if (secret === true) await requireHidden(target, world, request.text, signal);
  const look = async (): Promise<TerminalLook> => {
    const mode = await target.chosen.server.terminalMode(target.wire, signal);
    return { hidden: secret === true || (await hidesInput(mode, target, world, signal)), mode };
  };
  // How the terminal is comes last, so that what is typed at once needs no second look.
  const screen =
    secret === true || request.wait ? undefined : await target.chosen.server.screen(target.wire, "plain", signal);
  const { hidden, mode } = await look();
  if (hidden) learn(world, request);
  const lineEnd = hidden ? request.text.search(/[\r\n]/) : -1;
  if (lineEnd >= 0) return sendLineByLine(target, world, request, lineEnd);
  const judged = await judge(target, world, request, hidden, screen);
  let approval: Approval | undefined;
  if (judged.decision.verdict !== "allow") {
    approval = await approvalOf(world, { session_name: target.name, hidden, ...judged });
    if (approval === undefined) return { how: "declined" };
  }
  // What is written is decided by how the terminal is now.
  const now = judged.atOnce ? { hidden, mode } : await look();
  if (now.hidden !== hidden) return send(target, world, request);
  if (!request.wait) return { how: "typed", command_id: await typeKeys(target, world, request, now) };
  const notice = request.busy && new BusyNotice(target, world, request.busy);
  const stop = eitherOf(signal, request.leave);
  const typing = await openForTyping(target, world, stop, (session) => notice?.opened(session)).catch(
    (error: unknown) => {
      notice?.dispose();
      throw error;
    },
  );
  // The command need not wait for it.
  const watch = import("./watchAlone").then(({ watchAlone }) => watchAlone(target, typing, world));
  try {
    const found = (): void => notice?.dispose();
    let report = await follow(target, typing, world, request, approval, hidden, found);
    // At its prompt the shell has said which one it is.
    if (report.held && approval === undefined) {
      approval = await approvalOf(world, {
        session_name: target.name,
        line: judged.line,
        decision: report.held.decision,
        hidden,
      });
      if (approval === undefined) return { how: "declined" };
      report = await follow(target, typing, world, request, approval, hidden, found);
    }
    const { left, command_id, duration_ms } = report;
    return left === true ? { how: "left", command_id, duration_ms } : { how: "ended", report };
  } finally {
    await watch.then((watching) => watching?.dispose());
    notice?.dispose();
    typing.dispose();
  }
}

/** How a terminal takes what is typed there. */
interface TerminalLook {
  readonly hidden: boolean;
  readonly mode: TerminalMode | undefined;
}

/** Only the first line is for what hides it; how the terminal takes the others is asked when that one was read. */
async function sendLineByLine(
  target: TypingTarget,
  world: SendWorld,
  request: SendRequest,
  lineEnd: number,
): Promise<SendResult> {
  const { text } = request;
  const rest = text.slice(lineEnd).replace(/^\r?\n?/, "");
  const first = await send(target, world, { ...request, text: text.slice(0, lineEnd), enter: true, wait: false });
  return first.how === "declined" || (rest === "" && !request.enter)
    ? first
    : send(target, world, { ...request, text: rest });
}

/** It may be printed later, by what it is typed to. */
function learn({ redactor }: SendWorld, { text }: SendRequest): void {
  for (const line of text.split(/[\r\n]+/)) redactor.addKnownValue("typed-secret", line);
}

interface Judged {
  readonly decision: PolicyDecision;
  /** What was judged: what stands at the prompt once the text is typed. */
  readonly line: string;
  /** Nothing and nobody was asked for it: the terminal is as it was seen. */
  readonly atOnce: boolean;
}

async function judge(
  target: TypingTarget,
  world: SendWorld,
  { text, enter, wait, signal }: SendRequest,
  hidden: boolean,
  screen: Screen | undefined,
): Promise<Judged> {
  const { name } = target;
  // Hidden text is no line of an editor; what is waited for is typed at an empty prompt, as one command.
  const asKeys = !hidden && !wait;
  const decide = (
    before: string,
    { shell, cwd }: Pick<Reader, "shell" | "cwd">,
    promptless: boolean,
  ): Omit<Judged, "atOnce"> => {
    const line = `${before}${text}`;
    if (asKeys)
      return { line, decision: judgeKeys({ before, text, enter }, { shell, cwd, screen, promptless }, world.policy) };
    const decision = world.policy.decide(line, { shell, cwd });
    return { line, decision: hidden ? withoutText(decision) : decision };
  };
  const unsent = afterInterrupt(withHiddenKeys(world.record.state.unsent.get(name) ?? ""));
  // What is right for every shell needs no question to this one.
  const strictest = decide(unsent, { shell: unknownShell, cwd: undefined }, false);
  if (strictest.decision.verdict === "allow") return { ...strictest, atOnce: true };
  const reader = await readerOf(target, world, signal);
  return { ...decide(reader.emptyPrompt ? "" : unsent, reader, reader.shell === unknownShell), atOnce: false };
}

async function follow(
  target: TypingTarget,
  { session, mode, runner }: SessionTyping,
  world: SendWorld,
  { text, signal, leave }: SendRequest,
  approval: Approval | undefined,
  hidden: boolean,
  found: () => void,
): Promise<CommandReport> {
  const { host, pid, started_at } = world.processes;
  try {
    const report = await runner.run({
      hidden,
      text,
      byHand: true,
      session,
      mode,
      role: target.context?.role ?? "",
      cwd: target.cwd,
      actor: world.actor,
      writer: { host, pid, started_at },
      begins: async () => {
        found();
        await settleLeftCommands(world, session);
      },
      ...(signal === undefined ? {} : { signal }),
      ...(leave === undefined ? {} : { leave }),
      ...(approval === undefined ? {} : { approval }),
    });
    await report.recorded;
    return report;
  } catch (error) {
    // Of a prompt that is waited for in vain, what is in its way is worth more than that.
    if (!hasCode(error, "session_busy", "timeout") || session.marks.ready) throw error;
    const why = `${busySentence(target.name, await runningIn(target, world))} Nothing was sent.`;
    const remedy: Remedy = error.code === "timeout" ? { kind: "follow_session", session: target.name } : error.remedy;
    throw new OrchestratorError(error.code, why, remedy, { cause: error });
  }
}

/** Says once what runs there, unless the command could be typed by then. */
class BusyNotice implements Disposable {
  #session: ShellSession | undefined;
  #waiting: Disposable;

  constructor(
    private readonly target: TypingTarget,
    private readonly world: SendWorld,
    private readonly tell: (sentence: string) => void,
  ) {
    this.#waiting = world.clock.after(busyMs, () => this.#look());
  }

  opened(session: ShellSession): void {
    this.#session = session;
  }

  dispose(): void {
    this.#waiting.dispose();
  }

  #look(): void {
    // A server that is slow is not a session that is busy.
    if (this.#session === undefined) this.#waiting = this.world.clock.after(lookAgainMs, () => this.#look());
    else if (!this.#session.marks.ready)
      void runningIn(this.target, this.world).then((running) => this.tell(busySentence(this.target.name, running)));
  }
}

/**
 * The keys as they are; gives the id of the command that an Enter made of them. Throws as `sendInput`, and the record
 * says then what is known of it.
 */
async function typeKeys(
  { name: session_name, wire, chosen: { server } }: TypingTarget,
  { record, clock, ids, actor }: SendWorld,
  { text, enter }: SendRequest,
  { hidden, mode }: TerminalLook,
): Promise<string | null> {
  // Nobody could say later what stands there.
  if (hidden && !enter)
    throw new OrchestratorError(
      "request_invalid",
      `${shortSession(session_name)} hides what is typed there, and such text is sent whole, with Enter.`,
      advice("Send all of it at once, with Enter."),
    );
  const program = record.state.sessions.get(session_name)?.program?.name;
  const apart = enter && text !== "" && takesEnterApart(mode, program);
  const command_id = enter ? ids.next() : null;
  const shown = hidden ? undefined : visibleText(text);
  const about = { actor, session_name, ...(shown === undefined ? {} : { input: shown }), typed_as: "keys" } as const;
  if (command_id === null)
    await record.append(
      {
        ...about,
        kind: "note",
        event: "typed",
        text: `${actorName(actor)} sent "${brief(shown ?? hiddenText)}" without Enter.`,
      },
      "synced",
    );
  else
    await record.append(
      { ...about, kind: "command", command_id, text: commandSentence(shown, actorName(actor)) },
      "synced",
    );
  const result = async (outcome: Outcome, sentence: string): Promise<void> => {
    if (command_id === null) return;
    await record.append(
      {
        kind: "result",
        actor,
        session_name,
        command_id,
        outcome,
        exit_code: null,
        known_by: "none",
        text: sentence,
        refs: [{ type: "command", id: command_id }],
      },
      "written",
    );
  };
  try {
    if (apart) await (await import("../command/typeAndEnter")).typeAndEnter(server, wire, clock, text);
    else await server.sendInput(wire, enter ? `${text}\r` : text);
  } catch (error) {
    // A command without a result would look as if it still ran.
    if (hasCode(error, "input_unconfirmed")) await result("unknown", "It is unknown whether the text arrived.");
    else await result("not_sent", "Not sent; it did not run.");
    throw error;
  }
  await result("unknown", "Sent; the outcome was not recorded.");
  return command_id;
}
