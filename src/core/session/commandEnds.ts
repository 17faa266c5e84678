import type { TurnEnd } from "../model/agentTurn";
import type { Evidence, Outcome, StopMeans } from "../model/entryKinds";
import type { Clock } from "../ports/machine";
import { CommandOutput } from "../sense/commandOutput";
import type { ShellEvent, ShellMarks } from "../sense/shellMarks";
import type { ShellMark } from "../sense/streamScanner";

/** How the session is over; `lost`: the server is gone or a new one, nobody knows. */
export interface SessionOver {
  readonly lost: boolean;
  readonly exit_code: number | null;
}

/** A screen as a person is asked about it. */
export interface ShownScreen {
  readonly text: string;
  readonly fingerprint: string;
}

export interface CommandEnd {
  readonly outcome: Outcome;
  readonly exit_code: number | null;
  readonly known_by: Evidence;
  /** What came from the start mark to the end mark, when both were seen. */
  readonly output: CommandOutput | undefined;
  /** What it took to stop it. */
  readonly means?: StopMeans;
  /** It was not taken because it is not finished: the shell asked for more. */
  readonly unfinished?: boolean;
  /** The port that it was waited for, and that is open. */
  readonly port?: number;
  /** Of a prompt: how the turn of its agent ended that did not just finish. */
  readonly turn?: TurnEnd;
  /** Why nobody knows what became of it, for people, without a stop. */
  readonly why?: string;
  /** What its program shows while nobody knows that. */
  readonly shown?: ShownScreen;
}

/**
 * The starts and ends of a session's commands, as its output told them: by prompt number where the shell prints our
 * marks, by the id of the end mark where it does not.
 */
export class CommandEnds {
  readonly #ends = new Map<number, CommandEnd>();
  /** By the monotonic clock. */
  readonly #started = new Map<number, number>();
  /** The ends of the newest commands that were typed with a sentinel, by its id. */
  readonly #sentinels = new Map<string, CommandEnd>();
  #sentinelOutput: CommandOutput | undefined;

  constructor(
    private readonly marks: ShellMarks,
    private readonly clock: Pick<Clock, "monotonic">,
  ) {}

  /** Command `n` was seen to start. */
  start(n: number): void {
    // Ends of older commands hold their output; nobody asks for them any more.
    for (const old of this.#ends.keys()) if (old < n) this.#ends.delete(old);
    for (const old of this.#started.keys()) if (old < n) this.#started.delete(old);
    this.#started.set(n, this.clock.monotonic());
  }

  end({ n, by, suspended, status, output }: Extract<ShellEvent, { readonly type: "ended" }>): void {
    this.#ends.set(n, {
      outcome: suspended ? "suspended" : "exited",
      exit_code: status,
      known_by: by === "mark" ? "mark" : "probe",
      output,
    });
  }

  /** A mark that a sentinel printed. */
  sentinelMark(id: string, { letter, status, fields: { of = "", was = "" } }: ShellMark): void {
    if (letter === "C") this.#sentinelOutput = new CommandOutput();
    if (letter !== "D" || status === undefined) return;
    if (/^\d{1,3}$/.test(was) && !this.#sentinels.has(of)) this.#endSentinel(of, Number(was), undefined);
    this.#endSentinel(id, status, this.#sentinelOutput);
    this.#sentinelOutput = undefined;
  }

  #endSentinel(id: string, exit_code: number, output: CommandOutput | undefined): void {
    for (const old of [...this.#sentinels.keys()].slice(0, -2)) this.#sentinels.delete(old);
    this.#sentinels.set(id, { outcome: "exited", exit_code, known_by: "sentinel", output });
  }

  /** Of the command that was typed with a sentinel and runs. */
  get sentinelOutput(): CommandOutput | undefined {
    return this.#sentinelOutput;
  }

  output(bytes: Uint8Array): void {
    this.#sentinelOutput?.append(bytes);
  }

  gap(): void {
    this.#sentinelOutput?.gap();
  }

  /** When command `n` was seen to start, by the monotonic clock. */
  startedAt(n: number): number | undefined {
    return this.#started.get(n);
  }

  /** The end of command `n` that was seen itself. */
  seen(n: number): CommandEnd | undefined {
    return this.#ends.get(n);
  }

  /** That end, or a status that only the list of a later prompt told. */
  of(n: number): CommandEnd | undefined {
    const status = this.marks.lastResults.get(n);
    return (
      this.#ends.get(n) ??
      (status === undefined
        ? undefined
        : { outcome: "exited", exit_code: status, known_by: "probe", output: undefined })
    );
  }

  /** The end of the command that was typed with the sentinel of that id. */
  ofSentinel(id: string): CommandEnd | undefined {
    return this.#sentinels.get(id);
  }

  /** What the end of the session says of command `n`, which had none before; without a number of one with a sentinel. */
  bySession(n: number | undefined, over: SessionOver | undefined): CommandEnd {
    const exit = this.marks.exited;
    // The shell told its own end and no start of this command: it never ran.
    if (exit && n !== undefined && !this.#started.has(n))
      return { outcome: "not_sent", exit_code: null, known_by: "mark", output: undefined };
    if (exit) return { outcome: "exited", exit_code: exit.status, known_by: "mark", output: this.marks.runningOutput };
    if (over && !over.lost && over.exit_code !== null && (n === undefined || this.#started.has(n))) {
      return {
        outcome: "session_ended",
        exit_code: over.exit_code,
        known_by: "session_end",
        output: this.marks.runningOutput ?? this.#sentinelOutput,
      };
    }
    return { outcome: "unknown", exit_code: null, known_by: "none", output: this.marks.runningOutput };
  }
}
