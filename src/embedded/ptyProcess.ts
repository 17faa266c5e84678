import { closeSync, constants, existsSync, openSync, readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import type { OnReadOpts, SocketConstructorOpts } from "node:net";
import { constants as systemConstants } from "node:os";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import type { WireTerminal } from "../adapters/wsh/wire";
import { packageFolder } from "./launchCopy";
import { isWindows } from "./platform";
import { PtyInput } from "./ptyInput";
import { terminalMode } from "./terminalMode";

export interface PtyEnd {
  /** Null when a signal ended the process. */
  readonly exit_code: number | null;
  /** Such as `SIGKILL`; null when the process ended by itself. */
  readonly signal: string | null;
}

export interface PtyOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly cols: number;
  readonly onData: (bytes: Buffer) => void;
  /** Called once, after the last byte of output. */
  readonly onEnd: (end: PtyEnd) => void;
}

export interface PtyProcess {
  readonly pid: number;
  readonly input: PtyInput;
  resize(size: { rows: number; cols: number }): void;
  pause(): void;
  resume(): void;
  /** Reads what its terminal holds now, as far as one read goes. On Windows only its library reads. */
  readNow(): void;
  /** How its terminal takes what is typed; undefined when that cannot be told, as on Windows. */
  terminalMode(): Promise<Pick<WireTerminal, "echo" | "canonical"> | undefined>;
}

/** The compiled part of the PTY library. Its JavaScript part is not used on POSIX systems, see `startPosix`. */
interface NativePty {
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string };
  /** The last two: size in pixels, 0 when unknown. */
  resize(fd: number, cols: number, rows: number, width: number, height: number): void;
}

const libraryName = "@lydell/node-pty";
let loaded: { native: NativePty; helper: string } | undefined;

function loadNative(): { native: NativePty; helper: string } {
  if (loaded) return loaded;
  const folder = packageFolder(
    `${libraryName}-${process.platform}-${process.arch}`,
    packageFolder(libraryName, __filename),
  );
  // Newer releases of the library keep their compiled parts deeper.
  const folders = [folder, join(folder, "prebuilds", `${process.platform}-${process.arch}`)];
  const compiled = folders.find((candidate) => existsSync(join(candidate, "pty.node"))) ?? folder;
  loaded = {
    native: createRequire(__filename)(join(compiled, "pty.node")) as NativePty,
    helper: join(compiled, "spawn-helper"),
  };
  return loaded;
}

/** Loads what starts terminals: the copy on disk may be deleted while the server runs. A failure is told by the start. */
export function loadTerminals(): void {
  if (isWindows) return;
  try {
    loadNative();
  } catch {
    // `startPty` says why.
  }
}

function signalName(number: number): string | null {
  if (number === 0) return null;
  return Object.entries(systemConstants.signals).find(([, value]) => value === number)?.[0] ?? String(number);
}

/**
 * Output of processes that outlive the session is not waited for: only what is there when the session's own process has
 * ended.
 */
const maxDrainBytes = 16 * 1024 * 1024;

/**
 * All terminals are read into this, one after the other, and what came is copied: else Node takes a buffer of this size for
 * each piece, and the waste of a hundred small pieces a second keeps the garbage collector at work.
 */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Starts a process on a terminal of its own and delivers its output to the last byte.
 *
 * A PTY reports the end of its last user while output is still unread, and libuv gives up reading then: half of all
 * programs that print 100 kB and exit lose some of it. So this process keeps the terminal's other side open, which
 * holds that report back, and on exit reads until nothing is left. Writes do not go through libuv either: it would spin
 * while a program does not read its input.
 */
