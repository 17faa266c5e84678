import { execFileSync, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createRequire } from "node:module";
import { homedir, tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Starts, finds and stops the built-in session server: one per user, detached, from a copy that an update does not pull
 * away.
 */

export interface LaunchOptions {
  /** The path of `dist/server.js`; the PTY library is found from there. */
  readonly bundle: string;
  readonly dataDirectory?: string;
  readonly runtimeDirectory?: string;
  /** The environment to start from; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

export type FindOptions = Omit<LaunchOptions, "bundle">;

/** Content of the discovery file. */
export interface DiscoveryRecord {
  readonly pid: number;
  /** As `processStartTime` says, so that a reused pid is not taken for the server. */
  readonly started_at: string;
  readonly socket: string | null;
  readonly url: string | null;
  readonly token_file: string | null;
  readonly version: string;
  readonly server_id: string;
  /** The running `server.js`. */
  readonly program: string;
}

export interface RunningServer extends DiscoveryRecord {
  /** `unix:/path`, or `http://127.0.0.1:port` of a server without a socket. */
  readonly address: string;
}

/** A start that did not succeed; `next` says what may be done about it. */
export class LaunchError extends Error {
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.name = "LaunchError";
    this.next = next;
  }
}

export const discoveryFileName = "server.json";
const lockFileName = "start.lock";
const logFileName = "server.log";
const startTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;
const pollMs = 20;
const answerTimeoutMs = 2_000;
/** macOS allows 103 bytes and a NUL; some room is left. */
const maxSocketPath = 100;
const privateMode = 0o700;

const foreignVariables =
  /^(?:VSCODE_|ELECTRON_|npm_|VITEST|NODE_OPTIONS$|NODE_PATH$|NODE_ENV$|NODE_CHANNEL|NODE_UNIQUE_ID$|NODE_V8_COVERAGE$|INIT_CWD$|GIT_ASKPASS$|CHROME_DESKTOP$|TERM_PROGRAM|APPLICATION_INSIGHTS|TMUX|STY$|WINDOW$|TERMCAP$|COLUMNS$|LINES$)/;

/** Without what belongs to an editor, a package manager or another terminal: sessions would inherit it. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreignVariables.test(name)));
}

/** Tells two processes of the same pid apart; undefined when there is no such process. */
export function processStartTime(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      // Counted from the start of the machine, after which pids are given out anew.
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").slice(0, 8)}.${ticks ?? ""}`;
    }
    process.kill(pid, 0);
    if (process.platform === "win32") return "";
    return (
      execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C" },
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

interface Places {
  readonly data: string;
  readonly runtime: string;
  readonly socket: string;
}

const userId = (): string => String(process.getuid?.() ?? userInfo().username);

function places(options: FindOptions): Places {
  const env = options.env ?? process.env;
  const own = env.WSH_ORCHESTRATOR_RUNTIME_DIR;
  const dataHome =
    process.platform === "darwin"
      ? join(homedir(), "Library", "Application Support")
      : process.platform === "win32"
        ? (env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"))
        : env.XDG_DATA_HOME || join(homedir(), ".local", "share");
  const runtimeHome = env.XDG_RUNTIME_DIR
    ? join(env.XDG_RUNTIME_DIR, "wsh-orchestrator")
    : join(tmpdir(), `wsh-orchestrator-${userId()}`);
  const data = options.dataDirectory ?? (own ? join(own, "data") : join(dataHome, "wsh-orchestrator"));
  const runtime = options.runtimeDirectory ?? (own ? join(own, "runtime") : runtimeHome);
  return { data, runtime, socket: socketPath(runtime) };
}

function socketPath(runtime: string): string {
  const hash = createHash("sha256").update(runtime).digest("hex").slice(0, 12);
  if (process.platform === "win32") return `\\\\.\\pipe\\wsh-orchestrator-${userId()}-${hash}`;
  const path = join(runtime, "server.sock");
  if (Buffer.byteLength(path) <= maxSocketPath) return path;
  const short = join(tmpdir(), `wsho-${userId()}-${hash}`, "s");
  return Buffer.byteLength(short) <= maxSocketPath ? short : join("/tmp", `wsho-${userId()}-${hash}`, "s");
}

/** The folder of commands that this user's sessions can call. */
export function commandFolder(options: FindOptions = {}): string {
  return join(places(options).data, "bin");
}

/** Makes the directory for this user alone; throws when somebody else could have put things there. */
function ensurePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: privateMode });
  if (process.getuid === undefined) return;
  const { uid, mode } = lstatSync(path);
  if (!lstatSync(path).isDirectory() || uid !== process.getuid() || (mode & 0o077) !== 0) {
    throw new LaunchError(`The directory ${path} is not yours alone.`, `Remove it, or run: chmod 700 ${path}`);
  }
}

