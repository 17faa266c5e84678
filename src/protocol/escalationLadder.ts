/**
 * Questions that come together are told together. Of two that are written at one moment in two records the second may
 * be seen 400 ms after the first: a look at the file (100), a change that is told (250), a step (50).
 */
export const gatherMs = 600;
/** The window that the person looks at tells, where there is one: the others leave it so much more time. */
export const behindMs = 1200;
/** Messages of one project are so far apart, unless the person has reacted to the one before (vscode.md B.4). */
export const apartMs = 30_000;
/** Whether a process that tells is still there is asked this often. */
export const checkMs = 5000;
/** When nobody can know whether the process that tells is still there, its question is told anew after this. */
export const unknownMs = 10 * 60_000;
export const snoozeMs = 10 * 60_000;

/** Who tells a person of a question, by the record. */
export interface Teller {
  readonly attempt: number;
  /** `unknown`: its machine cannot be asked. */
  readonly is: "here" | "elsewhere" | "gone" | "unknown";
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** An open question, as far as telling a person of it is concerned. */
export interface TellableQuestion {
  readonly id: string;
  /** The project's key. */
  readonly key: string;
  readonly teller: Teller | undefined;
  /** The entry that says that a person knows of it; with `until` (milliseconds since 1970) it was put off. */
  readonly seen: { readonly id: string; readonly until: number | undefined } | undefined;
  /** Views tell of it, and nothing else: messages are off here, or for its project. */
  readonly hushed: boolean;
  /** The person has its session in front of them. */
  readonly visible: boolean;
}

export interface LadderSteps {
  /** To be written to the record: that this window tells. */
  readonly claims: readonly { readonly id: string; readonly attempt: number }[];
  /** To be shown in one message. */
  readonly tell: readonly string[];
  /** When to look again though nothing happens, in milliseconds since 1970. */
  readonly wakeAt: number | undefined;
}

interface LastMessage {
  readonly at: number;
  readonly ids: readonly string[];
}

/**
 * Decides which window tells the person of which question, and when; the rungs below (row, badge, status bar) always
 * tell. Knows no clock and no window: `step` is called whenever something has changed, and when it asked to be.
 */
export class EscalationLadder {
  /** When a question that nobody tells of was first met. */
  readonly #met = new Map<string, number>();
  /** Written, and not met in the record yet. */
  readonly #claiming = new Set<string>();
  /** Told here though the record could not be written. */
  readonly #unclaimable = new Set<string>();
  /** Told, and the `seen` that this was after: when a question was put off it is told once more. */
  readonly #told = new Map<string, string>();
  readonly #last = new Map<string, LastMessage>();

  step(
    questions: readonly TellableQuestion[],
    { now, focused }: { readonly now: number; readonly focused: boolean },
  ): LadderSteps {
    this.#forget(questions);
    const wakes: number[] = [];
    const audible = questions.filter((question) => !question.hushed && this.#isDue(question, now, wakes));
    const claims = this.#claims(audible, { now, focused }, wakes);
    const tell = this.#tell(audible, questions, now, wakes);
    return { claims, tell, wakeAt: wakes.length === 0 ? undefined : Math.min(...wakes) };
  }

  /** The record could not be written: better told twice than not at all. */
  claimFailed(id: string): void {
    this.#claiming.delete(id);
    this.#unclaimable.add(id);
  }

  #forget(questions: readonly TellableQuestion[]): void {
    const open = new Set(questions.map(({ id }) => id));
    for (const ids of [this.#met, this.#claiming, this.#unclaimable, this.#told])
      for (const id of ids.keys()) if (!open.has(id)) ids.delete(id);
    for (const { id, teller } of questions) if (teller && teller.is !== "gone") this.#claiming.delete(id);
  }

  /** Not known to the person, or not any more, and not told here since. */
  #isDue({ id, seen }: TellableQuestion, now: number, wakes: number[]): boolean {
    if (seen && seen.until === undefined) return false;
    if (seen?.until !== undefined && seen.until > now) {
      wakes.push(seen.until);
      return false;
    }
    return this.#told.get(id) !== (seen?.id ?? "");
  }

  #claims(
    due: readonly TellableQuestion[],
    { now, focused }: { now: number; focused: boolean },
    wakes: number[],
  ): LadderSteps["claims"] {
    const wanted = due.filter(
      (question) =>
        !this.#claiming.has(question.id) && !this.#unclaimable.has(question.id) && isUntold(question, now, wakes),
    );
    for (const { id } of wanted) if (!this.#met.has(id)) this.#met.set(id, now);
    const oldest = Math.min(...wanted.map(({ id }) => this.#met.get(id) ?? now));
    const from = oldest + gatherMs + (focused ? 0 : behindMs);
    if (wanted.length === 0) return [];
    if (now < from) {
      wakes.push(from);
      return [];
    }
    return wanted.map(({ id, teller }) => {
      this.#met.delete(id);
      this.#claiming.add(id);
      return { id, attempt: (teller?.attempt ?? 0) + 1 };
    });
  }

  #tell(
    due: readonly TellableQuestion[],
    questions: readonly TellableQuestion[],
    now: number,
    wakes: number[],
  ): string[] {
    const own = due.filter(
      ({ id, teller, visible }) => !visible && (teller?.is === "here" || this.#unclaimable.has(id)),
    );
    // Those whose claim is on its way to the record come with them.
    if (this.#claiming.size > 0) return [];
    const told = own.filter(({ key }) => {
      const last = this.#last.get(key);
      const next = last && this.#isUnanswered(last, questions) ? last.at + apartMs : now;
      if (next > now) wakes.push(next);
      return next <= now;
    });
    for (const { id, seen } of told) this.#told.set(id, seen?.id ?? "");
    for (const key of new Set(told.map((question) => question.key)))
      this.#last.set(key, { at: now, ids: told.flatMap((question) => (question.key === key ? [question.id] : [])) });
    return told.map(({ id }) => id);
  }

  /** The person has not reacted to any part of the message. */
  #isUnanswered({ ids }: LastMessage, questions: readonly TellableQuestion[]): boolean {
    return (
      questions.filter(({ id, seen }) => ids.includes(id) && this.#told.get(id) === (seen?.id ?? "")).length ===
      ids.length
    );
  }
}

/** Nobody tells of it who is still there. */
function isUntold({ teller, seen }: TellableQuestion, now: number, wakes: number[]): boolean {
  if (!teller || teller.is === "gone") return true;
  if (teller.is === "here") return false;
  const anew = Math.max(teller.since, seen?.until ?? 0) + unknownMs;
  if (teller.is === "unknown" && anew <= now) return true;
  wakes.push(now + checkMs);
  return false;
}
