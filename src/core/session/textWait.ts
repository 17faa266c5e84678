import { DisposableStore } from "../base/lifecycle";
import { hasCode } from "../model/errors";
import type { ScreenPattern } from "../model/screenPattern";
import type { Clock } from "../ports/machine";
import type { Screen, SessionServer } from "../ports/sessions";
import type { CommandOutput } from "../sense/commandOutput";
import { OutputSearch } from "../sense/outputSearch";
import { linesSince, rowsBehindEcho } from "../sense/programScreen";
import type { SeenScreen } from "../sense/seenScreen";
import { pause } from "./pause";
import { seenScreen } from "./seenScreen";
import type { ShellSession } from "./shellSession";

/** What is printed is searched this long after it began to come, so that a flood is searched in large pieces. */
const gatherMs = 50;
/** Where the screen has to tell, it is looked at no more often while output comes. */
const lookMs = 200;
/** Rows that may hold what the last command has printed before somebody waited. */
const earlierRows = 2000;
/** All that a server keeps, within reason. */
const mostRows = 10_000;
const lineFeed = 0x0a;

export interface TextWaitOptions {
  /** It is open. */
  readonly session: ShellSession;
  readonly server: Pick<SessionServer, "screen" | "scrollback" | "openRaw" | "endOf">;
  readonly clock: Pick<Clock, "after">;
  readonly pattern: ScreenPattern;
  /** The command that was typed there last, where that is known: neither its echo counts, nor what stands above that. */
  readonly typed?: string | undefined;
  /** What stands there already does not count. */
  readonly onlyNew: boolean;
}

/**
 * Waits until a session shows a text: what stands there now, unless only what comes counts, and all that comes. Of a shell
 * with marks only what commands print counts then, not what is typed at its prompt; of anything else its screen, with what
 * has scrolled away meanwhile. Gives the line in which the text ends; undefined where the session ended without it. Throws
 * the signal's reason, and what the server throws other than that it is away.
 */
export async function untilText(options: TextWaitOptions, signal: AbortSignal): Promise<string | undefined> {
  const wait = new TextWait(options, signal);
  try {
    return await wait.found();
  } finally {
    wait.dispose();
  }
}

class TextWait {
  readonly #store = new DisposableStore();
  /** Of the commands that ran since, in their order; the last one may still print. */
  readonly #outputs: CommandOutput[] = [];
  #search: OutputSearch | undefined;
  #activity = 0;
  /** Rows that were printed since the last look, at most. */
  #printed = 0;
  #seen: Screen | undefined;
  /** What stood there at first, where that does not count. */
  #before: SeenScreen | undefined;

