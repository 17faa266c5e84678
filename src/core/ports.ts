import type { Disposable } from "./base/lifecycle";
import type { ContextEntry, EntryDraft } from "./model/entry";
import type { ProjectContext } from "./model/project";
import type { SessionContext } from "./model/session";
import type { ProjectSnapshot } from "./model/snapshot";
import type { StoredState } from "./model/storedState";

/** What the engine needs of the world. Adapters implement these; tests may too. */

export interface Clock {
  /** Milliseconds since 1970, for people's eyes. */
  now(): number;
  /** Milliseconds that never go back, for durations. */
  monotonic(): number;
  /** Calls back once after `ms`; disposing cancels. Does not keep the process alive by itself. */
  after(ms: number, callback: () => void): Disposable;
}

export interface Ids {
  /** A ULID, increasing within this process also when the clock goes back. */
  next(): string;
  /** Random lower-case hex, unguessable. */
  secret(bytes: number): string;
}

export interface Logger {
  debug(message: string): void;
  warn(message: string): void;
}

/* ------------------------------------------------------------------ ledger */

/**
 * `synced`: on the disk when the promise resolves (commands, results, answers, approvals, hand-overs).
 * `written`: with the operating system, on the disk within a second (heartbeats, states).
 */
export type Durability = "synced" | "written";

/** A place in the record, in the order that counts: segment, then byte offset. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

export interface StoredEntry {
  readonly entry: ContextEntry;
  /** Where the entry begins. */
  readonly at: Position;
  /** Where reading goes on after it. */
  readonly next: Position;
}

/** What the writer of snapshots leaves beside the events; all of it can be rebuilt from them. */
export interface DerivedFiles {
  readonly snapshot: ProjectSnapshot;
  readonly sessions: readonly SessionContext[];
  /** SNAPSHOT.md */
  readonly markdown: string;
  /** The events up to here are in it. */
  readonly upTo: Position;
}

/** The state that the record gives up to a place, so that who only looks need not read all of it. */
export interface Checkpoint {
  readonly state: StoredState;
  readonly upTo: Position;
  /** The newest of all ids up to there. */
  readonly newest_id: string;
}

/** `unhurried`: for who only looks; what is appended may come a tenth of a second later, together. */
export type FollowPace = "at_once" | "unhurried";

/** One project's record. Several processes may append at once. */
export interface Ledger {
  readonly project_id: string;
  /**
   * Gives the draft its id and time, removes secrets and control characters, appends. Resolves as `durability` says.
   */
  append(draft: EntryDraft, durability: Durability): Promise<ContextEntry>;
  /** All readable entries from a position (default: the beginning) to the present end, each id once. */
  read(from?: Position): AsyncIterable<StoredEntry>;
  /** The newest `count` entries, oldest first, at the same cost for any length of the record. */
  last(count: number): Promise<ContextEntry[]>;
  /** As `read`, then everything that any process appends later, until the signal is aborted. */
  follow(from: Position | undefined, signal: AbortSignal, pace?: FollowPace): AsyncIterable<StoredEntry>;
  writeDerived(files: DerivedFiles): Promise<void>;
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /**
   * What `writeCheckpoint` left; undefined when there is none that is whole, of this version and in step with the
   * events.
   */
  readCheckpoint(): Promise<Checkpoint | undefined>;
  /** Rewrites project.json (temporary file and rename). */
  writeProject(project: ProjectContext): Promise<void>;
  readProject(): Promise<ProjectContext>;
  /** The text of plan.yaml, or undefined. */
  readPlan(): Promise<string | undefined>;
  writePlan(text: string): Promise<void>;
  /** Resolves when everything appended so far is on the disk. */
  flush(): Promise<void>;
  /**
   * Writes what is queued. For who must leave: after `withinMs` the rest is refused, and it throws how many entries
   * were not written.
   */
  close(withinMs?: number): Promise<void>;
}

/** The `.orchestrator` folder of one workspace. */
export interface ProjectStore {
  /** Absolute path of the workspace: the folder that holds `.orchestrator`. */
  readonly workspace: string;
  /** Ids of the projects, sorted; empty when there is no folder yet. */
  list(): Promise<string[]>;
  /** Opens a project's record; throws `project_not_found`. */
  open(project_id: string): Promise<Ledger>;
  /** Opens it, making folder and project.json when there is none. */
  create(project: ProjectContext): Promise<Ledger>;
}

/* ---------------------------------------------------------------- sessions */

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
  /** Host name of the server that has it, where servers are federated; null when it does not say. */
  readonly server: string | null;
}

export interface SessionSpec {
  readonly name: string;
  /** Passed to the server's `/bin/sh -ic`; absent: the user's shell. */
  readonly command?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
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
}

/** Receives a session's output as it comes. Nothing is replayed: the first bytes are those after `opened`. */
export interface RawListener {
  data(bytes: Uint8Array): void;
  /** Output was lost: the connection broke and was made again, or the server says that it skipped some. */
  gap(): void;
  /** The session is over; nothing follows. */
  ended(end: SessionEnd): void;
}

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
   * the prompt. Never repeated once bytes may have left.
   */
  sendInput(name: string, data: string | Uint8Array, signal?: AbortSignal): Promise<void>;
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
  openRaw(name: string, listener: RawListener): RawStream;
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
}

/* ------------------------------------------------------------------ safety */

export type Verdict = "allow" | "ask" | "deny";

export interface PolicyDecision {
  readonly verdict: Verdict;
  /** For people: what it would do and why somebody should look. Empty when allowed. */
  readonly reason: string;
  /** The rule that decided. */
  readonly rule: string;
}

/** Decides about text before it is typed. Pure and fast (below a millisecond). */
export interface Policy {
  /** `shell`: the shell's name, or `program` for what is no shell. */
  decide(command: string, context: { shell: string; cwd: string }): PolicyDecision;
}

/* --------------------------------------------------------------- machine */

/** This process and others of this user, for the question who drives. */
export interface Processes {
  readonly host: string;
  readonly pid: number;
  /** When this process began, as the system says it; tells a reused pid apart. */
  readonly started_at: string;
  /**
   * Whether that process is still the same living one; undefined when nobody can tell: it runs on another host, or was
   * stopped (SIGSTOP).
   */
  isAlive(process: { host: string; pid: number; started_at: string }): Promise<boolean | undefined>;
}

export interface GitState {
  readonly head: string;
  readonly branch: string | null;
  /** Files with uncommitted changes. */
  readonly dirty: number;
}

/** The folders that tasks run in, as far as this machine can see them. */
export interface Folders {
  /** Absolute path of `path` relative to `base`. */
  resolve(base: string, path: string): string;
  /** False when it is missing or no folder; true when it is one, or when the sessions run on another machine. */
  isFolder(path: string): Promise<boolean>;
  /** Undefined outside of a git work tree. */
  gitState(path: string): Promise<GitState | undefined>;
}
