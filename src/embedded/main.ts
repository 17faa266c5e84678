import type { Server } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AddressInUse, listenOnPort, listenOnSocket } from "../adapters/http/listening";
import type { ListenerOptions } from "../adapters/http/localHttpServer";
import { readOrCreateToken } from "../adapters/http/tokenFile";
import { withoutKeptOut } from "../core/session/keptOutVariables";
import { failureOf } from "./envelope";
import { WireServer } from "./wireServer";
import { IdleExit } from "./idleExit";
import { fileIdentity, removeDiscovery, removeFile, writeDiscovery } from "./launchDiscovery";
import { Presence } from "./launchPresence";
import { returnSignal } from "./launchProcesses";
import { loadTerminals } from "./ptyProcess";
import { ServerState } from "./serverState";
import { SessionRegistry } from "./sessionRegistry";

const usage =
  "usage: server run [--socket PATH] [--port N [--token-file FILE | --no-auth] [--base-prefix /PREFIX]] " +
  "[--discovery DIR [--keep-place]] [--idle-exit] [--max-sessions N]";
const exitCodes = { failed: 1, usage: 2, addressInUse: 4 };
/** A default, no wall: a session costs about 0.3 MB here beside its own processes, and nothing while it rests. */
const defaultMaxSessions = 256;
const defaultIdleSeconds = 600;
/** A stop that hangs is cut short. */
const stopTimeoutMs = 3_000;
/** Closes are on their way when sockets and answers had this long. */
const lastWordsMs = 150;
/** Who has just connected to a socket that is given up is still heard. */
const lateComersMs = 1_000;

interface Options {
  readonly socket: string | undefined;
  readonly port: number | undefined;
  readonly tokenFile: string | undefined;
  readonly prefix: string;
  readonly discovery: string | undefined;
  /** It is a server that others look for, and stays where they look. */
  readonly keepPlace: boolean;
  readonly idleExit: boolean;
  readonly idleSeconds: number;
  readonly maxSessions: number;
}

class UsageError extends Error {}

function wholeNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} needs a whole number.`);
  return Number(text);
}

function parseOptions(argv: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      socket: { type: "string" },
      port: { type: "string" },
      "token-file": { type: "string" },
      "no-auth": { type: "boolean", default: false },
      "base-prefix": { type: "string", default: "" },
      discovery: { type: "string" },
      "keep-place": { type: "boolean", default: false },
      "idle-exit": { type: "boolean", default: false },
      "idle-seconds": { type: "string" },
      "max-sessions": { type: "string" },
    },
  });
  if (positionals.length !== 1 || positionals[0] !== "run") throw new UsageError("The command must be run.");
  const port = wholeNumber(values.port, "port");
  if (port === undefined && values.socket === undefined) throw new UsageError("Give a socket or a port to listen on.");
  if (port !== undefined && port > 65_535) throw new UsageError("The port must be 65535 or less.");
  const prefix = values["base-prefix"];
  if (prefix !== "" && (!prefix.startsWith("/") || prefix.endsWith("/")))
    throw new UsageError("The prefix must begin with / and must not end with it.");
  const tokenFile =
    values["token-file"] ?? (values.discovery === undefined ? undefined : join(values.discovery, "token"));
  if (port !== undefined && !values["no-auth"] && tokenFile === undefined) {
    throw new UsageError("A port needs --token-file FILE for its token, or --no-auth to ask for none.");
  }
  return {
    socket: values.socket,
    port,
    tokenFile: port === undefined || values["no-auth"] ? undefined : tokenFile,
    prefix,
    discovery: values.discovery,
    keepPlace: values["keep-place"],
    idleExit: values["idle-exit"],
    idleSeconds: wholeNumber(values["idle-seconds"], "idle-seconds") ?? defaultIdleSeconds,
    maxSessions: wholeNumber(values["max-sessions"], "max-sessions") ?? defaultMaxSessions,
  };
}

/** Listens on TCP where a port is asked for, in the order in which they are to be closed. */
async function openPort(options: Options, wire: WireServer): Promise<{ servers: Server[]; port: number | undefined }> {
  const servers: Server[] = [];
  if (options.port === undefined) return { servers, port: undefined };
  const token = options.tokenFile === undefined ? undefined : readOrCreateToken(options.tokenFile);
  let port = options.port;
  const access = (): ListenerOptions => ({ port, token, prefix: options.prefix });
  const server = wire.createListener(access);
  port = await listenOnPort(server, "127.0.0.1", options.port);
  servers.push(server);
  // The other loopback address is a convenience; a machine may not have it.
  const twin = wire.createListener(access);
  await listenOnPort(twin, "::1", port).then(
    () => servers.push(twin),
    () => undefined,
  );
  return { servers, port };
}

/** The one listener on a Unix socket. A new one takes the place of the one before; connections stay as they are. */
class SocketListener {
  #server: Server | undefined;

  constructor(private readonly wire: WireServer) {}

  async listen(path: string): Promise<void> {
    const next = this.wire.createListener(() => ({ port: undefined, token: undefined, prefix: "" }));
    await listenOnSocket(next, path);
    const before = this.#server;
    this.#server = next;
    setTimeout(() => before?.close(), lateComersMs).unref();
  }

  close(): void {
    this.#server?.close();
  }
}

async function run(options: Options): Promise<void> {
  loadTerminals();
  const sessions = new SessionRegistry(options.maxSessions);
  const state = new ServerState(sessions, !options.idleExit);
  const wire = new WireServer(state);
  const { servers, port } = await openPort(options, wire);
  const url = port === undefined ? null : `http://127.0.0.1:${port}${options.prefix}`;
  const socket = options.socket ?? null;
  const listener = new SocketListener(wire);
  const publish = (directory: string, at: string | null): Promise<void> =>
    writeDiscovery(directory, {
      url,
      socket: at,
      server_id: state.serverId,
      version: state.version,
      program: __filename,
      token_file: options.tokenFile ?? null,
    });
  const presence =
    options.keepPlace && options.socket !== undefined && options.discovery !== undefined
      ? new Presence({
          place: { runtime: options.discovery, socket: options.socket },
          serverId: state.serverId,
          listen: (path) => listener.listen(path),
          publish: (place) => publish(place.runtime, place.socket),
          say: (text) => process.stderr.write(`${new Date().toISOString()} ${text}\n`),
        })
      : undefined;

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(exitCodes.failed), stopTimeoutMs);
    if (presence) presence.close();
    else if (options.discovery !== undefined) removeDiscovery(options.discovery, state.serverId);
    for (const server of servers) server.close();
    listener.close();
    await sessions.close();
    wire.close();
    setTimeout(() => process.exit(0), lastWordsMs);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop());
  process.on(returnSignal, () => presence?.look());
  // An unforeseen error must not end all sessions.
  process.on("uncaughtException", (error) => failureOf(error));
  process.on("unhandledRejection", (reason) => failureOf(reason));
  new IdleExit(
    state,
    () => wire.connections,
    options.idleSeconds * 1000,
    () => void stop(),
  );

  if (presence) await presence.start();
  else {
    if (options.socket !== undefined) {
      await listener.listen(options.socket);
      const bound = fileIdentity(options.socket);
      process.on("exit", () => removeFile(options.socket ?? "", bound));
    }
    if (options.discovery !== undefined) await publish(options.discovery, socket);
  }
  process.stdout.write(`${JSON.stringify({ url, socket, server_id: state.serverId, pid: process.pid })}\n`);
}

async function main(): Promise<void> {
  const cleaned = withoutKeptOut(process.env);
  for (const name of Object.keys(process.env)) if (!(name in cleaned)) Reflect.deleteProperty(process.env, name);
  try {
    await run(parseOptions(process.argv.slice(2)));
  } catch (error) {
    const misused = error instanceof UsageError || (error instanceof TypeError && "code" in error);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${misused ? `${usage}\n` : ""}`);
    process.exit(misused ? exitCodes.usage : error instanceof AddressInUse ? exitCodes.addressInUse : exitCodes.failed);
  }
}

void main();
