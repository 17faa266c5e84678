import type { SessionState } from "../model/states";

/** States whose time is told. */
export const countedStates = ["working", "waiting", "limited"] as const satisfies readonly SessionState[];

export type CountedState = (typeof countedStates)[number];

/** Milliseconds of sessions, and numbers. */
export interface Figures {
  readonly working_ms: number;
  /** For a person: its program waits, or a question about it is open. */
  readonly waiting_ms: number;
  readonly limited_ms: number;
  readonly questions: {
    readonly asked: number;
    /** By a person. */
    readonly answered: number;
    /** They ended without an answer here: answered in the terminal itself, or no longer asked. */
    readonly closed: number;
    readonly open: number;
  };
  /** From question to answer; null where there was none. */
  readonly answer_ms: { readonly p50: number; readonly p95: number } | null;
  /** How often a person said that a session which was told as waiting did not wait. */
  readonly false_alarms: number;
  /** …and that one waited which was not told as waiting. */
  readonly missed_waits: number;
}

export interface ProjectFigures {
  /** Times of the first and the last entry that counts (ISO 8601), or now; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  /** How long a process ran the project. */
  readonly run_ms: number;
  /** Between two runs. Nothing of that time is in the figures of sessions. */
  readonly not_run_ms: number;
  /** Runs that ended without a word; what came after their last entry is in none of these times. */
  readonly runs_cut_off: number;
  readonly total: Figures;
  readonly by_role: readonly (Figures & { readonly role: string })[];
  /** `null`: no program that is known by rules, such as a command or its shell. */
  readonly by_program: readonly (Figures & { readonly program: string | null })[];
}

/** What is counted of one program in one role. */
export interface Tally extends Record<CountedState, number> {
  readonly role: string;
  readonly program: string | null;
  asked: number;
  answered: number;
  closed: number;
  open: number;
  falseAlarms: number;
  missedWaits: number;
  /** Of each answer. */
  readonly answerMs: number[];
}

/** Counts by role and program. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  of(role: string, program: string | null): Tally {
    const key = JSON.stringify([role, program]);
    const known = this.#tallies.get(key);
    if (known) return known;
    const tally = emptyTally(role, program);
    this.#tallies.set(key, tally);
    return tally;
  }

  get all(): readonly Tally[] {
    return [...this.#tallies.values()];
  }

  copy(): Tallies {
    const copy = new Tallies();
    for (const [key, tally] of this.#tallies) copy.#tallies.set(key, { ...tally, answerMs: [...tally.answerMs] });
    return copy;
  }
}

function emptyTally(role: string, program: string | null): Tally {
  const counts = { asked: 0, answered: 0, closed: 0, open: 0, falseAlarms: 0, missedWaits: 0 };
  return { role, program, working: 0, waiting: 0, limited: 0, ...counts, answerMs: [] };
}

/** What they say together, of each role and of each program; what was busy longest comes first. */
export function figuresOf(tallies: Tallies): Pick<ProjectFigures, "total" | "by_role" | "by_program"> {
  const { all } = tallies;
  const groups = <Key>(key: (tally: Tally) => Key): (readonly [Key, Figures])[] =>
    [...new Set(all.map(key))]
      .map((each) => [each, sumOf(all.filter((tally) => key(tally) === each))] as const)
      .sort(([, one], [, other]) => busy(other) - busy(one));
  return {
    total: sumOf(all),
    by_role: groups(({ role }) => role).map(([role, figures]) => ({ role, ...figures })),
    by_program: groups(({ program }) => program).map(([program, figures]) => ({ program, ...figures })),
  };
}

function busy({ working_ms, waiting_ms, limited_ms }: Figures): number {
  return working_ms + waiting_ms + limited_ms;
}

function sumOf(tallies: readonly Tally[]): Figures {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((all, each) => all + of(each), 0);
  const answers = tallies.flatMap(({ answerMs }) => answerMs).sort((one, other) => one - other);
  return {
    working_ms: Math.round(sum(({ working }) => working)),
    waiting_ms: Math.round(sum(({ waiting }) => waiting)),
    limited_ms: Math.round(sum(({ limited }) => limited)),
    questions: {
      asked: sum(({ asked }) => asked),
      answered: sum(({ answered }) => answered),
      closed: sum(({ closed }) => closed),
      open: sum(({ open }) => open),
    },
    answer_ms: answers.length === 0 ? null : { p50: percentile(answers, 50), p95: percentile(answers, 95) },
    false_alarms: sum(({ falseAlarms }) => falseAlarms),
    missed_waits: sum(({ missedWaits }) => missedWaits),
  };
}

/** The smallest value that so many percent do not exceed (nearest rank). `sorted` is not empty. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
