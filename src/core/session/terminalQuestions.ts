import type { Disposable } from "../base/lifecycle";
import { type ContextEntry, isAskedInTerminal } from "../model/entry";
import { answerTypedEvent, stateWrongEvent, terminalAsksEvent } from "../model/entryKinds";
import { messageOf } from "../model/errors";
import type { Escalation } from "../model/questionState";
import { openEscalations } from "../model/projectState";
import { questionSession } from "../model/questionSession";
import type { Clock, Logger } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import type { Consents } from "../safety/consent";
import { type AskedPrompt, isBeingAnswered, isSamePrompt, looksTheSame } from "../sense/askedPrompt";
import { isDeniedState } from "./deniedState";
import type { OpenSession } from "./openSession";
import { promptQuestion } from "./promptQuestion";
import type { SessionFinding } from "./sessionState";

/** Whoever sits before a prompt answers many within this time, and nobody else needs to be asked. */
const standsMs = 1000;
/** Nobody reads a command or a plan that an agent asks to allow within this time. */
const dialogStandsMs = 400;
/**
 * An answer that was given and not typed by then, with the process that typed it, never will be; and a program that still
 * shows what was answered so long ago has not taken the answer.
 */
const typedMs = 5000;

export interface TerminalQuestionsWorld {
  readonly record: Pick<OpenRecord, "state" | "append" | "onEntry">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly consents: Consents;
}

/** Asks people what the program in a session asks there, once it has stood for a moment. */
export class TerminalQuestions implements Disposable {
  #timer: Disposable | undefined;
  /** What was asked last, as it stood then. */
  #asked: AskedPrompt | undefined;
  /** Something else was seen there since. */
  #left = false;
  #now: { readonly finding: SessionFinding; readonly prompt: AskedPrompt } | undefined;
  /** A task asks about the same. */
  #held = false;
  #disposed = false;
  readonly #listener: Disposable;

  constructor(
    private readonly session: OpenSession,
    private readonly world: TerminalQuestionsWorld,
  ) {
    this.#listener = world.record.onEntry((entry) => this.#heard(entry));
  }

  /** What the program does now, and asks where it waits. */
  see(finding: SessionFinding, prompt: AskedPrompt | undefined): void {
    this.#now = finding.state === "waiting" && finding.by === "screen" && prompt ? { finding, prompt } : undefined;
    if (!this.#now || (this.#asked && !looksTheSame(this.#asked.fingerprint, this.#now.prompt.fingerprint)))
      this.#left = true;
    this.#timer?.dispose();
    this.#timer = undefined;
    const isRead = finding.kind === "permission" || finding.kind === "plan";
    if (this.#now) this.#askIn(isRead ? dialogStandsMs : standsMs);
  }

  dispose(): void {
    this.#disposed = true;
    this.#listener.dispose();
    this.#timer?.dispose();
  }

  /** What still stands after an answer, or after something was sent there, is asked again. */
  #heard({ kind, event, session_name }: ContextEntry): void {
    if (!this.#now || this.#timer) return;
    const isTyped = kind === "answer" || kind === "command";
    // Who has denied a question may take that back.
    if (event === stateWrongEvent && session_name === this.session.name) this.#askIn(standsMs);
    else if (isTyped && session_name === this.session.name) this.#askIn(typedMs);
    else if (this.#held && (kind === "answer" || kind === "task")) this.#askIn(standsMs);
  }

  #askIn(ms: number): void {
    if (this.#disposed) return;
    this.#timer = this.world.clock.after(ms, () => {
      this.#timer = undefined;
      this.#ask().catch((error: unknown) =>
        this.world.logger.warn(`What a session asks could not be saved: ${messageOf(error)}`),
      );
    });
  }

  async #ask(): Promise<void> {
    if (!this.#now) return;
    const { finding, prompt } = this.#now;
    const { state } = this.world.record;
    const { name } = this.session;
    const known = state.sessions.get(name);
    if (isDeniedState(known?.denied, { ...finding, asks: prompt.fingerprint })) return;
    this.#held = openEscalations(state).some(
      (each) => !isAskedInTerminal(each) && questionSession(state, each) === name,
    );
    if (this.#held) return;
    const last = this.#last();
    const isAsked = last !== undefined && this.#isIt(last, prompt);
    if (isAsked && !last.settled && !last.answer) return;
    const answered = isAsked ? (last.applied ?? last.answer) : undefined;
    if (answered) {
      const age = this.world.clock.now() - Date.parse(answered.ts);
      if (age < typedMs) {
        this.#askIn(typedMs - Math.max(0, age));
        return;
      }
    }
    this.#asked = prompt;
    this.#left = false;
    const asker = { session_name: name, role: this.session.role.name };
    await this.world.record.append(promptQuestion(asker, finding, prompt, this.world), "synced");
  }

  /** The newest question of this session that stands, or whose answer was typed. */
  #last(): Escalation | undefined {
    const { escalations } = this.world.record.state;
    const last = [...escalations.values()].findLast(
      ({ entry }) => entry.event === terminalAsksEvent && entry.session_name === this.session.name,
    );
    return last?.settled === true && last.applied?.event !== answerTypedEvent ? undefined : last;
  }

  /** It is asked already; somebody may have begun to type there, and what was typed may not have been taken yet. */
  #isIt({ entry, settled }: Escalation, prompt: AskedPrompt): boolean {
    const before = entry.screen ?? "";
    // The answer's own Enter makes it no other prompt before the program has drawn anything.
    if (settled) return !this.#left && looksTheSame(before, prompt.fingerprint);
    if (isSamePrompt(before, prompt.fingerprint)) return true;
    const asked = this.#asked;
    return asked !== undefined && isSamePrompt(before, asked.fingerprint) && isBeingAnswered(asked, prompt);
  }
}
