import { abortable, deferred } from "../base/async";
import type { TurnEnd } from "../model/agentTurn";
import type { AgentCatalog } from "../model/agentProfile";
import type { ContextEntry } from "../model/entry";
import { agentLimitedEvent, agentLimitOverEvent } from "../model/entryKinds";
import { hasMovedOn, isAsking } from "../model/limitState";
import type { Plan, PlanRole } from "../model/plan";
import { plural } from "../model/sentences";
import type { Clock } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { limitEndText } from "../model/limitEndText";
import { awaitsWord, Parked } from "./parkedTasks";

/** A machine that sleeps holds its timers back: the time by the clock is looked at as often. */
const longestWaitMs = 60_000;
/** A turn that has gone on for so long has got through: a limit is told within this time, tries of its agent included. */
const throughMs = 60_000;
/** A rate limit whose end nobody tells is tried so often, each time after twice the pause; then a person is asked. */
const untoldTries = 4;
const untoldMs = 5 * 60_000;
/** Words that say the same time again differ by less. */
const sameMs = 60_000;

interface Limit {
  /** Milliseconds since 1970; Infinity: a person's answer is its end. */
  end: number;
  /** The task that the person is asked about. */
  readonly asked: string | undefined;
  /** The role under whose name it stands in the record. */
  readonly role: string;
  /** How often its end was guessed in a row. */
  readonly guessed: number;
  /** One prompt is on its way, to see whether the limit is over. */
  tried: boolean;
  readonly waiters: Set<() => void>;
}

/** While the agent came to be ready for a prompt, another one has reached a limit. */
export class LimitReached extends Error {}

/** A prompt that may be sent; `over` is told how that went. */
export interface Turn {
  /** How many limits of its account were known when it began. */
  readonly known: number;
  /** Called right before it is typed. Throws LimitReached. */
  begins(): Promise<void>;
  /** `through`: the model has answered. */
  over(end: "through" | "unknown"): Promise<void>;
}

/**
 * Limits of agents, each for all roles that use the agent with the same account: while one lasts no prompt is sent, at its
 * end one goes first, and the others follow once that got through. Follows from the record, so that the next runner waits
 * for the same time.
 */
