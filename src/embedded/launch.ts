import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { request } from "node:http";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findProcess } from "../adapters/machine/processFacts";
import { withoutKeptOut } from "../core/session/keptOutVariables";
import { copyName, installCopy } from "./launchCopy";
import { type DiscoveryRecord, readDiscovery } from "./launchDiscovery";
import { LaunchError } from "./launchError";
import { startTimeoutMs, withLock } from "./launchLock";
import { type FindOptions, type Places, ensurePrivateDirectory, places } from "./launchPlaces";

/**
 * Starts, finds and stops the built-in session server: one per user, detached, from a copy that an update does not pull
 * away.
 */

export interface LaunchOptions extends FindOptions {
  /** The path of `dist/server.js`; the PTY library is found from there. */
  readonly bundle: string;
}

export interface RunningServer extends DiscoveryRecord {
  /** `unix:/path`, or `http://127.0.0.1:port` of a server without a socket. */
  readonly address: string;
}

const lockFileName = "start.lock";
const logFileName = "server.log";
const stopTimeoutMs = 5_000;
const pollMs = 20;
const answerTimeoutMs = 2_000;

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
  const record = readDiscovery(places(options).runtime);
  if (!record || (await findProcess(record)) === "gone") return undefined;
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
  const record = readDiscovery(places(options).runtime);
  if (!record || (await findProcess(record)) === "gone") return false;
  const gone = async (): Promise<boolean> => {
    const end = Date.now() + stopTimeoutMs;
    while (Date.now() < end) {
      if ((await findProcess(record)) === "gone") return true;
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

/** Only a server of another build that is not newer and has no sessions gives way. */
async function mayBeReplaced(running: RunningServer, copy: string): Promise<boolean> {
  if (running.socket === null || basename(dirname(running.program)) === copy) return false;
  const ours = copy.slice(0, copy.lastIndexOf("-"));
  if (ours.localeCompare(running.version, "en", { numeric: true }) < 0) return false;
  const sessions = await ask(running, "/sessions");
  return Array.isArray(sessions) && sessions.length === 0;
}

async function launch(program: string, where: Places, options: LaunchOptions): Promise<RunningServer> {
  const logPath = join(where.data, logFileName);
  const log = openSync(logPath, "a", 0o600);
  const env: NodeJS.ProcessEnv = { ...withoutKeptOut(options.env ?? process.env), TERM: "xterm-256color" };
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
  child.once(
    "exit",
    (code, signal) =>
      (ended =
        signal === null ? `its process ended with exit code ${code ?? 0}` : `its process was ended by ${signal}`),
  );
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
    `The session server did not start: ${ended ?? `it did not answer within ${startTimeoutMs / 1000} s`}.`,
    `The log of the server says more: ${logPath}`,
  );
}