function readRecord(runtime: string): DiscoveryRecord | undefined {
  try {
    const path = join(runtime, discoveryFileName);
    const { uid } = lstatSync(path);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    return JSON.parse(readFileSync(path, "utf8")) as DiscoveryRecord;
  } catch {
    return undefined;
  }
}

/** The JSON that the server answers, or undefined when it does not answer. */
function ask(record: DiscoveryRecord, path: string): Promise<unknown> {
  return new Promise((resolve) => {
    const base = { path, agent: false as const, timeout: answerTimeoutMs };
    const url = new URL(record.url ?? "http://127.0.0.1:0");
    const target =
      record.socket !== null ? { ...base, socketPath: record.socket } : { ...base, host: url.hostname, port: url.port };
    const call = request(target, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        try {
          resolve(JSON.parse(Buffer.concat(parts).toString("utf8")));
        } catch {
          resolve(undefined);
        }
      });
    });
    call.on("timeout", () => call.destroy());
    call.on("error", () => resolve(undefined));
    call.end();
  });
}

/** The running server of these directories, or undefined. */
export async function findBuiltinServer(options: FindOptions = {}): Promise<RunningServer | undefined> {
  const record = readRecord(places(options).runtime);
  if (!record || processStartTime(record.pid) !== record.started_at) return undefined;
  const info = await ask(record, record.socket === null ? "/health" : "/server/info");
  const answers =
    record.socket === null
      ? info !== undefined
      : (info as { server_id?: unknown } | undefined)?.server_id === record.server_id;
  return answers
    ? { ...record, address: record.socket !== null ? `unix:${record.socket}` : (record.url ?? "") }
    : undefined;
}

/** The server that runs, or a new one. Two callers at once get the same. Throws LaunchError. */
export async function startBuiltinServer(options: LaunchOptions): Promise<RunningServer> {
  const where = places(options);
  const copy = await copyName(options.bundle);
  const found = await findBuiltinServer(options);
  if (found && !(await mayBeReplaced(found, copy))) return found;
  ensurePrivateDirectory(where.runtime);
  ensurePrivateDirectory(dirname(where.socket));
  ensurePrivateDirectory(where.data);
  return withLock(join(where.runtime, lockFileName), async () => {
    const running = await findBuiltinServer(options);
    if (running) {
      if (!(await mayBeReplaced(running, copy))) return running;
      await stopBuiltinServer(options);
    }
    const program = await installCopy(options.bundle, join(where.data, "server", copy));
    return launch(program, where, options);
  });
}

/** Ends the server with all of its sessions; false when there was none. */
export async function stopBuiltinServer(options: FindOptions = {}): Promise<boolean> {
  const record = readRecord(places(options).runtime);
  if (!record || processStartTime(record.pid) !== record.started_at) return false;
  const gone = async (): Promise<boolean> => {
    const end = Date.now() + stopTimeoutMs;
    while (Date.now() < end) {
      if (processStartTime(record.pid) !== record.started_at || isZombie(record.pid)) return true;
      await delay(pollMs);
    }
    return false;
  };
  process.kill(record.pid, "SIGTERM");
  if (await gone()) return true;
  process.kill(record.pid, "SIGKILL");
  await gone();
  return true;
}

/** A child that has ended stays in the table until its parent has looked. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.charAt(stat.lastIndexOf(")") + 2) === "Z";
  } catch {
    return true;
  }
}

/** Only a server of another build that is not newer and has no sessions gives way. */
async function mayBeReplaced(running: RunningServer, copy: string): Promise<boolean> {
  if (running.socket === null || basename(dirname(running.program)) === copy) return false;
  const ours = copy.slice(0, copy.lastIndexOf("-"));
  if (ours.localeCompare(running.version, "en", { numeric: true }) < 0) return false;
  const sessions = await ask(running, "/sessions");
  return Array.isArray(sessions) && sessions.length === 0;
}

/**
 * The version in the manifest beside a program (a copy has its own) or above it (the package); `0` when there is none.
 */
export function programVersion(program: string): string {
  for (const folder of [dirname(program), dirname(dirname(program))]) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: unknown };
      if (typeof version === "string") return version;
    } catch {
      // It may be in the next one.
    }
  }
  return "0";
}

