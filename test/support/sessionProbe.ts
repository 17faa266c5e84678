import type { RawListener, RawStream, Screen, SessionEnd, SessionServer } from "../../src/core/ports/sessions";
import { until } from "./until";

/** A shell with a known prompt that reads no file of the user. */
export const plainShell = { command: "exec bash --norc --noprofile -i", env: { PS1: "$ " } };

/** A program of `script` that first takes the terminal out of the way of its bytes; it prints READY when it reads. */
export function rawProgram(script: string): string {
  return `stty raw -echo; printf READY; ${script}`;
}

/** The rows of a plain screen, without the empty ones. */
export function rowsOf(screen: Screen): string[] {
  return screen.lines.filter((line): line is string => typeof line === "string" && line !== "");
}

/** Waits until a row of the screen fulfils the condition and gives that screen. */
export function untilScreen(
  server: SessionServer,
  name: string,
  what: string,
  accept: (rows: string[], screen: Screen) => boolean,
): Promise<Screen> {
  return until(`the screen of ${name} shows ${what}`, async () => {
    const screen = await server.screen(name, "plain");
    return accept(rowsOf(screen), screen) ? screen : undefined;
  });
}

export function untilRow(server: SessionServer, name: string, row: string | RegExp): Promise<Screen> {
  const fits = (text: string): boolean => (typeof row === "string" ? text === row : row.test(text));
  return untilScreen(server, name, String(row), (rows) => rows.some(fits));
}

/** Collects a raw stream. `order` keeps what was told, so that a gap can be placed between bytes. */
export class RawProbe implements RawListener {
  readonly order: ("data" | "gap" | "ended")[] = [];
  readonly #chunks: Buffer[] = [];
  end: SessionEnd | undefined;
  stream!: RawStream;

  static async open(server: SessionServer, name: string): Promise<RawProbe> {
    const probe = new RawProbe();
    probe.stream = server.openRaw(name, probe);
    await probe.stream.opened;
    return probe;
  }

  data(bytes: Uint8Array): void {
    this.order.push("data");
    this.#chunks.push(Buffer.from(bytes));
  }

  gap(): void {
    this.order.push("gap");
  }

  ended(end: SessionEnd): void {
    this.order.push("ended");
    this.end = end;
  }

  get gaps(): number {
    return this.order.filter((each) => each === "gap").length;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  untilText(text: string): Promise<true> {
    return until(`the raw stream brings ${JSON.stringify(text)}`, () => this.bytes.includes(text));
  }

  untilEnded(): Promise<SessionEnd> {
    return until("the raw stream ends", () => this.end);
  }
}
