import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { request } from "node:http";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findProcess } from "../adapters/machine/processFacts";
import { withoutKeptOut } from "../core/session/keptOutVariables";
import { copyName, installCopy } from "./launchCopy";
import { type DiscoveryRecord, readDiscovery } from "./launchDiscovery";
import { LaunchError } from "./launchError";
import { startTimeoutMs, withLock } from "./launchLock";
import { type FindOptions, type Places, ensurePrivateDirectory, fallbackPlace, places } from "./launchPlaces";
import { keepPlaceFlag, livingServers, type LivingServer, returnSignal, sessionsOf, startOf } from "./launchProcesses";
import { publishedIn, type RunningServer } from "./launchPublished";

/**
 * Starts, finds and stops the built-in session server: one per user, detached, from a copy that an update does not pull
 * away.
 */

export interface LaunchOptions extends FindOptions {
  /** The path of `dist/server.js`; the PTY library is found from there. */
  readonly bundle: string;
}

/** It lives, and cannot be reached. */
export interface LostServer extends LivingServer {
  /** How many processes of its own run; undefined where the system does not say. */
  readonly sessions: number | undefined;
  /** When it began, in milliseconds since 1970; undefined where the system does not say. */
  readonly since: number | undefined;
}

const lockFileName = "start.lock";
const logFileName = "server.log";
const stopTimeoutMs = 5_000;
/** A server makes its socket within milliseconds; one that is swapped out gets this long. */
const returnTimeoutMs = 5_000;
const returnPollMs = 100;
const pollMs = 20;
const answerTimeoutMs = 2_000;
/** Bytes that are read of what a server says when it cannot start; and how much of its last line is shown. */
const mostSaid = 16 * 1024;
const longestSaid = 300;

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

/** The running server of these directories, or undefined when none can be reached. */
export async function findBuiltinServer(options: FindOptions = {}): Promise<RunningServer | undefined> {
  const { runtime, data } = places(options);
  const here = await answeringIn(runtime);
  if (here) return here;
  // A server may have been started with another runtime folder, or have moved when its own was deleted.
  for (const server of await livingServers(data)) {
    const found = await reachedFrom(server, runtime);
    if (found) return found;
  }
  return undefined;
}

/**
 * That server, where it was told to be or where it has moved; undefined when it answers at neither. `asked`: a folder
 * that is left out.
 */
async function reachedFrom({ pid, runtime }: LivingServer, asked?: string): Promise<RunningServer | undefined> {
  for (const folder of [runtime, fallbackPlace(runtime).runtime]) {
    const found = folder === asked ? undefined : await answeringIn(folder);
    if (found?.pid === pid) return found;
  }
  return undefined;
}

/**
 * Whether the server that a project remembers has ended, with all its sessions: its process is gone. False where nobody
 * can say so.
 */
export async function hasBuiltinEnded(
  { address, server_id }: { readonly address: string; readonly server_id: string | null },
  options: FindOptions = {},
): Promise<boolean> {
  const { runtime, data, socket } = places(options);
  const record = readDiscovery(runtime);
  if (record?.server_id === server_id) return (await findProcess(record)) === "gone";
  return address === `unix:${socket}` && (await livingServers(data)).length === 0;
}

/** The server that a folder's discovery file names, once it has answered. */
async function answeringIn(runtime: string): Promise<RunningServer | undefined> {
  const server = await publishedIn(runtime);
  if (!server) return undefined;
  const info = await ask(server, server.socket === null ? "/health" : "/server/info");
  const answers =
    server.socket === null
      ? info !== undefined
      : (info as { server_id?: unknown } | undefined)?.server_id === server.server_id;
  return answers ? server : undefined;
}

/**
 * The server that runs, or a new one. Two callers at once get the same. A server that lives and cannot be reached is
 * told to come back. Throws LaunchError.
 */
export async function startBuiltinServer(options: LaunchOptions): Promise<RunningServer> {
  const where = places(options);
  const copy = await copyName(options.bundle);
  const found = await findBuiltinServer(options);
  if (found && !(await mayBeReplaced(found, copy))) return found;
  for (const folder of [where.runtime, dirname(where.socket), where.data]) ensurePrivateDirectory(folder);
  return withLock(join(where.data, lockFileName), async () => {
    const running = (await findBuiltinServer(options)) ?? (await returned(where.data, options));
    if (running) {
      if (!(await mayBeReplaced(running, copy))) return running;
      await stopBuiltinServer(options);
    }
    const program = await installCopy(options.bundle, join(where.data, "server", copy));
    return launch(program, where, options);
  });
}

