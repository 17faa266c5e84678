import type { Disposable } from "../core/base/lifecycle";
import type { ContextEntry } from "../core/model/entry";
import { messageOf } from "../core/model/errors";
import type { Processes } from "../core/ports/machine";
import { openQuestions, type Question } from "../protocol/attentionRows";
import { EscalationLadder, type TellableQuestion, type Teller } from "../protocol/escalationLadder";
import { Pacer } from "./pacer";
import type { ShownSessions } from "./shownSessions";
import type { ViewingWorld } from "./viewingWorld";
import type { WorkspaceRecords } from "./workspaceRecords";

const pauseMs = 50;

/** How a shell tells a person of questions. */
export interface TellingShell {
  /** The person looks at this shell. */
  isFocused(): boolean;
  /** No notification shows the questions of the project with that key. */
  isHushed(key: string): boolean;
  /** Writes down that this shell shows the question. Rejects where the record cannot be written. */
  claim(question: Question, attempt: number): Promise<unknown>;
  /** Tells the person of them together. */
  tell(questions: readonly Question[]): void;
}

/** Decides, as the escalation ladder says, when which open questions are shown. */
export class QuestionTeller implements Disposable {
  readonly #ladder = new EscalationLadder();
  readonly #soon: Pacer;
  #wake: Disposable | undefined;
  #stepping = false;
  #again = false;
  #disposed = false;

  constructor(
    private readonly world: Pick<ViewingWorld, "clock" | "logger" | "processes" | "isTrusted">,
    private readonly records: Pick<WorkspaceRecords, "pictures" | "get">,
    private readonly shown: ShownSessions,
    private readonly shell: TellingShell,
  ) {
    this.#soon = new Pacer(world.clock, pauseMs, () => void this.#step());
  }

  /** Something may have changed: the record, what is on the screen, who looks. */
  look(): void {
    this.#soon.soon();
  }

  dispose(): void {
    this.#disposed = true;
    this.#soon.dispose();
    this.#wake?.dispose();
  }

  async #step(): Promise<void> {
    this.#again = this.#stepping;
    if (this.#stepping || this.#disposed) return;
    this.#stepping = true;
    try {
      const open = openQuestions(this.records.pictures());
      const processes = await this.world.processes;
      const tellable = await Promise.all(open.map((question) => this.#tellable(question, processes)));
      // A window that closes shows nothing, so it does not claim a question.
      if (this.#disposed) return;
      const steps = this.#ladder.step(tellable, { now: this.world.clock.now(), focused: this.shell.isFocused() });
      for (const { id, attempt } of steps.claims)
        this.#claim(
          open.find((question) => question.id === id),
          attempt,
        );
      const told = open.filter(({ id }) => steps.tell.includes(id));
      if (told.length > 0) this.shell.tell(told);
      this.#wakeAt(steps.wakeAt);
    } catch (error) {
      this.world.logger.warn(messageOf(error));
    } finally {
      this.#stepping = false;
      if (this.#again) this.look();
    }
  }

  #wakeAt(time: number | undefined): void {
    this.#wake?.dispose();
    if (time === undefined || this.#disposed) return;
    // What lies further ahead than a timer reaches is looked at again before.
    const wait = Math.min(Math.max(0, time - this.world.clock.now()), 0x7fffffff);
    this.#wake = this.world.clock.after(wait, () => this.look());
  }

  #claim(question: Question | undefined, attempt: number): void {
    if (!question) return;
    this.shell.claim(question, attempt).catch((error: unknown) => {
      this.world.logger.warn(messageOf(error));
      this.#ladder.claimFailed(question.id);
      this.look();
    });
  }

  async #tellable({ id, key, session }: Question, processes: Processes): Promise<TellableQuestion> {
    const escalation = this.records.get(key)?.record.state.escalations.get(id);
    const { told, seen } = escalation ?? {};
    return {
      id,
      key,
      teller: told && (await tellerOf(told, processes)),
      seen: seen && { id: seen.id, until: seen.event === "snoozed" ? timeOf(seen.expires_at) : undefined },
      // A stranger's record is shown; nothing of it asks by itself, and nothing is written to it.
      hushed: !this.world.isTrusted() || this.shell.isHushed(key),
      visible: session !== undefined && this.shown.isVisible({ key, name: session }),
    };
  }
}

async function tellerOf({ attempt, host, pid, started_at, ts }: ContextEntry, processes: Processes): Promise<Teller> {
  const process = { host: host ?? "", pid: pid ?? 0, started_at: started_at ?? "" };
  const own =
    process.pid === processes.pid && process.host === processes.host && process.started_at === processes.started_at;
  const alive = own || (await processes.isAlive(process));
  return {
    attempt: attempt ?? 1,
    since: timeOf(ts) ?? 0,
    is: own ? "here" : alive === undefined ? "unknown" : alive ? "elsewhere" : "gone",
  };
}

/** Undefined for what is no time. */
function timeOf(ts: string | undefined): number | undefined {
  const time = Date.parse(ts ?? "");
  return Number.isNaN(time) ? undefined : time;
}
