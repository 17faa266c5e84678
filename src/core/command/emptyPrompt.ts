import { OrchestratorError } from "../model/errors";
import { parseLogicalName, shortSession } from "../model/names";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { looksLikePrompt } from "../sense/plainPrompt";
import type { ShellSession } from "../session/shellSession";
import { eitherOf } from "../base/async";
import type { TypingRequest } from "./typingRequest";
import { advice } from "../model/remedy";

const promptMs = 10_000;
/** What a shell without marks shows is its prompt soon after its last command has ended. */
const settleMs = 1000;
/** What was printed into a prompt is gone after a redraw; a person's draft comes back with it, within this time. */
const redrawMs = 100;
/**
 * Shells draw prompt and draft in one go: what comes later than this after the prompt was printed by something else.
 */
const draftDrawnMs = 30;
/** As often the same must be seen, at uneven times, to be a draft and no job that prints. */
const draftLooks = 3;
/**
 * Pauses before the prompt is looked at again, uneven so that something that prints in a rhythm is not met each time.
 */
const lookAgainMs = [40, 310, 130, 470, 70, 230];

/** Finds the prompt to type at, and leaves alone what is somebody else's. Types nothing. */
export class EmptyPrompt {
  constructor(
    private readonly server: SessionServer,
    private readonly clock: Clock,
  ) {}

  /** The number of the prompt to type at. Throws when there is none, or when somebody's text stands on it. */
  async marked({ session, signal: stop, leave, draftMs = 0 }: TypingRequest): Promise<number> {
    const signal = eitherOf(stop, leave);
    const { name } = session.identity;
    const begun = this.clock.monotonic();
    let drafts = 0;
    for (let look = 0; this.clock.monotonic() - begun < promptMs; look++) {
      const n = await session.cleanPrompt(lookAgainMs[look % lookAgainMs.length] ?? redrawMs, signal);
      if (session.over || session.marks.exited) throw sessionEnded(name);
      if (n !== undefined && (!session.marks.hadText || !(await this.#drawsText(session, draftDrawnMs, signal))))
        return n;
      if (!(await session.sees(signal))) continue;
      drafts = session.marks.ready && (await this.#isDraft(session, signal)) ? drafts + 1 : 0;
      if (drafts >= draftLooks && this.clock.monotonic() - begun >= draftMs) break;
    }
    if (session.marks.ready) {
      throw new OrchestratorError(
        "draft_on_line",
        `There is unsent text at the prompt of ${shortSession(name)}, so nothing was sent.`,
        { kind: "look_at_session", session: name, text: "Send or delete that text, then try again." },
      );
    }
    throw new OrchestratorError("session_busy", `Something else is running in ${shortSession(name)}.`, {
      kind: "look_at_session",
      session: name,
      text: "Wait until it ends, or stop it there, then try again.",
    });
  }

  /**
   * A shell without marks can only be judged by its looks: what it shows must end like a prompt, soon if its last
   * command has just ended.
   */
  async plain({ session, signal: stop, leave, draftMs = 0 }: TypingRequest): Promise<void> {
    const signal = eitherOf(stop, leave);
    const begun = this.clock.monotonic();
    do {
      if (session.over) throw sessionEnded(session.identity.name);
      if (looksLikePrompt(await this.server.screen(session.identity.wire, "plain", signal))) return;
      await session.until(() => session.over, lookAgainMs[0], signal);
    } while (this.clock.monotonic() - begun < Math.max(settleMs, draftMs));
    throw new OrchestratorError(
      "session_busy",
      `The shell of ${shortSession(session.identity.name)} shows no empty prompt.`,
      {
        kind: "look_at_session",
        session: session.identity.name,
        text: "Stop what is running there, or delete the text at the prompt, then try again.",
      },
    );
  }

  /**
   * A job in the background may have printed into the prompt; a person's draft comes back when the prompt is drawn
   * again.
   */
  async #isDraft(session: ShellSession, signal: AbortSignal | undefined): Promise<boolean> {
    if (session.marks.continuation) return true;
    const answered = await session.probe(signal);
    const drawn = await this.#drawsText(session, draftDrawnMs, signal);
    if (!drawn) await this.#drawsText(session, redrawMs - draftDrawnMs, signal);
    return answered && drawn;
  }

  async #drawsText(session: ShellSession, ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    return (await session.until(() => (session.marks.clean ? undefined : true), ms, signal)) === true;
  }
}

/** A run of its project creates another one. */
function sessionEnded(name: string): OrchestratorError {
  const project = parseLogicalName(name)?.project_id;
  return new OrchestratorError(
    "session_not_found",
    `${shortSession(name)} has ended.`,
    project === undefined ? advice("Choose another session.") : { kind: "run_project", project },
  );
}