function startPosix(options: PtyOptions): PtyProcess {
  const { native, helper } = loadNative();
  const env = Object.entries(options.env).map(([name, value]) => `${name}=${value}`);
  let exited: { code: number; signal: number } | undefined;
  let open = true;
  const terminal = native.fork(
    options.file,
    options.args,
    env,
    options.cwd,
    options.cols,
    options.rows,
    -1,
    -1,
    false,
    helper,
    (code, signal) => {
      exited = { code, signal };
      finish();
    },
  );
  const otherSide = openSync(terminal.pty, constants.O_RDONLY | constants.O_NOCTTY);
  const reading: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
    onread: {
      buffer: readBuffer,
      callback: (size) => {
        options.onData(Buffer.from(readBuffer.subarray(0, size)));
        return true;
      },
    },
  };
  const stream = new ReadStream(terminal.fd, reading);
  const input = new PtyInput((bytes) => writeNow(terminal.fd, bytes));
  // EIO and the like: nothing more can be read, and the exit of the process is told separately.
  stream.on("error", () => undefined);
  stream.resume();
  const finish = (): void => {
    if (!open || !exited) return;
    open = false;
    input.close();
    stream.pause();
    // It was read while it was paused; the listener above gets it.
    while (stream.read() !== null);
    drain(terminal.fd, options.onData);
    stream.destroy();
    closeSync(otherSide);
    options.onEnd({ exit_code: exited.signal === 0 ? exited.code : null, signal: signalName(exited.signal) });
  };
  return {
    pid: terminal.pid,
    input,
    resize: ({ rows, cols }) => {
      if (open) native.resize(terminal.fd, cols, rows, 0, 0);
    },
    pause: () => {
      if (open) stream.pause();
    },
    resume: () => {
      if (open) stream.resume();
    },
    readNow: () => {
      if (!open) return;
      const bytes = availableBytes(terminal.fd);
      if (bytes.length > 0) options.onData(bytes);
    },
    terminalMode: () => (open ? terminalMode(otherSide) : Promise.resolve(undefined)),
  };
}

function drain(fd: number, onData: (bytes: Buffer) => void): void {
  for (let total = 0; total < maxDrainBytes;) {
    const bytes = availableBytes(fd);
    if (bytes.length === 0) return;
    total += bytes.length;
    onData(bytes);
  }
}

/** How much a terminal takes without waiting. EAGAIN: none now. EIO: it is going away, and the exit follows. */
function writeNow(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch {
    return 0;
  }
}

/** What can be read without waiting; nothing at the end, too. */
function availableBytes(fd: number): Buffer {
  const buffer = Buffer.allocUnsafe(65_536);
  try {
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, null));
  } catch {
    return buffer.subarray(0, 0);
  }
}

/** The parts of the library's terminal that are used on Windows, where it reads through pipes of its own. */
interface LibraryTerminal {
  readonly pid: number;
  write(data: string | Buffer): void;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  onData(listener: (data: string | Buffer) => void): void;
  onExit(listener: (end: { exitCode: number; signal?: number }) => void): void;
}

interface Library {
  spawn(file: string, args: readonly string[], options: object): LibraryTerminal;
}

function startWindows(options: PtyOptions): PtyProcess {
  const library = createRequire(__filename)(libraryName) as Library;
  const { file, args, cwd, env, rows, cols } = options;
  const terminal = library.spawn(file, args, { cwd, env, rows, cols, encoding: null });
  const input = new PtyInput((bytes) => {
    terminal.write(bytes);
    return bytes.length;
  });
  terminal.onData((data) => options.onData(typeof data === "string" ? Buffer.from(data) : data));
  terminal.onExit(({ exitCode, signal }) => {
    input.close();
    options.onEnd({ exit_code: exitCode, signal: signalName(signal ?? 0) });
  });
  return {
    pid: terminal.pid,
    input,
    resize: (size) => terminal.resize(size.cols, size.rows),
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    readNow: () => undefined,
    terminalMode: () => Promise.resolve(undefined),
  };
}

/** Starts a process on a new terminal. Throws what the system says when that is not possible. */
export function startPty(options: PtyOptions): PtyProcess {
  return isWindows ? startWindows(options) : startPosix(options);
}
