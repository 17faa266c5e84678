import { toDisposable, type Disposable } from "../../src/core/base/lifecycle";
import { OrchestratorError } from "../../src/core/model/errors";
import type {
  IdleResult,
  LifecycleEvent,
  RawListener,
  RawStream,
  Screen,
  ServerInfo,
  SessionEnd,
  SessionInfo,
  SessionServer,
  SessionSpec,
  TerminalLook,
  TerminalMode,
  RecentOutput,
} from "../../src/core/ports/sessions";
import { type FakeShell, FakeTerminal } from "./fakeTerminal";
import { nothingToDo } from "../../src/core/model/remedy";

/** All commands end with 0 and print nothing. */
export const agreeable: FakeShell = () => ({ status: 0 });

/** A session server in memory; its terminals run fake shells. Nothing waits for anything but promises. */
export class FakeServer implements SessionServer {
  readonly address = "unix:/fake";
  readonly terminals = new Map<string, FakeTerminal>();
  server_id: string | null = "fake-1";
  /** Asked before keys go to a terminal: what it throws stands for a connection that fails. */
  onInput: (name: string, keys: string) => void = () => undefined;
  readonly #watchers = new Set<(event: LifecycleEvent) => void>();

  /** What the shells of new sessions say that they are. */
  shellName: FakeTerminal["shellName"] = "bash";
  /** How new sessions take what is typed; undefined: the server cannot tell. */
  signs: FakeTerminal["mode"];

  constructor(public shell: FakeShell = agreeable) {}

  /** Throws `session_not_found`. */
  terminal(name: string): FakeTerminal {
    const terminal = this.terminals.get(name);
    if (terminal && !terminal.over) return terminal;
    throw new OrchestratorError("session_not_found", `There is no session ${name}.`, nothingToDo);
  }

  info(): Promise<ServerInfo> {
    const capabilities = { resize: true, tags: true, exitCodes: true, wholeOutput: true, restarts: true };
    const { address, server_id } = this;
    const about = { hostname: "fake", version: "1", implementation: "fake", era: "fake" };
    return Promise.resolve({ address, server_id, ...about, capabilities });
  }

  list(tags: readonly string[] = []): Promise<SessionInfo[]> {
    const living = [...this.terminals.values()].filter((each) => !each.over).map((each) => each.info);
    return Promise.resolve(living.filter((each) => tags.length === 0 || tags.some((tag) => each.tags.includes(tag))));
  }

  get(name: string): Promise<SessionInfo | undefined> {
    const terminal = this.terminals.get(name);
    return Promise.resolve(terminal && !terminal.over ? terminal.info : undefined);
  }

  create(spec: SessionSpec): Promise<SessionInfo> {
    if (this.terminals.get(spec.name)?.over === undefined && this.terminals.has(spec.name))
      return Promise.reject(
        new OrchestratorError("session_name_conflict", `There is a session ${spec.name}.`, nothingToDo),
      );
    const terminal = new FakeTerminal(spec, (text, of) => this.shell(text, of));
    terminal.shellName = this.shellName;
    terminal.mode = this.signs;
    this.terminals.set(spec.name, terminal);
    this.tell({ type: "created", name: spec.name });
    return Promise.resolve(terminal.info);
  }

  rename(): Promise<SessionInfo> {
    return Promise.reject(new Error("A fake session keeps its name."));
  }

  async tag(name: string, change: { add?: readonly string[]; remove?: readonly string[] }): Promise<SessionInfo> {
    return this.#with(name, (terminal) => {
      terminal.tag(change.add ?? [], change.remove ?? []);
      return terminal.info;
    });
  }

  kill(name: string): Promise<void> {
    const terminal = this.terminals.get(name);
    if (terminal && !terminal.over) this.end(name, null);
    return Promise.resolve();
  }

  detach(): Promise<void> {
    return Promise.resolve();
  }

  async sendInput(name: string, data: string | Uint8Array): Promise<void> {
    const keys = typeof data === "string" ? data : new TextDecoder().decode(data);
    return this.#with(name, (terminal) => {
      this.onInput(name, keys);
      terminal.type(keys);
    });
  }

  async screen(name: string): Promise<Screen> {
    return this.#with(name, (terminal) => terminal.screen);
  }

  async scrollback(name: string, lines: number): Promise<{ lines: Screen["lines"]; total_lines: number }> {
    return this.#with(name, ({ screen }) => ({ lines: screen.lines.slice(-lines), total_lines: screen.total_lines }));
  }

  async waitIdle(name: string): Promise<IdleResult> {
    return this.#with(name, ({ screen }) => ({ idle: true, generation: 1, screen }));
  }

  async resize(name: string, size: { rows: number; cols: number }): Promise<void> {
    return this.#with(name, (terminal) => terminal.resize(size));
  }

  endOf(name: string): Promise<SessionEnd | undefined> {
    return Promise.resolve(this.terminals.get(name)?.over);
  }

  async look(name: string): Promise<TerminalLook> {
    return { screen: await this.screen(name), signs: await this.terminalMode(name) };
  }

  recentOutput(): Promise<RecentOutput | undefined> {
    return Promise.resolve(undefined);
  }

  terminalMode(name: string): Promise<TerminalMode | undefined> {
    return this.#with(name, ({ mode }) => mode);
  }

  openRaw(name: string, listener: RawListener): RawStream {
    const terminal = this.terminals.get(name);
    const opened = this.#with(name, (each) => each.open(listener));
    opened.catch(() => undefined);
    return { opened, dispose: () => terminal?.listeners.delete(listener) };
  }

  openScreen(): RawStream {
    return { opened: Promise.reject(new Error("A fake server draws no pictures.")), dispose: () => undefined };
  }

  watch(listener: (event: LifecycleEvent) => void): Disposable {
    this.#watchers.add(listener);
    return toDisposable(() => this.#watchers.delete(listener));
  }

  close(): void {
    this.#watchers.clear();
  }

  tell(event: LifecycleEvent): void {
    for (const watcher of [...this.#watchers]) watcher(event);
  }

  /** A session comes to its end. */
  end(name: string, exit_code: number | null, last_lines?: readonly string[]): void {
    this.terminal(name).close(exit_code, last_lines);
    this.tell({ type: "destroyed", name, end: { exit_code } });
  }

  #with<T>(name: string, use: (terminal: FakeTerminal) => T): Promise<T> {
    return new Promise((resolve) => resolve(use(this.terminal(name))));
  }
}