/** `<version>-<hash>`: the version is for people, the hash of the program counts. */
async function copyName(bundle: string): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(bundle))
    .digest("hex")
    .slice(0, 12);
  return `${programVersion(bundle)}-${hash}`;
}

/** The folder of an installed package, whatever it exports. Throws LaunchError. */
export function packageFolder(name: string, from: string): string {
  const roots = createRequire(join(from, "x")).resolve.paths(name) ?? [];
  const folder = roots.map((root) => join(root, name)).find((candidate) => existsSync(join(candidate, "package.json")));
  if (folder === undefined)
    throw new LaunchError(
      `The package ${name} is not installed.`,
      "Install it again; it must not be left out as an optional package.",
    );
  return folder;
}

/** Whether the terminal library for this machine lies where the program finds it. */
export function hasTerminalLibrary(bundle: string): boolean {
  try {
    packageFolder(platformPackage, packageFolder(library, bundle));
    return true;
  } catch {
    return false;
  }
}

const library = "@lydell/node-pty";
const platformPackage = `${library}-${process.platform}-${process.arch}`;

/**
 * Copies the program and the PTY library, and gives the path of the copied program. What stands there already is
 * complete.
 */
async function installCopy(bundle: string, directory: string): Promise<string> {
  const program = join(directory, "server.js");
  if (existsSync(program)) return program;
  if (!hasTerminalLibrary(bundle)) {
    throw new LaunchError(
      `The built-in session server has no terminal library for ${process.platform}-${process.arch} here.`,
      "Install the package that is made for this platform, or run wsh and use that.",
    );
  }
  const scripts = packageFolder(library, bundle);
  const compiled = packageFolder(platformPackage, scripts);
  await mkdir(dirname(directory), { recursive: true, mode: privateMode });
  const temporary = `${directory}.${randomUUID()}`;
  try {
    const modules = join(temporary, "node_modules");
    await cp(scripts, join(modules, library), { recursive: true, dereference: true });
    await cp(compiled, join(modules, platformPackage), { recursive: true, dereference: true });
    await cp(bundle, join(temporary, "server.js"));
    await writeFile(join(temporary, "package.json"), JSON.stringify({ version: programVersion(bundle) }));
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Somebody else was faster.
    if (!existsSync(program)) throw error;
  }
  return program;
}

/** Runs the action while no other process does; a lock of a process that is gone is taken over. */
async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const own = `${process.pid} ${processStartTime(process.pid) ?? ""} ${randomUUID()}`;
  const end = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      writeFileSync(path, own, { mode: 0o600, flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isAbandoned(path)) rmQuietly(path);
    else if (Date.now() > end)
      throw new LaunchError("Another process has been starting the session server for too long.", `Remove ${path}`);
    await delay(pollMs);
  }
  try {
    return await action();
  } finally {
    rmQuietly(path);
  }
}

function isAbandoned(path: string): boolean {
  try {
    const [pid, started] = readFileSync(path, "utf8").split(" ");
    if (pid !== undefined && pid !== "") return processStartTime(Number(pid)) !== started;
    // A lock that is not written yet is a living one; a power cut leaves one that never will be.
    return Date.now() - lstatSync(path).mtimeMs > startTimeoutMs;
  } catch {
    return false;
  }
}

function rmQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}

async function launch(program: string, where: Places, options: LaunchOptions): Promise<RunningServer> {
  const logPath = join(where.data, logFileName);
  const log = openSync(logPath, "a", 0o600);
  const env: NodeJS.ProcessEnv = { ...cleanEnvironment(options.env ?? process.env), TERM: "xterm-256color" };
  // The program of an extension host is the editor itself and needs to be told to be a plain Node.
  if (process.versions.electron) env.ELECTRON_RUN_AS_NODE = "1";
  const child = spawn(
    process.execPath,
    [program, "run", "--socket", where.socket, "--discovery", where.runtime, "--idle-exit"],
    {
      cwd: dirname(program),
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log, log],
      env,
    },
  );
  closeSync(log);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = `it ended with ${signal ?? String(code)}`));
  child.unref();
  const end = Date.now() + startTimeoutMs;
  while (Date.now() < end) {
    const running = await findBuiltinServer(options);
    if (running && (running.pid === child.pid || ended !== undefined)) return running;
    if (ended !== undefined) break;
    await delay(pollMs);
  }
  child.kill();
  throw new LaunchError(
    `The session server did not start: ${ended ?? "it did not answer in time"}.`,
    `Read its log: ${logPath}`,
  );
}
