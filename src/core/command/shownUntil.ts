import { hasCode } from "../model/errors";
import type { ScreenPattern } from "../model/screenPattern";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { OutputSearch } from "../sense/outputSearch";
import { linesSince } from "../sense/programScreen";
import type { CommandEnd } from "../session/commandEnds";
import { pause } from "../session/pause";
import { seenScreen } from "../session/seenScreen";
import type { ShellSession } from "../session/shellSession";
import type { Wait } from "./commandStop";
import type { TypingRequest } from "./typingRequest";

/** What is printed is searched this long after it began to come, so that a flood is searched in large pieces. */
const gatherMs = 50;
/** Where only the screen tells, it is looked at this often while output comes. */
const lookMs = 500;

/** Follows a command that is done for its task when it shows something. */
export class ShownUntil {
  constructor(
    private readonly server: Pick<SessionServer, "screen">,
    private readonly session: ShellSession,
    private readonly pattern: ScreenPattern,
    /** The command as it was typed: its echo does not count. */
    private readonly typed: string,
    private readonly clock: Pick<Clock, "after">,
  ) {}

  /**
   * Its end by `ended`, or that it shows what is waited for and is still running; `known_by` is `screen` for both when it
   * was shown. Undefined: time is over.
   */
  async end(ended: Wait, ms: number | undefined, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const { session } = this;
    const search = this.#search();
    const found = new AbortController();
    const stop = signal ? AbortSignal.any([signal, found.signal]) : found.signal;
    try {
      const end = ended(ms, stop);
      const shown = this.#shown(search, stop).then(() => "shown" as const);
      for (const each of [end, shown]) each.catch(() => undefined);
      const first = await Promise.race([end, shown]);
      if (first !== "shown") return first && (await this.#ended(first));
      return { outcome: "still_running", exit_code: null, known_by: "screen", output: session.commandOutput };
    } finally {
      found.abort();
      search.dispose();
    }
  }

  /** A command may show it with its last words. */
  async #ended(end: CommandEnd): Promise<CommandEnd> {
    const { outcome, exit_code, output } = end;
    if (outcome !== "exited" || exit_code !== 0 || !output) return end;
    const search = this.#search();
    const isShown = await search.isIn(output);
    search.dispose();
    return isShown ? { ...end, known_by: "screen" } : end;
  }

  /** Resolves once it is shown; never otherwise. */
  async #shown(search: OutputSearch, stop: AbortSignal): Promise<void> {
    const { session } = this;
    for (let total = -1, quiet: number | undefined; ;) {
      const output = session.commandOutput;
      // Without all of its output the screen has to tell.
      const whole = output !== undefined && !output.incomplete;
      if (whole && output.total !== total) {
        total = output.total;
        if (await search.isIn(output)) return;
      } else if (!whole && (quiet === undefined || (session.quietMs ?? quiet) <= quiet)) {
        quiet = lookMs;
        if (await this.#onScreen(stop)) return;
      }
      const now = session.commandOutput;
      if (whole)
        await session.until(
          () => (session.commandOutput !== output || output.total !== total ? true : undefined),
          undefined,
          stop,
        );
      else if (now === output) await session.until(() => undefined, lookMs, stop);
      await session.until(() => undefined, gatherMs, stop);
    }
  }

  readonly #rest = (): Promise<void> => pause(this.clock, 0);

  #search(): OutputSearch {
    return new OutputSearch(this.pattern, this.session.identity, this.#rest);
  }

  async #onScreen(stop: AbortSignal): Promise<boolean> {
    try {
      const screen = seenScreen(await this.server.screen(this.session.identity.wire, "plain", stop));
      for (const lines of linesSince(undefined, screen, this.typed))
        if (await this.pattern.isIn(lines, this.#rest)) return true;
      return false;
    } catch (error) {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
      return false;
    }
  }
}

/** How the end of what is typed is waited for: by `ended`, or by what it is to show. */
export function untilShown(
  server: Pick<SessionServer, "screen">,
  { session, until, text }: Pick<TypingRequest, "session" | "until" | "text">,
  ended: Wait,
  clock: Pick<Clock, "after">,
): Wait {
  if (until === undefined) return ended;
  const shown = new ShownUntil(server, session, until, text, clock);
  return (ms, signal) => shown.end(ended, ms, signal);
}
