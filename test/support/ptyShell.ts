import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type IPty, spawn } from "@lydell/node-pty";
import { type IntegratedShell, type ShellEvent, ShellMarks } from "../../src/core/sense/shellMarks";
import { type ShellMark, StreamScanner, type TerminalMode } from "../../src/core/sense/streamScanner";
import { integratedSession } from "../../src/core/sense/shellIntegration";
import { encodeCommand, interruptKey, type TypedForm, typedForm } from "../../src/core/sense/typing";
import { renderOutput } from "../../src/core/sense/renderOutput";
import { keepFishQuiet } from "./quietFish";

export interface PtyShellOptions {
  /** Absent: what SHELL says. */
  readonly shell?: string;
  /** Files of the home folder, by name; it has nothing else. */
  readonly home?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the integration's own. */
  readonly command?: string;
}

export interface CommandResult {
  readonly n: number;
  readonly status: number;
  readonly text: string;
}

const patienceMs = 15_000;

/** One shell with the integration on a pseudoterminal, in a home folder of its own. */
export class PtyShell {
  readonly marks: ShellMarks;
  readonly events: ShellEvent[] = [];
  readonly rawMarks: ShellMark[] = [];
  readonly modes: TerminalMode[] = [];
  readonly home: string;
  /** The folder for temporary files of everything in the session. */
  readonly temporary: string;
  /** Everything printed, as Latin-1. */
  printed = "";
  exitCode: number | undefined;
  readonly #pty: IPty;
  readonly #waiting = new Set<() => void>();
  #rows = 24;
  #unwritten: Uint8Array = new Uint8Array();
  #retry: NodeJS.Timeout | undefined;

