import type {
  RawListener,
  Screen,
  SessionEnd,
  SessionInfo,
  SessionSpec,
  TerminalMode,
} from "../../src/core/ports/sessions";

/** What becomes of a line that a fake shell reads. */
export type FakeAnswer =
  /** It ends at once. */
  | { readonly status: number; readonly output?: string }
  /** It runs until `finish`, Ctrl-C or the session's end. */
  | "runs"
  /** The shell refuses it: a new prompt, and neither a start nor an end. */
  | "refused";

/** What a fake shell does with each line; `text` is the command as it was meant, without paste marks and `eval`. */
export type FakeShell = (text: string, terminal: FakeTerminal) => FakeAnswer;

const encoder = new TextEncoder();
const pasted = /^\x1b\[200~ (.*)\x1b\[201~\r$/s;
const evaluated = /^eval '(?:\{\n)?(.*?)(?:\n\})?'$/s;

/**
 * A terminal with a bash that prints our marks as the real one does, in memory and at once: prompts with numbers and
 * last results, echo, start and end of commands, a prompt that is drawn again after a resize. Streams see what is
 * printed while they are open.
 */
export class FakeTerminal {
  readonly listeners = new Set<RawListener>();
  /** All that was typed here, as it came. */
  readonly typed: string[] = [];
  /** The commands that the shell read. */
  readonly commands: string[] = [];
  rows: number;
  cols: number;
  /** Which integration its marks are of. */
  shellName: "bash" | "zsh" | "fish" = "bash";
  /** How it takes what is typed; undefined where the server cannot tell. */
  mode: TerminalMode | undefined;
  /** Says nothing to a resize: something runs in front, or hangs. */
  deaf = false;
  /** Sees keys before the shell does, which does not get them when it gives true. */
  takes: (keys: string) => boolean = () => false;
  /** Draws the text that stands on a prompt which is drawn again; a loaded machine sends it a moment later. */
  drawsDraft: (draw: () => void) => void = (draw) => draw();
  readonly #key: string;
  readonly #tags: Set<string>;
  #n = 1;
  #issue = 1;
  #results = "";
  #draft = "";
  #running: string | undefined;
  #cwd: string;
  #text = "";
  #end: SessionEnd | undefined;

  constructor(
    readonly spec: SessionSpec,
    private readonly shell: FakeShell,
  ) {
    this.#key = spec.env?.["WO_K"] ?? "";
    this.#tags = new Set(spec.tags);
    this.#cwd = spec.cwd ?? "/";
    this.rows = spec.rows ?? 24;
    this.cols = spec.cols ?? 80;
  }

  get info(): SessionInfo {
    const { spec, rows, cols } = this;
    return {
      name: spec.name,
      pid: 1,
      command: spec.command ?? "",
      rows,
      cols,
      clients: this.listeners.size,
      tags: [...this.#tags],
      last_activity_ms: 0,
      server: null,
    };
  }

  get over(): SessionEnd | undefined {
    return this.#end;
  }

  /** The command that runs. */
  get running(): string | undefined {
    return this.#running;
  }

  get screen(): Screen {
    const rows = this.#text.split("\n").slice(-this.rows);
    const lines = [...rows, ...Array<string>(Math.max(0, this.rows - rows.length)).fill("")];
    const cursor = { row: rows.length - 1, col: rows.at(-1)?.length ?? 0, visible: true };
    return { lines, cursor, rows: this.rows, cols: this.cols, total_lines: lines.length, alternate_active: false };
  }

  /** Somebody's keys, or ours. */
  type(keys: string): void {
    this.typed.push(keys);
    if (this.mode && keys.endsWith("\r")) this.mode = { ...this.mode, entered: (this.mode.entered ?? 0) + 1 };
    if (this.takes(keys)) return;
    if (keys === "\x03") {
      this.#interrupted();
      return;
    }
    if (this.#running !== undefined) return;
    if (this.isProgram) {
      this.#typeAtProgram(keys);
      return;
    }
    const line = pasted.exec(keys)?.[1];
    if (line === undefined) {
      this.#draft += keys;
      this.print(keys);
      return;
    }
    this.print(` ${this.#draft}${line}\r\n`);
    this.#read(evaluated.exec(line)?.[1]?.replaceAll(String.raw`'\''`, "'") ?? line);
  }

  /** No shell of ours: it prompts, shows what is typed, and takes it at Enter. */
  get isProgram(): boolean {
    return this.#key === "";
  }

  #typeAtProgram(keys: string): void {
    if (!keys.endsWith("\r")) {
      this.#draft += keys.replace(/\x1b\[20[01]~/g, "");
      this.print(keys.replace(/\x1b\[20[01]~/g, "").replaceAll("\n", "\r\n"));
      return;
    }
    this.print("\r\n");
    const text = this.#draft;
    this.#draft = "";
    this.commands.push(text);
    const answer = this.shell(text, this);
    if (answer === "runs") this.#running = text;
    else {
      if (answer !== "refused") this.print(answer.output ?? "");
      this.#draw();
    }
  }

  /** Output of whatever runs. */
  print(text: string): void {
    this.#text += text.replaceAll("\r", "").replace(/\x1b\][^\x07]*\x07/g, "");
    for (const listener of this.listeners) listener.data(encoder.encode(text));
  }

  /** What runs ends. */
  finish(status: number, output = ""): void {
    this.print(output);
    if (this.isProgram) {
      this.#running = undefined;
      this.#draw();
      return;
    }
    this.#mark(`D;${status}`);
    this.#results = `${this.#n}:${status},${this.#results}`.slice(0, 60);
    this.#n++;
    this.#running = undefined;
    this.#prompt();
  }

  /** A stream that was cut and made again. */
  loseBytes(): void {
    for (const listener of this.listeners) listener.gap();
  }

  resize(size: { rows: number; cols: number }): void {
    this.rows = size.rows;
    this.cols = size.cols;
    if (this.#running === undefined && !this.deaf) this.#draw();
  }

  /** The session is over; `exit_code` as its server tells it. */
  close(exit_code: number | null, last_lines?: readonly string[]): void {
    this.#end ??= { exit_code, last_lines };
    for (const listener of [...this.listeners]) listener.ended(this.#end);
    this.listeners.clear();
  }

  /** A stream sees the prompt that the shell prints after its start. */
  open(listener: RawListener): void {
    this.listeners.add(listener);
    if (this.#text === "") this.#draw();
  }

  tag(add: readonly string[], remove: readonly string[]): void {
    for (const tag of add) this.#tags.add(tag);
    for (const tag of remove) this.#tags.delete(tag);
  }

  #read(text: string): void {
    this.#draft = "";
    this.commands.push(text);
    const answer = this.shell(text, this);
    if (answer === "refused") {
      this.#prompt();
      return;
    }
    this.#running = text;
    this.#mark("C");
    const folder = /^cd '(.*)'$/.exec(text)?.[1];
    if (folder !== undefined) this.#cwd = folder;
    if (answer !== "runs") this.finish(answer.status, answer.output);
  }

  #interrupted(): void {
    this.print("^C\r\n");
    this.#draft = "";
    if (this.#running === undefined) this.#prompt();
    else this.finish(130);
  }

  #prompt(): void {
    this.#issue++;
    this.#draw();
  }

  #draw(): void {
    if (this.isProgram) {
      this.print("> ");
      return;
    }
    const fields = `;s=${this.shellName};i=${this.#issue};l=${this.#results}`;
    this.#mark("A", `;d=${this.#cwd}${fields}`);
    this.print("$ ");
    this.#mark("B", fields);
    const draft = this.#draft;
    if (draft !== "") this.drawsDraft(() => this.print(draft));
  }

  #mark(what: string, fields = ""): void {
    this.print(`\x1b]133;${what};k=${this.#key};n=${this.#n}${fields}\x07`);
  }
}
