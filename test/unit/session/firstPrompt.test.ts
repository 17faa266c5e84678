import { describe, expect, it } from "vitest";
import type { RawListener, Screen, SessionServer } from "../../../src/core/ports/sessions";
import { firstMode } from "../../../src/core/session/firstPrompt";
import { ShellSession } from "../../../src/core/session/shellSession";
import { FakeClock } from "../../support/fakeClock";

/** A shell that begins a wait anew whenever its terminal is resized, as fish 4 does for answers that never come. */
class AskingShell {
  readonly clock = new FakeClock();
  readonly resizedAt: number[] = [];
  #listener: RawListener | undefined;
  #shown = "";
  #timer: { dispose(): void } | undefined;

  constructor(
    private readonly waitMs: number,
    banner: string,
  ) {
    this.#begin();
    if (banner !== "") this.clock.after(20, () => this.#print(`${banner}\r\n`));
  }

  #begin(): void {
    this.#timer?.dispose();
    this.#timer = this.clock.after(this.waitMs, () => this.#prompt());
  }

  #print(text: string): void {
    this.#shown += text.replace(/\x1b\][^\x07]*\x07/g, "");
    this.#listener?.data(new TextEncoder().encode(text));
  }

  #prompt(): void {
    this.#timer = undefined;
    this.#print("\x1b]133;A;k=key;n=1;s=fish\x07> \x1b]133;B;k=key;n=1;s=fish\x07");
  }

  get server(): SessionServer {
    const screen = (): Screen => ({
      lines: this.#shown.split("\r\n"),
      cursor: { row: 0, col: 0, visible: true },
      rows: 50,
      cols: 200,
      total_lines: 50,
      alternate_active: false,
    });
    return {
      get: () => Promise.resolve({ rows: 50, cols: 200 }),
      screen: () => Promise.resolve(screen()),
      resize: () => {
        this.resizedAt.push(this.clock.monotonic());
        if (this.#timer) this.#begin();
        else this.#prompt();
        return Promise.resolve();
      },
      openRaw: (_name: string, listener: RawListener) => {
        this.#listener = listener;
        return { opened: Promise.resolve(), dispose: () => undefined };
      },
    } as unknown as SessionServer;
  }

  /** When its prompt was seen, in ms from its start. */
  async ready(): Promise<number | undefined> {
    const { clock, server } = this;
    const shell = new ShellSession(server, clock, { name: "s", wire: "s", key: "key", rows: 50, cols: 200 });
    await shell.open();
    let readyAt: number | undefined;
    const failed = (): Promise<Error> => Promise.resolve(new Error("not ready"));
    const { signal } = new AbortController();
    const world = { server, clock, slow: () => Promise.resolve(), ended: failed, never: failed };
    void firstMode(shell, "marks", world, signal).then(
      () => (readyAt = clock.monotonic()),
      () => undefined,
    );
    for (let passed = 0; passed < 100_000 && readyAt === undefined; passed += 50) await clock.advanceAsync(50);
    return readyAt;
  }
}

describe("a shell that asks its terminal at its start and gets no answer", () => {
  it.each([2_000, 10_000])("is not resized while it shows nothing, and is ready after its %i ms", async (waitMs) => {
    const shell = new AskingShell(waitMs, "");
    expect(await shell.ready()).toBeLessThan(waitMs + 200);
    expect(shell.resizedAt).toEqual([]);
  });

  it.each([2_000, 10_000])("gets ready behind a banner too, with %i ms to wait after each resize", async (waitMs) => {
    const shell = new AskingShell(waitMs, "Welcome");
    expect(await shell.ready()).toBeLessThan(2 * waitMs + 5_000);
  });
});
