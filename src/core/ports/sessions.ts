import type { Disposable } from "../base/lifecycle";
import type { ServerProcess } from "./servers";

export interface ServerInfo {
  /** `unix:/path` or `http://host:port`. */
  readonly address: string;
  /** Changes with every start of the server; null when it does not say. */
  readonly server_id: string | null;
  readonly hostname: string;
  readonly version: string;
  /** `wsh`, or the name of a compatible server. */
  readonly implementation: string;
  /** For people: which generation of the protocol it speaks. */
  readonly era: string;
  readonly capabilities: ServerCapabilities;
}

/** What differs between servers, so that nobody else needs to know their versions. */
export interface ServerCapabilities {
  /** A terminal can be resized, so a prompt can be asked again. */
  readonly resize: boolean;
  readonly tags: boolean;
  /** The exit code of an ended session is told. */
  readonly exitCodes: boolean;
  /** No output is left out, however fast it comes. */
  readonly wholeOutput: boolean;
  /** A restart is told by another `server_id`. */
  readonly restarts: boolean;
  /** A new session can have an environment of its own, and nothing of the server's. Absent: it can only be added to. */
  readonly replacesEnvironment?: boolean;
  /** It tells how a terminal takes what is typed. Absent: it does not. */
  readonly terminalMode?: boolean;
}

/** What a server knows of a session's terminal beside its screen. */
export interface TerminalSigns {
  /** The program in front; undefined where the server cannot tell. */
  readonly foreground: string | undefined;
  /** The title that a program set last; absent where none was set, or the server does not tell. */
  readonly title?: string;
  /** Progress of OSC 9;4, as it was told last; absent as the title is. */
  readonly progress?: "busy" | "error" | "paused" | "none";
  /** Counts output and input; see `sendInput`. Absent where the server does not tell. */
  readonly generation?: number;
  /** How often Enter was typed there, by whoever. Absent where the server does not tell. */
  readonly entered?: number;
  /** Reports of the Program Status Protocol that stand, as they came: what stands behind `7501;`. Absent as the title is. */
  readonly statuses?: readonly string[];
}

/** The end of what a terminal got. */
export interface RecentOutput {
  readonly text: string;
  /** What came before it is not kept. */
  readonly cut: boolean;
}

/** What is on a terminal and beside it, at one moment. */
export interface TerminalLook {
  readonly screen: Screen;
  readonly signs: TerminalSigns | undefined;
}

/** The same, and how it takes what is typed now. */
export interface TerminalMode extends TerminalSigns {
  /** It shows what is typed. Shells at their prompt and full-screen programs show it themselves instead. */
  readonly echo: boolean;
  /** It gives what is typed line by line; programs that edit what is typed take each key. */
  readonly canonical: boolean;
}

export interface SessionInfo {
  /** The wire name. */
  readonly name: string;
  readonly pid: number | null;
  readonly command: string;
  readonly rows: number;
  readonly cols: number;
  readonly clients: number;
  readonly tags: readonly string[];
  /** Milliseconds since the last input or output; null when the server does not say. */
  readonly last_activity_ms: number | null;
  /** Milliseconds since the last output; absent where the server does not tell output from input. */
  readonly last_output_ms?: number;
  /** Milliseconds since output said something new, where the server tells that: a meter that stands is drawn on. */
  readonly last_news_ms?: number;
  /** Host name of the server that has it, where servers are federated; null when it does not say. */
  readonly server: string | null;
}

export interface SessionSpec {
  readonly name: string;
  /** Passed to the server's `/bin/sh -ic`; absent: the user's shell. */
  readonly command?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `env` is all that the session has; only where the server can do that. */
  readonly replacesEnvironment?: boolean;
  readonly rows?: number;
  readonly cols?: number;
  readonly tags?: readonly string[];
}

export interface Color {
  readonly indexed?: number;
  readonly rgb?: { readonly r: number; readonly g: number; readonly b: number };
}

export interface Span {
  readonly text: string;
  readonly fg?: Color;
  readonly bg?: Color;
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strikethrough?: boolean;
  readonly blink?: boolean;
  readonly inverse?: boolean;
  /** Told by the built-in server only. */
  readonly invisible?: boolean;
  /** Where a link leads that the program made of this text (OSC 8); as it wrote it. Told by the built-in server only. */
  readonly link?: string;
}

export interface Screen {
  /** Top to bottom, `rows` of them; a plain row is text without trailing blanks, a styled one spans. */
  readonly lines: readonly (string | readonly Span[])[];
  readonly cursor: { readonly row: number; readonly col: number; readonly visible: boolean };
  readonly rows: number;
  readonly cols: number;
  /** History and screen together. */
  readonly total_lines: number;
  readonly alternate_active: boolean;
  /**
   * DEC private modes that change what a terminal sends, as far as they are on; absent where the server does not tell.
   * 66: application keypad.
   */
  readonly private_modes?: readonly number[];
  /** Milliseconds since the last input or output before this was read; absent where the server does not say. */
  readonly last_activity_ms?: number;
}

export type ScreenFormat = "plain" | "styled";

export interface IdleResult {
  /** False: still busy when the wait was over. */
  readonly idle: boolean;
  /** Counts activity; pass it on to wait for something newer. Null when busy. */
  readonly generation: number | null;
  readonly screen: Screen | null;
}

export interface IdleRequest {
  /** Silence wanted, at most 300,000 ms. */
  readonly quietMs: number;
  readonly maxWaitMs: number;
  readonly lastGeneration?: number;
  readonly fresh?: boolean;
}