export class AgentLimits {
  #known: Map<string, Limit> | undefined;
  /** How many limits were known so far, by account; and of these, by the record when it was first asked. */
  readonly #counts = new Map<string, number>();
  #recorded: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly record: OpenRecord,
    private readonly plan: Plan,
    private readonly agents: AgentCatalog,
    private readonly clock: Pick<Clock, "now" | "after">,
  ) {
    record.onEntry((entry) => this.#heard(entry));
  }

  /**
   * Resolves when a prompt of the task may be sent. Throws Parked where a person is asked about another task before, the
   * signal's reason.
   */
  async turn(role: PlanRole, task_id: string, signal: AbortSignal): Promise<Turn> {
    const account = this.#accountOf(role);
    for (;;) {
      signal.throwIfAborted();
      const limit = this.#limits.get(account);
      if (!limit) return this.#unlimited(account);
      const { asked } = limit;
      if (limit.end === Infinity && asked !== undefined && asked !== task_id) throw new Parked(asked);
      const left = asked === task_id && limit.end === Infinity ? 0 : limit.end - this.clock.now();
      if (left <= 0 && !limit.tried) return this.#first(account, limit);
      const changed = deferred<undefined>();
      const wake = (): void => changed.resolve(undefined);
      const timer = this.clock.after(left > 0 ? Math.min(left, longestWaitMs) : longestWaitMs, wake);
      limit.waiters.add(wake);
      await abortable(changed.promise, signal).finally(() => {
        timer.dispose();
        limit.waiters.delete(wake);
      });
    }
  }

  /**
   * A turn ended at a limit, or because nobody is logged in: no prompt is sent until that is over. False where only a
   * person can say when that is, who is to be asked about this task: all others wait for the answer. `begun`: that turn.
   */
  async reached(
    role: PlanRole,
    session_name: string,
    task_id: string,
    turn: TurnEnd,
    begun: Pick<Turn, "known">,
  ): Promise<boolean> {
    const account = this.#accountOf(role);
    const known = this.#limits.get(account);
    const guessed = turn.limitEnd === undefined ? (known?.guessed ?? 0) + 1 : 0;
    const asks = guessed > 0 && (turn.kind !== "rate" || guessed > untoldTries);
    const now = this.clock.now();
    const named = turn.limitEnd ?? now + untoldMs * 2 ** (guessed - 1);
    // A time without seconds is over up to a minute before its limit is.
    const end = asks ? Infinity : named <= now ? now + sameMs : named;
    // Others that have met it before its end say nothing new.
    const isKnown = known && !known.tried && known.end > now;
    if (isKnown && known.end >= (guessed > 0 && !asks ? now : end - sameMs)) return true;
    // It met one that was told since it began, and that is over by now, or is being tried.
    if (!isKnown && begun.known < this.#count(account) && (turn.limitEnd ?? now) <= now) return true;
    const name = known?.role ?? role.name;
    this.#set(role, end, guessed, name, asks ? task_id : undefined);
    wakeAll(known);
    const reason = `${this.agents.of(role.agent?.use ?? "")?.title ?? "The agent"} ${limitWords(turn)}`;
    const others = this.#waiting(account).filter((id) => id !== task_id);
    if (asks && others.length === 0) return false;
    const text = asks
      ? `${reason}. ${plural(others.length, "other task")} ${others.length === 1 ? "waits" : "wait"} for the answer about ${task_id}.`
      : `${reason}${untilWords(turn, limitEndText(end, now))} ${continueWords(this.#waiting(account))} then.`;
    await this.record.append(
      {
        kind: "state",
        actor: "engine",
        session_name,
        event: agentLimitedEvent,
        role: name,
        task_id,
        text,
        reason,
        ...(guessed === 0 ? {} : { attempt: guessed }),
        ...(asks ? {} : { not_before: new Date(end).toISOString() }),
        refs: [{ type: "task", id: task_id }, ...[...this.#roles(account)].map((id) => ({ type: "role", id }))],
      },
      "synced",
    );
    return !asks;
  }

  /** As `reached`, of a turn about which an earlier runner ended before it could tell what its agent had met. */
  tellLeft(role: PlanRole, session_name: string, task_id: string, turn: TurnEnd): Promise<boolean> {
    const account = this.#accountOf(role);
    this.#limits.get(account);
    return this.reached(role, session_name, task_id, turn, { known: this.#recorded.get(account) ?? 0 });
  }

  /** What a person says about the task, or does with it, ends what all others wait for. */
  #heard(entry: ContextEntry): void {
    const { task_id } = entry;
    if (!hasMovedOn(entry)) return;
    for (const limit of this.#known?.values() ?? []) {
      if (limit.asked === undefined || limit.asked !== task_id || limit.end !== Infinity) continue;
      limit.end = this.clock.now();
      wakeAll(limit);
    }
  }

  #first(account: string, limit: Limit): Turn {
    limit.tried = true;
    let isOver = false;
    const over = async (end: "through" | "unknown"): Promise<void> => {
      if (isOver) return;
      isOver = true;
      timer.dispose();
      if (this.#limits.get(account) !== limit) return;
      limit.tried = false;
      if (end === "through") this.#limits.delete(account);
      wakeAll(limit);
      if (end === "through") await this.#tellOver(limit);
    };
    const timer = this.clock.after(throughMs, () => void over("through").catch(() => undefined));
    return { known: this.#count(account), begins: () => Promise.resolve(), over };
  }

  #unlimited(account: string): Turn {
    let known = this.#count(account);
    return {
      get known() {
        return known;
      },
      begins: () => {
        known = this.#count(account);
        return this.#limits.has(account) ? Promise.reject(new LimitReached()) : Promise.resolve();
      },
      over: () => Promise.resolve(),
    };
  }

  #count(account: string): number {
    return this.#counts.get(account) ?? 0;
  }

  async #tellOver({ role }: Limit): Promise<void> {
    const use = this.plan.roles.find(({ name }) => name === role)?.agent?.use ?? "";
    await this.record.append(
      {
        kind: "state",
        actor: "engine",
        session_name: null,
        event: agentLimitOverEvent,
        role,
        text: `${this.agents.of(use)?.title ?? "The agent"} takes prompts again.`,
      },
      "written",
    );
  }

  /** By account; what an earlier run has left is taken up. */
  get #limits(): Map<string, Limit> {
    if (this.#known) return this.#known;
    this.#known = new Map();
    const { state } = this.record;
    for (const limit of state.limits.values()) {
      const { role: name = "", task_id = "", not_before, attempt = 0 } = limit;
      const role = this.plan.roles.find((each) => each.name === name);
      const asks = isAsking(limit) && awaitsWord(this.plan, state, task_id);
      const end = asks ? Infinity : not_before === undefined ? this.clock.now() : Date.parse(not_before);
      if (role) this.#set(role, end, attempt, name, asks ? task_id : undefined);
    }
    this.#recorded = new Map(this.#counts);
    return this.#known;
  }

  #set(role: PlanRole, end: number, guessed: number, name: string, asked: string | undefined): void {
    const account = this.#accountOf(role);
    this.#counts.set(account, this.#count(account) + 1);
    this.#limits.set(account, { end, asked, role: name, guessed, tried: false, waiters: new Set() });
  }

  /** The tasks that are not done, and whose roles use the account. */
  #waiting(account: string): string[] {
    const roles = this.#roles(account);
    const { tasks } = this.record.state;
    return this.plan.tasks
      .filter(
        ({ id, role }) =>
          roles.has(role) && !["succeeded", "skipped", "cancelled"].includes(tasks.get(id)?.state ?? ""),
      )
      .map(({ id }) => id);
  }

  /** The roles that use it. */
  #roles(account: string): ReadonlySet<string> {
    return new Set(this.plan.roles.filter((role) => this.#accountOf(role) === account).map(({ name }) => name));
  }

  /** The agent, and what its role says of its credentials. */
  #accountOf({ agent, env }: PlanRole): string {
    const use = agent?.use ?? "";
    const names = this.agents.of(use)?.credentials.env ?? [];
    return JSON.stringify([use, ...names.map((name) => env[name] ?? null)]);
  }
}

function limitWords({ kind }: TurnEnd): string {
  if (kind === "auth") return "is not logged in any more";
  return kind === "quota" ? "has used up its quota" : "has reached its rate limit";
}

function untilWords({ limitEnd }: TurnEnd, time: string): string {
  return limitEnd === undefined ? ` and does not say until when. It is tried again at ${time};` : ` until ${time};`;
}

function continueWords(ids: readonly string[]): string {
  const [only = "its task"] = ids;
  return ids.length <= 1 ? `${only} continues by itself` : `${plural(ids.length, "task")} continue by themselves`;
}

function wakeAll(limit: Limit | undefined): void {
  for (const wake of [...(limit?.waiters ?? [])]) wake();
}
