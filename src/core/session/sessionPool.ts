import { EventEmitter } from "../base/event";
import { type Deferred, abortable, deferred } from "../base/async";
import { actorName } from "../model/actorName";
import { messageOf, OrchestratorError } from "../model/errors";
import { parseLogicalName, shortSession } from "../model/names";
import type { PlanRole } from "../model/plan";
import type { SessionContext } from "../model/session";
import type { Logger } from "../ports/machine";
import type { KnownConversation } from "./agentSessions";
import type { OpenSession } from "./openSession";
import { lostSentence } from "./ownership";
import { endedSentence, tellingLine } from "./sessionEnd";
import type { SessionOpener } from "./sessionOpener";
import { advice, nothingToDo } from "../model/remedy";
import { brief, listed } from "../model/sentences";

interface Waiter {
  readonly role: PlanRole;
  /** Key of the session that it would like best. */
  readonly k: string | undefined;
  readonly turn: Deferred<OpenSession>;
}

/** What becomes of a session that is given back. */
export type Release =
  /** It waits for the next task. */
  | "free"
  /** A command keeps running there, as `runs` says; it stays held, and the command's end gives it back once more. */
  | "runs"
  /**
   * What a task left there is settled; before it is used its state is looked at, as that of any session of an earlier
   * run.
   */
  | "again"
  /** Somebody else works there: it is neither used nor touched. */
  | "leave"
  /** It was killed, because its command could not be stopped otherwise. */
  | "stopped"
  /** It has ended, or nothing more can be typed there. */
  | "over";

/** The sessions of one run: lent to tasks one at a time, never more than `maxSessions`, those for checks apart. */
export class SessionPool {
  readonly #sessions: OpenSession[] = [];
  readonly #taken = new EventEmitter<OpenSession>();
  /** Fires with each session that it holds from now on. */
  readonly onTaken = this.#taken.event;
  readonly #waiters: Waiter[] = [];
  readonly #openingRoles: string[] = [];
  /** Sessions that are to be restarted once they are given back. */
  readonly #restarts = new Map<string, () => void>();
  #written: Promise<void> = Promise.resolve();
  /** Aborted once this is closed. */
  readonly #over = new AbortController();
  /** Sessions that are being made or taken up. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly opener: SessionOpener,
    private readonly maxSessions: number,
    private readonly logger: Logger,
  ) {}

  get sessions(): readonly OpenSession[] {
    return this.#sessions;
  }

  /**
   * A session of the role, for one task; waits until one is free, of several that with the key `k`. Throws what making
   * it throws, the signal's reason, or `cancelled` once this is closed.
   */
  async acquire(role: PlanRole, signal: AbortSignal, k?: string): Promise<OpenSession> {
    this.#over.signal.throwIfAborted();
    const waiter: Waiter = { role, k, turn: deferred() };
    this.#waiters.push(waiter);
    this.#serve(signal);
    try {
      return await abortable(waiter.turn.promise, signal);
    } catch (error) {
      this.#remove(waiter);
      waiter.turn.promise.then((session) => this.release(session, "free", signal)).catch(() => undefined);
      throw error;
    }
  }

  release(session: OpenSession, release: Release, signal: AbortSignal): void {
    session.busy = false;
    if (release !== "runs") session.runs = undefined;
    const over = session.shell.over !== undefined || session.shell.marks.exited !== undefined;
    const restart = this.#restarts.get(session.name);
    if (restart) {
      // Its end is written already, and its stream may not have told of it yet.
      this.#drop(session);
      restart();
    } else if (!over && release === "again") {
      this.#drop(session);
      this.opener.letGo(session);
    } else if (over || (release !== "free" && release !== "runs")) {
      this.#drop(session);
      this.#written = this.#written
        .then(() =>
          this.opener.isSettled(session)
            ? undefined
            : this.#writeEnd(session, over && release !== "stopped" ? "over" : release),
        )
        .catch((error: unknown) => this.logger.warn(messageOf(error)));
    }
    this.#serve(signal);
  }

  /** Takes up a session that the record knows, busy; undefined when it is gone or not ours. */
  reopen(known: SessionContext, role: PlanRole, signal: AbortSignal): Promise<OpenSession | undefined> {
    return this.#take(this.opener.reopen(known, role, this.#untilOver(signal)));
  }