  constructor(
    private readonly options: TextWaitOptions,
    private readonly signal: AbortSignal,
  ) {
    const { session, server } = options;
    const { wire, cols } = session.identity;
    this.#store.add(session.onActivity(() => this.#activity++));
    // A command may be over before anybody looks: its output is kept from its start on.
    const take = (): void => {
      const { runningOutput } = session.marks;
      if (runningOutput) this.#outputs.push(runningOutput);
    };
    this.#store.add(session.marks.onEvent(({ type }) => (type === "started" ? take() : undefined)));
    take();
    this.#store.add(
      server.openRaw(wire, {
        data: (bytes) => (this.#printed += rowsOf(bytes, cols)),
        gap: () => (this.#printed = mostRows),
        ended: () => undefined,
      }),
    );
  }

  async found(): Promise<string | undefined> {
    const { session } = this.options;
    const there = await this.#first();
    if (there !== undefined) return there;
    for (let looked = this.#activity; ;) {
      await session.until(() => (session.over || this.#activity !== looked ? true : undefined), undefined, this.signal);
      if (!session.over) await pause(this.options.clock, gatherMs, this.signal);
      looked = this.#activity;
      const over = session.over !== undefined;
      const line = (await this.#printedLine()) ?? (over ? await this.#lastLine() : await this.#shownLine());
      if (line !== undefined || over) return line;
    }
  }

  dispose(): void {
    this.#store.dispose();
    this.#search?.dispose();
  }

  /** What stands there when somebody begins to wait. */
  async #first(): Promise<string | undefined> {
    const { server, session, typed, onlyNew } = this.options;
    const { wire } = session.identity;
    const screen = await this.#ask(() => server.screen(wire, "plain", this.signal));
    if (!screen) return undefined;
    this.#seen = screen;
    this.#printed = 0;
    const seen = seenScreen(screen);
    if (onlyNew) {
      this.#before = seen;
      return undefined;
    }
    if (typed === undefined || screen.alternate_active) return this.#lineIn(linesSince(undefined, seen, typed ?? ""));
    const read = await this.#ask(() => server.scrollback(wire, earlierRows, "plain", this.signal));
    const behind = read && rowsBehindEcho(plain(read.lines), typed);
    return this.#lineIn(behind ? [behind] : linesSince(undefined, seen, typed));
  }

  /** What commands have printed, as the marks tell. */
  async #printedLine(): Promise<string | undefined> {
    const { pattern, session } = this.options;
    for (;;) {
      const [output, next] = this.#outputs;
      if (!output) return undefined;
      this.#search ??= new OutputSearch(pattern, session.identity, this.#rest);
      const line = await this.#search.lineIn(output);
      if (line !== undefined) return line;
      const ended = next !== undefined || session.marks.runningOutput !== output;
      if (!ended) return undefined;
      // Its last bytes may have come while it was searched.
      const last = await this.#search.lineIn(output);
      if (last !== undefined) return last;
      this.#outputs.shift();
      this.#search.dispose();
      this.#search = undefined;
    }
  }

  /** What the screen shows, where no marks tell what is printed, or a full-screen program draws it. */
  async #shownLine(): Promise<string | undefined> {
    const { session, server, typed } = this.options;
    const { wire } = session.identity;
    if (session.marks.n > 0 && !session.told.facts.alternate) return undefined;
    const printed = this.#printed;
    const screen = await this.#ask(() => server.screen(wire, "plain", this.signal));
    if (!screen) return undefined;
    const above = scrolledAway(this.#seen, screen, printed);
    this.#seen = screen;
    this.#printed -= printed;
    const seen = seenScreen(screen);
    const read =
      above === 0
        ? undefined
        : await this.#ask(() => server.scrollback(wire, Math.min(mostRows, above + screen.rows), "plain", this.signal));
    const now = read ? { ...seen, lines: plain(read.lines) } : seen;
    const line = await this.#lineIn(linesSince(this.#before, now, typed ?? ""));
    if (line === undefined) await pause(this.options.clock, lookMs - gatherMs, this.signal);
    return line;
  }

  /** What stood there when the session ended, where its server keeps it. */
  async #lastLine(): Promise<string | undefined> {
    const { session, server, typed } = this.options;
    if (session.marks.n > 0) return undefined;
    const end = await this.#ask(() => server.endOf(session.identity.wire, this.signal));
    if (!end?.last_lines) return undefined;
    const now = { lines: end.last_lines, cursor: { row: 0, col: 0 }, alternate_active: false };
    return this.#lineIn(linesSince(this.#before, now, typed ?? ""));
  }

  async #lineIn(blocks: readonly string[][]): Promise<string | undefined> {
    for (const lines of blocks) {
      const end = await this.options.pattern.endIn(lines, this.#rest);
      if (end !== undefined) return lines[end];
    }
    return undefined;
  }

  /** Undefined where the session or its server is not there: both are told elsewhere. */
  async #ask<T>(asking: () => Promise<T>): Promise<T | undefined> {
    try {
      return await asking();
    } catch (error) {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
      return undefined;
    }
  }

  readonly #rest = (): Promise<void> => pause(this.options.clock, 0, this.signal);
}

/** Rows that bytes fill, at most. */
function rowsOf(bytes: Uint8Array, cols: number): number {
  let rows = Math.ceil(bytes.length / Math.max(1, cols));
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) rows++;
  return rows;
}

/** Rows that have left the screen at its top since then. A full history does not grow: there only `printed` is known. */
function scrolledAway(before: Screen | undefined, now: Screen, printed: number): number {
  if (!before || now.alternate_active || before.alternate_active) return 0;
  const grown = now.total_lines - before.total_lines;
  if (grown !== 0 || now.total_lines <= now.rows || now.lines[0] === before.lines[0]) return Math.max(0, grown);
  return Math.min(mostRows, printed);
}

function plain(rows: Screen["lines"]): string[] {
  return rows.map((row) => (typeof row === "string" ? row : ""));
}