/**
 * The server that lives without being reachable, once it has made its socket anew; undefined when there is none, or
 * only one of an older build, which cannot. Throws LaunchError when it does not come back: a second one would hide it.
 */
async function returned(data: string, options: FindOptions): Promise<RunningServer | undefined> {
  const lost = (await livingServers(data)).filter((server) => server.returns);
  if (lost.length === 0) return undefined;
  for (const { pid } of lost) signalTo(pid, returnSignal);
  const end = Date.now() + returnTimeoutMs;
  while (Date.now() < end) {
    const found = await findBuiltinServer(options);
    if (found) return found;
    if ((await Promise.all(lost.map((server) => findProcess(server)))).every((fact) => fact === "gone"))
      return undefined;
    await delay(returnPollMs);
  }
  const [{ pid, socket }] = lost as [LivingServer];
  throw new LaunchError(
    `The session server runs in process ${pid}, but it cannot make its socket ${socket} again.`,
    `The log of the server says why: ${join(data, logFileName)}`,
  );
}

/** Servers of these directories that live and cannot be reached, with what they would end with. */
export async function lostServers(options: FindOptions = {}): Promise<LostServer[]> {
  const reached = await findBuiltinServer(options);
  const living = (await livingServers(places(options).data)).filter(({ pid }) => pid !== reached?.pid);
  // One in another runtime folder is reached from where that one is set.
  const elsewhere = await Promise.all(living.map((server) => reachedFrom(server)));
  const lost = living.filter((_server, index) => elsewhere[index] === undefined);
  return Promise.all(
    lost.map(async (server) => ({ ...server, sessions: await sessionsOf(server), since: await startOf(server) })),
  );
}

/** Ends the server with all of its sessions; false when there was none. */
export async function stopBuiltinServer(options: FindOptions = {}): Promise<boolean> {
  const found = await findBuiltinServer(options);
  const record = found ?? readDiscovery(places(options).runtime);
  return record !== undefined && stopServerProcess(record);
}

/** Ends that very process with all of its sessions; false when it is gone already. */
export async function stopServerProcess(server: Pick<DiscoveryRecord, "pid" | "started_at">): Promise<boolean> {
  if ((await findProcess(server)) === "gone") return false;
  const gone = async (): Promise<boolean> => {
    const end = Date.now() + stopTimeoutMs;
    while (Date.now() < end) {
      if ((await findProcess(server)) === "gone") return true;
      await delay(pollMs);
    }
    return false;
  };
  signalTo(server.pid, "SIGTERM");
  if (await gone()) return true;
  signalTo(server.pid, "SIGKILL");
  await gone();
  return true;
}

/** A process that has ended meanwhile needs none. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
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

async function launch(program: string, where: Places, { env: given }: FindOptions): Promise<RunningServer> {
  const logPath = join(where.data, logFileName);
  const log = openSync(logPath, "a", 0o600);
  const logged = fstatSync(log).size;
  const env: NodeJS.ProcessEnv = {
    ...withoutKeptOut(given ?? process.env),
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
  };
  // The program of an extension host is the editor itself and needs to be told to be a plain Node.
  if (process.versions.electron) env.ELECTRON_RUN_AS_NODE = "1";
  const child = spawn(
    process.execPath,
    [program, "run", "--socket", where.socket, "--discovery", where.runtime, "--idle-exit", keepPlaceFlag],
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
  child.once(
    "exit",
    (code, signal) =>
      (ended =
        signal === null ? `its process ended with exit code ${code ?? 0}` : `its process was ended by ${signal}`),
  );
  child.unref();
  const end = Date.now() + startTimeoutMs;
  while (Date.now() < end) {
    // It is nowhere else, and to look through all processes many times a second would slow its start.
    const running = await answeringIn(where.runtime);
    if (running && (running.pid === child.pid || ended !== undefined)) return running;
    if (ended !== undefined) break;
    await delay(pollMs);
  }
  child.kill();
  const said = await lastLine(logPath, logged);
  throw new LaunchError(
    `The session server did not start: ${ended ?? `it did not answer within ${startTimeoutMs / 1000} s`}.${said === "" ? "" : ` It said: ${said}`}`,
    `The log of the server says more: ${logPath}`,
  );
}

/** The last line that was written behind `from`, in bytes: the server's own words, when it ended, say why. */
async function lastLine(path: string, from: number): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(mostSaid), position: from });
      return (buffer.toString("utf8", 0, bytesRead).trim().split("\n").at(-1) ?? "").slice(0, longestSaid);
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}