  /**
   * Ends the session of that name and makes one like it, once whoever has it gives it back: its command ends with it.
   * Throws what making it throws, and `cancelled` once this is closed.
   */
  async restart(known: SessionContext, role: PlanRole, actor: string, callersSignal: AbortSignal): Promise<void> {
    const signal = this.#untilOver(callersSignal);
    const name = known.session_name;
    const session = this.#sessions.find((each) => each.name === name);
    if (this.#restarts.has(name)) return;
    const back = deferred<undefined>();
    this.#restarts.set(name, () => back.resolve(undefined));
    this.#openingRoles.push(role.name);
    try {
      if (session?.busy) {
        await this.opener.end(session, `${actorName(actor)} is restarting ${shortSession(name)}.`);
        await abortable(back.promise, signal);
      } else if (session) this.#drop(session);
      const made = this.opener.restart(known, role, actor, signal);
      await this.#take(made.then((fresh) => Object.assign(fresh, { busy: false })));
    } finally {
      this.#restarts.delete(name);
      this.#openingRoles.splice(this.#openingRoles.indexOf(role.name), 1);
      this.#serve(callersSignal);
    }
  }

  /** Which conversation a session of an agent had; see `AgentSessions.conversationOf`. */
  async conversationOf(known: SessionContext, role: PlanRole): Promise<KnownConversation> {
    // Its end may tell.
    await this.#written;
    return this.opener.conversationOf(known, role);
  }

  /**
   * A session, busy, in place of one that ended: its agent continues that conversation. Throws what making it throws.
   */
  async resume(
    known: SessionContext,
    role: PlanRole,
    former: KnownConversation,
    signal: AbortSignal,
  ): Promise<OpenSession> {
    this.#openingRoles.push(role.name);
    try {
      const from = parseLogicalName(known.session_name)?.index;
      return await this.#take(this.opener.create(role, this.#untilOver(signal), from, former));
    } finally {
      this.#openingRoles.splice(this.#openingRoles.indexOf(role.name), 1);
      this.#serve(signal);
    }
  }

  /** Everything that runs here is lost with its server. */
  markLost(): void {
    for (const session of this.#sessions) session.shell.markLost();
  }

  /**
   * Lets every session go, those that are being made too, and tells everybody who waits for one `cancelled`. The sessions
   * stay on their server.
   */
  async close(): Promise<void> {
    const over = new OrchestratorError("cancelled", "The run ended before its session was ready.", nothingToDo);
    this.#over.abort(over);
    for (const waiter of this.#waiters.splice(0)) waiter.turn.reject(over);
    await Promise.allSettled(this.#underWay);
    await this.#written;
    for (const session of this.#sessions) session.shell.dispose();
    this.#sessions.length = 0;
  }

  #untilOver(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#over.signal]);
  }

  /** Holds the session that is made, unless this was closed meanwhile: then nobody would ever let it go. */
  #take<T extends OpenSession | undefined>(making: Promise<T>): Promise<T> {
    const taken = making.then((session) => {
      if (this.#over.signal.aborted) session?.shell.dispose();
      this.#over.signal.throwIfAborted();
      if (session) {
        this.#sessions.push(session);
        this.#taken.fire(session);
      }
      return session;
    });
    this.#underWay.add(taken);
    return taken.finally(() => this.#underWay.delete(taken));
  }

  #serve(signal: AbortSignal): void {
    if (this.#over.signal.aborted) return;
    for (const waiter of [...this.#waiters]) {
      const unused = this.#sessions.filter(
        (session) => !session.busy && !session.runs && !session.shell.over && session.role.name === waiter.role.name,
      );
      const { k } = waiter;
      const free = (k === undefined ? undefined : unused.find(({ shell }) => shell.identity.key === k)) ?? unused[0];
      if (free) {
        free.busy = true;
        this.#remove(waiter);
        waiter.turn.resolve(free);
      } else if (this.#mayOpen(waiter.role)) {
        this.#remove(waiter);
        this.#openFor(waiter, signal);
      } else {
        const holders = this.#holders(waiter.role);
        if (holders.length === 0) continue;
        this.#remove(waiter);
        waiter.turn.reject(heldByCommands(waiter.role, holders));
      }
    }
  }

  /** Sessions whose commands keep running and keep the role from getting one; empty while another may become free. */
  #holders(role: PlanRole): OpenSession[] {
    const live = this.#live().filter((session) => session.role.checksOf === undefined);
    const ofRole = live.filter((session) => session.role.name === role.name);
    const opening = this.#openingRoles.filter((name) => name === role.name).length;
    const isFull = ofRole.length + opening >= role.count;
    const [these, others] = isFull ? [ofRole, opening] : [live, this.#openingRoles.length];
    return others === 0 && these.every((session) => session.runs && !session.busy) ? these : [];
  }

  #openFor(waiter: Waiter, signal: AbortSignal): void {
    const role = waiter.role;
    if (!role.checksOf) this.#openingRoles.push(role.name);
    this.#take(this.#open(role, this.#untilOver(signal)))
      .then(
        (session) => waiter.turn.resolve(session),
        (error: unknown) => waiter.turn.reject(error),
      )
      .finally(() => {
        if (!role.checksOf) this.#openingRoles.splice(this.#openingRoles.indexOf(role.name), 1);
        this.#serve(signal);
      });
  }

  #remove(waiter: Waiter): void {
    const index = this.#waiters.indexOf(waiter);
    if (index >= 0) this.#waiters.splice(index, 1);
  }

  #live(): OpenSession[] {
    return this.#sessions.filter((session) => !session.shell.over);
  }

  #mayOpen(role: PlanRole): boolean {
    const live = this.#live();
    if (role.checksOf) return true;
    const ofRole =
      live.filter((session) => session.role.name === role.name).length +
      this.#openingRoles.filter((name) => name === role.name).length;
    if (ofRole >= role.count) return false;
    // Room can be made by ending a session that nobody waits for.
    return this.#counted() < this.maxSessions || live.some((session) => this.#isSpare(session));
  }

  /** Sessions that count for the limit, those included that are being made. */
  #counted(): number {
    const live = this.#live().filter(({ role }) => role.checksOf === undefined);
    return live.length + this.#openingRoles.length;
  }

