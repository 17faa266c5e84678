import type { Disposable } from "../base/lifecycle";
import type { CommandTarget, Hit } from "./targets";

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

/** This process and others of this user, for the question who runs a project. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When this process began, as the system says it; tells a reused pid apart. */
  readonly started_at: string;
}

export interface Processes extends ProcessIdentity {
  /**
   * Whether that process is still the same living one; undefined when nobody can tell: it runs on another host, or was
   * stopped (SIGSTOP).
   */
  isAlive(process: ProcessIdentity): Promise<boolean | undefined>;
}

export interface GitState {
  readonly head: string;
  readonly branch: string | null;
  /** Files with uncommitted changes. */
  readonly dirty: number;
}

/** Ports of this machine, on its own addresses. */
export interface LocalPorts {
  /** Whether a program accepts connections to that port on 127.0.0.1 or ::1 now; a look takes a second at most. */
  isOpen(port: number): Promise<boolean>;
}

/** The folders that tasks run in, as far as this machine can see them. */
export interface Folders {
  /** Absolute path of `path` relative to `base`. */
  resolve(base: string, path: string): string;
  /** False when it is missing or no folder; true when it is one, or when the sessions run on another machine. */
  isFolder(path: string): Promise<boolean>;
  /** Whether both are one folder, by whatever names; by the names alone where nothing can be said about them. */
  isSame(one: string, other: string): Promise<boolean>;
  /** Undefined outside of a git work tree. */
  gitState(path: string): Promise<GitState | undefined>;
  /**
   * What is there now of what a command would remove or overwrite, as far as one second is enough; only looks.
   * `workspace`: the folder of the own record. Undefined: nothing is known.
   */
  hitBy(targets: readonly CommandTarget[], workspace: string): Promise<Hit | undefined>;
}
