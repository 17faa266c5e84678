import { type IPty, spawn } from "@lydell/node-pty";
import { Terminal } from "@xterm/headless";
import { cliProgram } from "./cliWorld";
import { until } from "./until";

export interface PtyCliOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly cols?: number;
  readonly rows?: number;
  /** Runs instead of the command line. */
  readonly command?: readonly [string, ...string[]];
  /**
   * What the terminal answers when it is asked for its attributes, and with it whether it is told what runs in it; absent:
   * it is told nothing.
   */
  readonly answers?: string;
}

/** The real command line on a terminal that can be read. */
export class PtyCli {
  readonly #pty: IPty;
  readonly #terminal: Terminal;
  /** Everything it wrote, as it came. */
  written = "";
  exitCode: number | undefined;

  constructor(
    args: readonly string[],
    { env, cwd, cols = 80, rows = 24, answers, command = [process.execPath, cliProgram, ...args] }: PtyCliOptions,
  ) {
    this.#terminal = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 1000 });
    this.#pty = spawn(command[0], command.slice(1), {
      name: "xterm-256color",
      cols,
      rows,
      cwd,
      env: {
        ...env,
        TERM: "xterm-256color",
        ...(answers === undefined ? { WSH_ORCHESTRATOR_NO_SIGNALS: "1" } : {}),
      },
    });
    this.#pty.onData((data) => {
      this.written += data;
      if (answers !== undefined && data.includes("\u001b[c")) this.#pty.write(answers);
      this.#terminal.write(data);
    });
    this.#pty.onExit(({ exitCode }) => (this.exitCode = exitCode));
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** All lines, history too, without blanks at their ends and blank lines at the end. */
  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#terminal.write("", resolve));
    const { active } = this.#terminal.buffer;
    const all = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true).trimEnd() ?? "",
    );
    return all.slice(0, all.findLastIndex((line) => line !== "") + 1);
  }

  /** Waits until a line matches, and gives all lines. */
  shows(pattern: RegExp): Promise<string[]> {
    return until(`a line like ${pattern.source} in:\n${this.written}`, async () => {
      const lines = await this.lines();
      return lines.some((line) => pattern.test(line)) && lines;
    });
  }

  async exited(): Promise<number> {
    return until("its end", () => this.exitCode);
  }

  /** Whether the cursor is visible, and input is echoed line by line again, as far as the terminal was told. */
  get cursorVisible(): boolean {
    return this.written.lastIndexOf("\u001b[?25h") >= this.written.lastIndexOf("\u001b[?25l");
  }

  /** Whether a full-screen picture covers what stood there before. */
  get alternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  /** The modes that its programs have switched. */
  get modes(): Terminal["modes"] {
    return this.#terminal.modes;
  }

  /** Of the program that was started. */
  get pid(): number {
    return this.#pty.pid;
  }

  kill(): void {
    if (this.exitCode === undefined) this.#pty.kill("SIGKILL");
    this.#terminal.dispose();
  }
}