/** How a session came to its end, as far as the server tells. */
export interface SessionEnd {
  readonly exit_code: number | null;
  /** What stood on its screen last, oldest first; absent where the server does not keep it. */
  readonly last_lines?: readonly string[] | undefined;
}

/** Receives a session's output as it comes. Nothing is replayed: the first bytes are those after `opened`. */
export interface RawListener {
  data(bytes: Uint8Array): void;
  /** Output was lost: the connection broke and was made again, or the server says that it skipped some. */
  gap(): void;
  /** The session is over; nothing follows. */
  ended(end: SessionEnd): void;
}

/**
 * Who reads a stream: a terminal that shows it to a person answers what programs ask of their terminal, a program does
 * not. Servers that answer themselves leave that to a terminal while there is one.
 */
export type RawReader = "terminal" | "program";

export interface RawStream extends Disposable {
  /** Resolves when output flows; rejects with `session_not_found` or `server_unreachable`. */
  readonly opened: Promise<void>;
}

export type LifecycleEvent =
  | { readonly type: "created"; readonly name: string }
  | { readonly type: "renamed"; readonly name: string; readonly newName: string }
  | { readonly type: "destroyed"; readonly name: string; readonly end: SessionEnd }
  | { readonly type: "tags_changed"; readonly name: string }
  /**
   * Connected (again): anything may have changed, list anew. `restarted`: the server is a new one, its old sessions are
   * gone.
   */
  | { readonly type: "connected"; readonly restarted: boolean }
  | { readonly type: "disconnected" };

/** Screen changes of one session, as full pictures. */
export interface ScreenListener {
  screen(screen: Screen): void;
  /**
   * What the screen probably is, put together from what changed; `screen` says soon how it is. For eyes: decide nothing
   * by it.
   */
  early?(screen: Screen): void;
  ended(end: SessionEnd): void;
}

/**
 * One session server. Names are wire names. Everything throws OrchestratorError: `session_not_found`,
 * `session_name_conflict`, `session_limit`, `server_unreachable`, `auth_required`, `auth_invalid`, `request_invalid`,
 * `response_invalid`, `server_error`, or the signal's reason.
 */
export interface SessionServer {
  readonly address: string;
  info(signal?: AbortSignal): Promise<ServerInfo>;
  /** Sessions with any of the tags; all without tags. */
  list(tags?: readonly string[], signal?: AbortSignal): Promise<SessionInfo[]>;
  get(name: string, signal?: AbortSignal): Promise<SessionInfo | undefined>;
  create(spec: SessionSpec, signal?: AbortSignal): Promise<SessionInfo>;
  rename(name: string, newName: string, signal?: AbortSignal): Promise<SessionInfo>;
  tag(
    name: string,
    change: { add?: readonly string[]; remove?: readonly string[] },
    signal?: AbortSignal,
  ): Promise<SessionInfo>;
  /** Ends the session; one that is gone already is no error. */
  kill(name: string, signal?: AbortSignal): Promise<void>;
  detach(name: string, signal?: AbortSignal): Promise<void>;
  /**
   * Types bytes, in one piece, once. `input_not_sent`: provably nothing arrived. `input_unconfirmed`: nobody knows; ask
   * the prompt. Never repeated once bytes may have left. `generation`: as `terminalMode` told it; nothing is typed and
   * it is `input_not_sent` where something came since then.
   */
  sendInput(name: string, data: string | Uint8Array, signal?: AbortSignal, generation?: number): Promise<void>;
  screen(name: string, format: ScreenFormat, signal?: AbortSignal): Promise<Screen>;
  /** The last `lines` rows of history and screen, oldest first, read in pages. */
  scrollback(
    name: string,
    lines: number,
    format: ScreenFormat,
    signal?: AbortSignal,
  ): Promise<{ lines: readonly (string | readonly Span[])[]; total_lines: number }>;
  waitIdle(name: string, request: IdleRequest, signal?: AbortSignal): Promise<IdleResult>;
  resize(name: string, size: { rows: number; cols: number }, signal?: AbortSignal): Promise<void>;
  /** How the last session of that name ended; undefined where the server keeps no ends, or has had none. */
  endOf(name: string, signal?: AbortSignal): Promise<SessionEnd | undefined>;
  /** A plain screen, with what is known beside it; that is undefined where the server cannot tell. */
  look(name: string, signal?: AbortSignal): Promise<TerminalLook>;
  /**
   * Undefined where the server cannot tell. How a terminal takes what is typed costs the server a process each time
   * that it is asked.
   */
  terminalMode(name: string, signal?: AbortSignal): Promise<TerminalMode | undefined>;
  /** The bytes that the terminal got last, as UTF-8; undefined where the server keeps none of them. */
  recentOutput(name: string, signal?: AbortSignal): Promise<RecentOutput | undefined>;
  /** `reader`: absent, a program. */
  openRaw(name: string, listener: RawListener, reader?: RawReader): RawStream;
  openScreen(name: string, format: ScreenFormat, listener: ScreenListener): RawStream;
  /** Lifecycle of all sessions; reconnects until disposed of. */
  watch(listener: (event: LifecycleEvent) => void): Disposable;
  /** Ends all connections of this client; sessions stay. */
  close(): void;
}

/** A server that was chosen for a project, as it was found. */
export interface ChosenServer {
  readonly server: SessionServer;
  readonly info: ServerInfo;
  /** Our own server, which may be started anew when it is gone. */
  readonly builtin: boolean;
  /** Of another server that is to run a project: its process, where it is known. */
  readonly process?: ServerProcess;
}