  #isSpare(session: OpenSession): boolean {
    return (
      !session.busy &&
      !session.runs &&
      session.role.checksOf === undefined &&
      !this.#waiters.some((waiter) => waiter.role.name === session.role.name)
    );
  }

  async #open(role: PlanRole, signal: AbortSignal): Promise<OpenSession> {
    const spare = this.#live().find((session) => this.#isSpare(session));
    if (spare && !role.checksOf && this.#counted() > this.maxSessions) {
      this.#drop(spare);
      await this.opener.end(spare, `${shortSession(spare.name)} was ended to make room for a session of ${role.name}.`);
    }
    return (await this.opener.reuse(role, signal)) ?? this.opener.create(role, signal);
  }

  #drop(session: OpenSession): void {
    const index = this.#sessions.indexOf(session);
    if (index >= 0) this.#sessions.splice(index, 1);
    session.shell.dispose();
  }

  async #writeEnd({ name, role, shell }: OpenSession, release: Release): Promise<void> {
    const short = shortSession(name);
    const code = shell.marks.exited?.status ?? shell.over?.exit_code;
    const talk = this.opener.endOfConversation(role, { exit_code: code ?? null, last_lines: shell.lastLines });
    const entry = (event: string, state: SessionContext["state"], text: string): Promise<void> =>
      this.opener.entry(name, role.name, event, state, text, talk);
    const lost = shell.over?.lost === true;
    const mayBeLost = lost || (release !== "leave" && release !== "stopped" && code == null);
    const loss = mayBeLost ? await this.opener.serverLoss() : undefined;
    if (lost || loss) await entry("lost", "lost", lostSentence(name, loss ?? "server_away"));
    else if (release === "stopped")
      await entry("ended", "exited", `${short} was killed, because its command could not be stopped.`);
    else if (release === "leave")
      await entry("left", "unclear", `${short} is busy with something else, so no task uses it.`);
    else if (!shell.over && shell.endUntold)
      await entry("left", "unclear", `${short} no longer reports when a command ends, so no task uses it.`);
    else await entry("ended", "exited", endedSentence(short, code ?? null, tellingLine(shell.lastLines)));
  }
}

/** No session becomes free by waiting: commands of tasks that are done keep running in all that there may be. */
function heldByCommands({ name, count }: PlanRole, holders: readonly OpenSession[]): OrchestratorError {
  const ofRole = holders.every(({ role }) => role.name === name) && holders.length >= count;
  const what = listed(
    holders.map(
      ({ runs, name: session }) =>
        `"${brief(runs?.command ?? "", 60)}" of ${runs?.task_id ?? ""} in ${shortSession(session)}`,
    ),
  );
  const limit = ofRole ? `count of the role ${name}` : "max_sessions";
  return new OrchestratorError(
    "session_not_ready",
    `No session of ${name} is free: ${what} ${holders.length === 1 ? "is" : "are"} still running.`,
    advice(`Raise ${limit} in the plan, or end the command, then retry the task.`),
  );
}
