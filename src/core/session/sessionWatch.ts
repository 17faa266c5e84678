import type { Disposable } from "../base/lifecycle";
import type { EntryDraft } from "../model/entry";
import { messageOf } from "../model/errors";
import { sessionStateAfter } from "../model/sessionStateAfter";
import { hasEnded, type SessionState } from "../model/states";
import type { Clock, Logger } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { OpenRecord } from "../record/projectRecord";
import { type ScreenRule, screenRules, type SeenScreen } from "../sense/screenRules";
import { type LiveSession, liveSessions } from "./liveSessions";
import type { OpenSession } from "./openSession";
import { seenScreen } from "./seenScreen";
import { type SessionFinding, sessionState, type SessionSignals } from "./sessionState";
import type { ShellSession } from "./shellSession";

/** What a session still does at the next look is no passing thing, and worth an entry. */
const lookMs = 1000;
/** No look is ever so late while this process runs, however busy the machine is. */
const asleepMs = 60_000;

export interface SessionWatchWorld {
  readonly record: Pick<OpenRecord, "state" | "append">;
  readonly server: Pick<SessionServer, "screen">;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Seen {
  readonly screen: SeenScreen;
  /** When it was asked for, by the monotonic clock. */
  readonly at: number;
}

/**
 * Knows what the sessions of whoever runs a project do, and writes it where their commands, results and own entries do
 * not say it: a person works there, a shell asks for more, one that nobody used has ended, a screen asks something.
 */
export class SessionWatch {
  readonly #screens = new WeakMap<ShellSession, Seen>();
  /** What was found at the last look. */
  readonly #found = new WeakMap<ShellSession, SessionState>();
  /** What was written of a session last. */
  readonly #written = new WeakMap<ShellSession, SessionState>();

  constructor(
    private readonly sessions: () => readonly OpenSession[],
    private readonly world: SessionWatchWorld,
    private readonly rules: readonly ScreenRule[] = screenRules,
  ) {}

  /** What the sessions do now. */
  live(): LiveSession[] {
    const { record, clock } = this.world;
    return liveSessions(this.sessions(), record.state, clock.now(), (session, asked) => this.#sense(session, asked));
  }

  /** Looks at the sessions and writes what the record does not say, until it is disposed of. */
  start(): Disposable {
    const { clock, logger } = this.world;
    let over = false;
    let timer: Disposable | undefined;
    const schedule = (): void => {
      if (over) return;
      const from = clock.monotonic();
      timer = clock.after(lookMs, () => {
        // Some clocks go on while the machine sleeps, which nothing here prints through.
        const late = clock.monotonic() - from - lookMs;
        if (late > asleepMs) for (const { shell } of this.sessions()) shell.silence.leaveOut(late);
        this.#look(() => over)
          .catch((error: unknown) => logger.warn(`The state of a session could not be saved: ${messageOf(error)}`))
          .finally(schedule);
      });
    };
    schedule();
    return {
      dispose: () => {
        over = true;
        timer?.dispose();
      },
    };
  }

  async #look(over: () => boolean): Promise<void> {
    const sessions = [...this.sessions()];
    await Promise.all(sessions.map((session) => this.#lookAtScreen(session)));
    for (const session of sessions) {
      const found = this.#sense(session, {});
      const lasts = this.#found.get(session.shell) === found.state;
      this.#found.set(session.shell, found.state);
      // While screens were asked for, or an entry was written, it may have been given up.
      const ours = !over() && this.sessions().includes(session);
      const draft = lasts && ours ? this.#news(session, found) : undefined;
      if (!draft) continue;
      await this.world.record.append(draft, "written");
      this.#written.set(session.shell, found.state);
    }
  }

  #sense({ shell, mode }: OpenSession, more: Pick<SessionSignals, "question">): SessionFinding {
    const screen = this.#screens.get(shell)?.screen;
    return sessionState({ ...shell.signals(mode === "marks"), ...(screen ? { screen } : {}), ...more }, this.rules);
  }

  /** Asks for the screen where a rule may know it, and only when it can have changed. */
  async #lookAtScreen({ shell }: OpenSession): Promise<void> {
    const { server, clock, logger } = this.world;
    if (this.rules.length === 0 || shell.over || shell.marks.ready) return;
    const at = clock.monotonic();
    const seen = this.#screens.get(shell);
    const { quietMs } = shell;
    if (seen && (quietMs === null || at - quietMs < seen.at)) return;
    try {
      const screen = await server.screen(shell.identity.wire, "plain");
      this.#screens.set(shell, { screen: seenScreen(screen, shell.title), at });
    } catch (error) {
      // A server that is away is told elsewhere; what was seen before may be over.
      this.#screens.delete(shell);
      logger.debug(messageOf(error));
    }
  }

  /** The entry that says what was found; undefined where the record says it, or will by itself. */
  #news({ name, busy, shell, role }: OpenSession, found: SessionFinding): EntryDraft | undefined {
    const { sessions, openCommands } = this.world.record.state;
    const known = sessions.get(name);
    // Another session has its name by now, or its end is told.
    if (!known || known.k !== shell.identity.key || hasEnded(known.state)) return undefined;
    const draft: EntryDraft & { readonly state: SessionState } = {
      kind: "state",
      actor: "engine",
      session_name: name,
      role: role.name,
      event: "sensed",
      state: found.state,
      text: found.evidence,
    };
    if (sessionStateAfter(known.state, draft) === known.state) return undefined;
    const takesBack = this.#written.get(shell) === known.state;
    switch (found.by) {
      case "screen":
        return draft;
      case "end":
        // Whoever has the session says how it ended.
        return busy ? undefined : draft;
      case "marks": {
        const runs = [...openCommands.values()].some((entry) => entry.session_name === name);
        // Its command says that it works, and its result will say that it does not.
        return runs && !(takesBack && found.state === "working") ? undefined : draft;
      }
      case "activity":
        // Silence is no news by itself.
        return takesBack ? draft : undefined;
      default:
        return undefined;
    }
  }
}
