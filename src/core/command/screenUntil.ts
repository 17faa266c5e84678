import { hasCode } from "../model/errors";
import type { ScreenPattern } from "../model/screenPattern";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { CommandOutput } from "../sense/commandOutput";
import { OutputSearch } from "../sense/outputSearch";
import { linesSince, rowsBehindEcho } from "../sense/programScreen";
import type { CommandEnd } from "../session/commandEnds";
import { pause } from "../session/pause";
import { seenScreen } from "../session/seenScreen";
import type { ShellSession } from "../session/shellSession";
import type { UntilCondition } from "./typingRequest";

/** What is printed is searched this long after it began to come, so that a flood is searched in large pieces. */
const gatherMs = 50;
/** Where only the screen tells, it is looked at this often while output comes. */
const lookMs = 500;
/** Rows above the screen that may hold what came while nobody looked: before the first look, and between two. */
const firstRows = 2000;
const laterRows = 500;

/** Follows a command until it shows something. */
export class ScreenUntil implements UntilCondition {
  /** The command's echo was found in the history once: what stands above the screen is its output, as far as it is read. */
  #knowsHistory = false;
  #looked = false;

  constructor(
    private readonly server: Pick<SessionServer, "screen" | "scrollback">,
    private readonly session: ShellSession,
    private readonly pattern: ScreenPattern,
    /** The command as it was typed: its echo does not count. */
    private readonly typed: string,
    private readonly clock: Pick<Clock, "after">,
  ) {}

  async holds(stop: AbortSignal): Promise<void> {
    const search = this.#search();
    try {
      await this.#shown(search, stop);
    } finally {
      search.dispose();
    }
  }

  /** A command may show it with its last words. */
  heldAtEnd({ output }: CommandEnd): Promise<boolean> {
    return output === undefined || output.incomplete ? this.#onScreen(undefined) : this.#isIn(output);
  }

  async #isIn(output: CommandOutput): Promise<boolean> {
    const search = this.#search();
    try {
      return await search.isIn(output);
    } finally {
      search.dispose();
    }
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

  async #onScreen(stop: AbortSignal | undefined): Promise<boolean> {
    try {
      for (const lines of await this.#blocks(stop)) if (await this.pattern.isIn(lines, this.#rest)) return true;
      return false;
    } catch (error) {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
      return false;
    }
  }

  /** What came since the command was typed, in blocks of rows that stand together. */
  async #blocks(stop: AbortSignal | undefined): Promise<readonly string[][]> {
    const { wire } = this.session.identity;
    const screen = seenScreen(await this.server.screen(wire, "plain", stop));
    const onScreen = linesSince(undefined, screen, this.typed);
    if (screen.alternate_active) return onScreen;
    const read = await this.server.scrollback(wire, this.#looked ? laterRows : firstRows, "plain", stop);
    this.#looked = true;
    const rows = read.lines.map((row) => (typeof row === "string" ? row : ""));
    const behind = rowsBehindEcho(rows, this.typed);
    this.#knowsHistory ||= behind !== undefined;
    // Without the echo it may be of a command before.
    return behind ? [behind] : this.#knowsHistory ? [rows] : onScreen;
  }
}
