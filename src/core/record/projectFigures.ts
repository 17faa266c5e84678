import { type ContextEntry, needsHuman } from "../model/entry";
import { stateWrongEvent } from "../model/entryKinds";
import { applyEntry, emptyProjectState, type LeaseRecord, type ProjectState } from "../model/projectState";
import { questionSession } from "../model/questionSession";
import type { Escalation } from "../model/questionState";
import { type CountedState, countedStates, figuresOf, type ProjectFigures, Tallies, type Tally } from "./figureTallies";
import { RunTime } from "./runTime";

/** Where time goes: a session, or a question that no session waits with. */
interface Place {
  readonly tally: Tally;
  readonly state: CountedState;
  /** Empty for a question. */
  readonly session: string;
}

interface OpenQuestion {
  readonly escalation: Escalation;
  readonly session: string | undefined;
  readonly tally: Tally;
  /** Milliseconds since 1970, by a clock that was never set back. */
  readonly asked: number;
  readonly isCounted: boolean;
}

/** What was counted of a session while a command was under way there. */
interface CommandTime {
  readonly command_id: string;
  ms: number;
  longest: { readonly place: Place; readonly ms: number } | undefined;
}

/** Typing and reading take a moment that a command's own duration does not have. */
const aroundCommandMs = 5000;

/**
 * Figures of one project from its log, an entry at a time in the log's order. A session's time counts only while a
 * process ran the project and was heard of: of what happened in between the log has nothing.
 */
export class FigureReader {
  readonly #state: ProjectState = emptyProjectState();
  readonly #tallies = new Tallies();
  readonly #time: RunTime<Place>;
  readonly #places = new Map<string, Place>();
  readonly #open = new Map<string, OpenQuestion>();
  readonly #commands = new Map<string, CommandTime>();
  /** Sessions with an open question, and where that counts. */
  readonly #asking = new Map<string, Tally>();
  #from: string | undefined;
  #to: string | undefined;

  /** `since`: what was before it (milliseconds since 1970) is read, and not counted. */
  constructor(private readonly since = -Infinity) {
    this.#time = new RunTime<Place>(since, (place, ms) => this.#spend(place, ms));
  }

  /** Who has the project by what was read. */
  get lease(): LeaseRecord | undefined {
    return this.#state.lease;
  }

