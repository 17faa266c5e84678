import { deferred } from "../../core/base/async";
import type { Screen, Span } from "../../core/ports/sessions";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { type FoundSession, findSession } from "../sessionLookup";
import { plainRow, styledRow } from "../../core/session/styledText";

export interface PullOptions {
  readonly lines?: number;
  readonly follow?: boolean;
  readonly styled?: boolean;
}

type Row = string | readonly Span[];

/** All that a server keeps, within reason. */
const mostLines = 10_000;

/** Screen and scrollback of any session. */
export async function pullSession(container: Container, query: string, options: PullOptions): Promise<ExitCode> {
  const found = await findSession(container, query);
  const format = options.styled ? "styled" : "plain";
  const { server } = found.chosen;
  const screen = await server.screen(found.wire, format);
  const wanted = options.lines ?? mostLines;
  const all = screen.alternate_active ? screen : await server.scrollback(found.wire, wanted + screen.rows, format);
  const rows = withoutBlankEnd(all.lines);
  print(container, found, rows.slice(-wanted), screen, options.styled ?? false);
  const last = all.total_lines - all.lines.length + Math.max(0, rows.length - 1);
  if (options.follow)
    await followScreen(container, found, { last, text: plainRow(rows.at(-1) ?? "") }, options.styled ?? false);
  return container.interrupts.signal.aborted ? exitCode.interrupted : exitCode.done;
}

function withoutBlankEnd(rows: readonly Row[]): readonly Row[] {
  const last = rows.findLastIndex((row) => plainRow(row).trim() !== "");
  return rows.slice(0, last + 1);
}

function print(
  { output }: Container,
  found: FoundSession,
  rows: readonly Row[],
  screen: Screen,
  styled: boolean,
): void {
  const lines = rows.map(styled ? styledRow : plainRow);
  if (output.json)
    output.document({ session: found.name, lines, cursor: screen.cursor, alternate_active: screen.alternate_active });
  else for (const line of lines) output.raw(`${line.trimEnd()}\n`);
}

/**
 * As JSON one picture for each change; as text the lines that are finished, like `tail -f`. Ends with the session, or
 * when interrupted.
 */
async function followScreen(
  container: Container,
  found: FoundSession,
  printed: PrintedEnd,
  styled: boolean,
): Promise<void> {
  const { interrupts, output } = container;
  const over = deferred<undefined>();
  const tail = new FinishedLines(found, printed, styled);
  let queue = Promise.resolve();
  let newest: Screen | undefined;
  const stream = found.chosen.server.openScreen(found.wire, styled ? "styled" : "plain", {
    screen: (screen) => {
      newest = screen;
      if (output.json) {
        queue = queue
          .then(() => print(container, found, withoutBlankEnd(screen.lines), screen, styled))
          .then(() => output.drained());
        return;
      }
      queue = queue.then(async () => {
        // Pictures that came while this one waited are in the newest.
        for (const line of newest ? await tail.after(newest) : []) output.raw(`${line.trimEnd()}\n`);
        await output.drained();
      });
      queue.catch((error: unknown) => over.reject(error));
    },
    ended: () => over.resolve(undefined),
  });
  interrupts.busy = true;
  for (const signal of [interrupts.signal, output.unread]) {
    if (signal.aborted) over.resolve(undefined);
    signal.addEventListener("abort", () => over.resolve(undefined), { once: true });
  }
  try {
    await stream.opened;
    await over.promise;
    await queue;
  } finally {
    interrupts.busy = false;
    stream.dispose();
  }
}

/** The last line of the first picture: it may go on. */
interface PrintedEnd {
  /** Its number in history and screen together. */
  readonly last: number;
  readonly text: string;
}

/** Lines above the cursor are finished; each is given once, by its number in history and screen together. */
class FinishedLines {
  #next: number;
  #unfinished: string;

  constructor(
    private readonly found: FoundSession,
    printed: PrintedEnd,
    private readonly styled: boolean,
  ) {
    this.#next = printed.last;
    this.#unfinished = printed.text;
  }

  async after(screen: Screen): Promise<string[]> {
    if (screen.alternate_active) return [];
    const top = Math.max(0, screen.total_lines - screen.rows);
    const end = top + screen.cursor.row;
    const from = this.#next;
    // Also back: a screen that was cleared begins anew.
    this.#next = end;
    if (end <= from) return [];
    const rows = from >= top ? screen.lines.slice(from - top, end - top) : await this.#fromHistory(from, end, screen);
    const known = this.#unfinished !== "" && plainRow(rows[0] ?? "").trimEnd() === this.#unfinished.trimEnd();
    this.#unfinished = "";
    return (known ? rows.slice(1) : rows).map(this.styled ? styledRow : plainRow);
  }

  async #fromHistory(from: number, end: number, screen: Screen): Promise<readonly Row[]> {
    const { server } = this.found.chosen;
    const { lines, total_lines } = await server.scrollback(
      this.found.wire,
      Math.min(mostLines, screen.total_lines - from),
      this.styled ? "styled" : "plain",
    );
    const first = total_lines - lines.length;
    return lines.slice(Math.max(0, from - first), Math.max(0, end - first));
  }
}