  constructor(options: PtyShellOptions) {
    const key = "00c0ffee00c0ffee";
    this.home = mkdtempSync(join(tmpdir(), "pty-shell-"));
    this.temporary = mkdtempSync(join(tmpdir(), "pty-temporary-"));
    keepFishQuiet(join(this.home, ".local/share"));
    for (const name of Object.keys(options.home ?? {})) mkdirSync(dirname(join(this.home, name)), { recursive: true });
    for (const [name, text] of Object.entries(options.home ?? {})) writeFileSync(join(this.home, name), text);
    const session = integratedSession({ key, ...(options.shell !== undefined && { shell: options.shell }) });
    this.marks = new ShellMarks(key);
    this.marks.onEvent((event) => this.events.push(event));
    const scanner = new StreamScanner({
      mark: (mark) => {
        this.rawMarks.push(mark);
        this.marks.mark(mark);
      },
      printable: () => this.marks.printable(),
      cursor: (move) => this.marks.cursor(move),
      output: (bytes) => this.marks.output(bytes),
      mode: (mode) => this.modes.push(mode),
    });
    this.#pty = spawn("/bin/sh", ["-ic", options.command ?? session.command], {
      name: "xterm-256color",
      cols: 80,
      rows: this.#rows,
      cwd: this.home,
      encoding: null,
      env: {
        PATH: process.env["PATH"] ?? "/usr/bin:/bin",
        HOME: this.home,
        TMPDIR: this.temporary,
        LANG: "C.UTF-8",
        TERM: "xterm-256color",
        SHELL: "/bin/sh",
        ...session.env,
        ...options.env,
      },
    });
    this.#pty.onData((data) => {
      // Without an encoding the library delivers bytes, whatever its types say.
      const bytes = data as unknown as Uint8Array;
      this.printed += Buffer.from(bytes).toString("latin1");
      scanner.write(bytes);
      this.#changed();
    });
    this.#pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
      this.#changed();
    });
  }

  /** Resolves with the first truthy value of `find`, asked again whenever something was printed. */
  async until<T>(what: string, find: () => T | undefined | false | null, ms = patienceMs): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const done = (): void => {
        this.#waiting.delete(check);
        clearTimeout(timer);
      };
      const check = (): void => {
        const found = find();
        if (found === undefined || found === false || found === null) return;
        done();
        resolve(found);
      };
      const timer = setTimeout(() => {
        done();
        const events = this.events.map((event) => ("n" in event ? `${event.type} ${event.n}` : event.type)).join(", ");
        reject(
          new Error(
            `Waited ${ms} ms for ${what}. Events: ${events}. Printed: ${JSON.stringify(this.printed.slice(-2000))}`,
          ),
        );
      }, ms);
      this.#waiting.add(check);
      check();
    });
  }

  async ready(n?: number): Promise<number> {
    await this.until(`prompt ${n ?? ""}`, () => this.marks.ready && (n === undefined || this.marks.n >= n));
    return this.marks.n;
  }

  /** The next event of a type, counted from `from` (default: those already there count too). */
  async event<T extends ShellEvent["type"]>(type: T, from = 0): Promise<Extract<ShellEvent, { type: T }>> {
    return await this.until(`event ${type}`, () =>
      this.events.slice(from).find((event): event is Extract<ShellEvent, { type: T }> => event.type === type),
    );
  }

  /** The answer to whatever `act` does: the next prompt drawn, of any number. */
  async promptAfter(act: () => void): Promise<ShellEvent & { type: "ready" | "promptAgain" }> {
    const from = this.events.length;
    act();
    return await this.until("a prompt", () =>
      this.events
        .slice(from)
        .find(
          (event): event is ShellEvent & { type: "ready" | "promptAgain" } =>
            event.type === "ready" || event.type === "promptAgain",
        ),
    );
  }

  /** Waits until the running command has printed a text. */
  async output(text: string): Promise<void> {
    await this.until(`output ${JSON.stringify(text)}`, () =>
      visible(Buffer.from(this.marks.runningOutput?.bytes() ?? []).toString()).includes(text),
    );
  }

  /** What was printed since `printed` was emptied, without colors and cursor movement. */
  get visible(): string {
    return visible(this.printed);
  }

  /**
   * In order and whole, as the terminal takes it: the library's own write spins while a shell echoes a long paste, and
   * neither goes on.
   */
  write(text: string): void {
    this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(text)]);
    this.#flush();
  }

  interrupt(): void {
    this.write(interruptKey);
  }

  /**
   * Gives up what is typed, until a clean prompt comes. A shell that is drawing may not see the first Ctrl-C, and fish
   * may draw an empty prompt after it, so both are asked again.
   */
  async giveUp(): Promise<ShellEvent> {
    const from = this.events.length;
    this.interrupt();
    let tries = 0;
    const again = setInterval(() => {
      if (tries++ % 2 === 0) this.resize();
      else this.interrupt();
    }, 400);
    try {
      return await this.until(
        "a clean prompt",
        () => this.marks.clean && this.events.slice(from).findLast((event) => event.type === "promptAgain"),
      );
    } finally {
      clearInterval(again);
    }
  }

  /** Asks the prompt again without typing. */
  resize(): void {
    this.#rows = this.#rows === 24 ? 25 : 24;
    this.#pty.resize(80, this.#rows);
  }

  type(text: string, form: TypedForm = typedForm(text)): number {
    const { shell, version, n } = this.marks;
    if (!shell) throw new Error("No prompt was seen yet.");
    this.write(encodeCommand(text, { shell, version, form }));
    return n;
  }

  /** Types at the ready prompt and waits for the end of that command. */
  async run(text: string, form?: TypedForm): Promise<CommandResult> {
    await this.ready();
    const n = this.type(text, form);
    const ended = await this.until(`the end of ${JSON.stringify(text.slice(0, 60))}`, () =>
      this.events.find(
        (event): event is Extract<ShellEvent, { type: "ended" }> => event.type === "ended" && event.n === n,
      ),
    );
    const rendered = await renderOutput(ended.output?.bytes() ?? new Uint8Array(), { cols: 80, rows: this.#rows });
    return { n, status: ended.status, text: rendered.text };
  }

  async exited(): Promise<number> {
    return await this.until("the end of the session", () => this.exitCode);
  }

  /** Names of what is left in the temporary folder. */
  leftovers(): string[] {
    return readdirSync(this.temporary);
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#retry);
    this.#unwritten = new Uint8Array();
    if (this.exitCode === undefined) {
      this.#pty.kill("SIGKILL");
      await this.exited();
    }
    rmSync(this.home, { recursive: true, force: true });
    rmSync(this.temporary, { recursive: true, force: true });
  }

  #flush(): void {
    clearTimeout(this.#retry);
    // The descriptor is there, although the types do not name it.
    const { fd } = this.#pty as unknown as { readonly fd: number };
    while (this.#unwritten.length > 0 && this.exitCode === undefined) {
      try {
        this.#unwritten = this.#unwritten.subarray(writeSync(fd, this.#unwritten));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
        this.#retry = setTimeout(() => this.#flush(), 2);
        return;
      }
    }
  }

  #changed(): void {
    for (const check of [...this.#waiting]) check();
  }
}

/** Without colors, cursor movement, titles and marks. */
export function visible(text: string): string {
  return text.replace(/\x1b\[[\d;?]*[A-Za-z]|\x1b[=>]|\x1b\(B|\x1b\][^\x07]*\x07|[\r\b]/g, "");
}

export const integratedShells: readonly IntegratedShell[] = ["bash", "zsh", "fish"];