  /** Takes one more entry; each once. */
  add(entry: ContextEntry): void {
    const at = Date.parse(entry.ts);
    // An entry whose time nobody can read says all the rest.
    if (!Number.isNaN(at)) {
      this.#time.meet(entry, at, this.#state, () => [...this.#places.values()]);
      if (at >= this.since) {
        this.#from ??= entry.ts;
        this.#to = entry.ts;
      }
    }
    if (RunTime.isOfRunner(entry, this.#state)) this.#correctByResult(entry);
    this.#noteWrong(entry, at);
    applyEntry(this.#state, entry);
    this.#noteCommand(entry);
    this.#noteQuestions(entry, at);
    this.#notePlaces(entry);
  }

  /** What they add up to. `now` (milliseconds since 1970): given where a process runs the project now. */
  figures(now?: number): ProjectFigures {
    const tallies = this.#tallies.copy();
    for (const { tally, isCounted } of this.#open.values()) if (isCounted) tallies.of(tally.role, tally.program).open++;
    const spend = ({ tally, state }: Place, ms: number): void => {
      tallies.of(tally.role, tally.program)[state] += ms;
    };
    const tail = now === undefined ? 0 : this.#time.tail(now, [...this.#places.values()], spend);
    const isCutOff = now === undefined && this.#state.lease !== undefined;
    return {
      from: this.#from ?? null,
      to: (now === undefined ? this.#to : new Date(now).toISOString()) ?? null,
      run_ms: this.#time.observed + tail,
      not_run_ms: this.#time.unobserved,
      runs_cut_off: this.#time.cutOff + (isCutOff ? 1 : 0),
      ...figuresOf(tallies),
    };
  }

  #spend(place: Place, ms: number): void {
    place.tally[place.state] += ms;
    const command = this.#commands.get(place.session);
    if (!command) return;
    command.ms += ms;
    if (ms > (command.longest?.ms ?? 0)) command.longest = { place, ms };
  }

  #noteCommand({ kind, command_id, session_name }: ContextEntry): void {
    if (session_name === null || command_id === undefined) return;
    if (kind === "command") this.#commands.set(session_name, { command_id, ms: 0, longest: undefined });
    else if (kind === "result" && this.#commands.get(session_name)?.command_id === command_id)
      this.#commands.delete(session_name);
  }

  /**
   * How long a command ran is measured by a clock that stands while its machine sleeps and is never set. What the times of
   * the log say beyond it, in one piece, is such a sleep or a clock that was set forward.
   */
  #correctByResult({ kind, command_id, session_name, duration_ms }: ContextEntry): void {
    const command = this.#commands.get(session_name ?? "");
    if (kind !== "result" || !command?.longest || command.command_id !== command_id) return;
    const excess = command.ms - (duration_ms ?? Infinity);
    const { place, ms } = command.longest;
    if (excess > aroundCommandMs) place.tally[place.state] -= Math.min(excess, ms);
  }

  /** A person says that a state was told wrongly. */
  #noteWrong({ event, session_name, role, program, told, state }: ContextEntry, at: number): void {
    if (event !== stateWrongEvent || at < this.since) return;
    const known = this.#state.sessions.get(session_name ?? "");
    const tally = this.#tallies.of(role ?? known?.role ?? "", program?.name ?? null);
    const wasWaiting = told?.state === "waiting";
    if (wasWaiting && state !== "waiting") tally.falseAlarms++;
    else if (!wasWaiting && state === "waiting") tally.missedWaits++;
  }

  #noteQuestions(entry: ContextEntry, at: number): void {
    for (const [id, question] of this.#open) if (this.#isOver(question, at)) this.#open.delete(id);
    const escalation = needsHuman(entry) ? this.#state.escalations.get(entry.id) : undefined;
    if (!escalation) return;
    const session = questionSession(this.#state, entry);
    const known = this.#state.sessions.get(session ?? "");
    const role = entry.role ?? known?.role ?? this.#state.tasks.get(entry.task_id ?? "")?.role ?? "";
    const tally = this.#tallies.of(role, entry.program?.name ?? known?.program?.name ?? null);
    const isCounted = at >= this.since;
    if (isCounted) tally.asked++;
    this.#open.set(entry.id, { escalation, session, tally, asked: this.#time.unbroken(at), isCounted });
  }

  /** Counts how it came to its end, too. */
  #isOver({ escalation: { answer, settled }, tally, asked, isCounted }: OpenQuestion, at: number): boolean {
    if (!answer && !settled) return false;
    if (!isCounted) return true;
    if (answer?.actor.startsWith("human:") !== true) tally.closed++;
    else {
      tally.answered++;
      const took = this.#time.unbroken(at) - asked;
      if (took >= 0) tally.answerMs.push(took);
    }
    return true;
  }

  /** Where time goes from now on. */
  #notePlaces({ session_name }: ContextEntry): void {
    const touched = new Set(this.#asking.keys());
    if (session_name !== null) touched.add(session_name);
    for (const [id, place] of this.#places) if (place.session === "") this.#places.delete(id);
    this.#asking.clear();
    for (const [id, { session, tally }] of this.#open) {
      if (session === undefined) this.#places.set(id, { tally, state: "waiting", session: "" });
      else if (!this.#asking.has(session)) this.#asking.set(session, tally);
    }
    for (const name of [...touched, ...this.#asking.keys()]) {
      const session = this.#state.sessions.get(name);
      const asking = this.#asking.get(name);
      const state = asking ? "waiting" : countedStates.find((each) => each === session?.state);
      const program = session?.program?.name ?? asking?.program ?? null;
      if (!session || state === undefined) this.#places.delete(name);
      else this.#places.set(name, { tally: this.#tallies.of(session.role, program), state, session: name });
    }
  }
}
