import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { dataFolder } from "../../adapters/machine/dataFolder";
import { plural } from "../../core/model/sentences";
import { OrchestratorError } from "../../core/model/errors";
import { requirePerson } from "../../core/acts/acting";
import {
  findBuiltinServer,
  type LostServer,
  lostServers,
  stopBuiltinServer,
  stopServerProcess,
} from "../../embedded/launch";
import type { RunningServer } from "../../embedded/launchPublished";
import { writingProblem } from "../../embedded/launchWriting";
import { builtinLauncher } from "../builtinLauncher";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { lostServerRemedy, lostServerText, type UnreachableServer, unreachable } from "../lostServers";
import { remedyText } from "../remedyText";
import { shellWord } from "../../core/sense/shellWord";
import { startBuiltin } from "../../adapters/wsh/serverChoice";
import { advice } from "../../core/model/remedy";

interface ServerStatus {
  readonly url: string | null;
  readonly socket: string | null;
  readonly pid: number | null;
  /** How many it has. */
  readonly sessions: number;
  /** Others that live and cannot be reached; absent where there are none. */
  readonly unreachable?: readonly UnreachableServer[];
}

export interface RunServerOptions {
  readonly socket?: string;
  readonly port?: number;
  /** Commander's name for --no-auth. */
  readonly auth?: boolean;
  readonly tokenFile?: string;
  readonly maxSessions?: number;
}

export async function startServer(container: Container): Promise<ExitCode> {
  const running = await startBuiltin(builtinLauncher(container.serverBundle));
  return tell(container, running, await lostServers());
}

export async function serverStatus(container: Container): Promise<ExitCode> {
  const [running, lost] = await Promise.all([findBuiltinServer(), lostServers()]);
  if (running) return tell(container, running, lost);
  const [first] = lost;
  if (first)
    throw new OrchestratorError(
      "server_unreachable",
      `The built-in session server cannot be reached: its socket was deleted (${lostServerText(first, container.clock.now())}).`,
      lostServerRemedy(first),
    );
  throw new OrchestratorError("server_unreachable", "The built-in session server is not running.", {
    kind: "start_server",
  });
}

/** Also those that cannot be reached any more. */
export async function stopServer(container: Container): Promise<ExitCode> {
  const { output, clock } = container;
  // It ends all sessions, as `kill` does one.
  requirePerson({ insideSession: await container.insideSession });
  const [running, lost] = await Promise.all([findBuiltinServer(), lostServers()]);
  const sessions = running ? await countSessions(container, running) : 0;
  const stopped = await stopBuiltinServer();
  // One that could not be reached may be the one that was just stopped by its record.
  const ended: LostServer[] = [];
  for (const server of lost) if (await stopServerProcess(server)) ended.push(server);
  if (output.json) output.document(statusOf(running, sessions, lost));
  else {
    const alongWith = sessions > 0 ? ` ${plural(sessions, "session")} ended with it.` : "";
    if (stopped) output.line(`The built-in session server was stopped.${alongWith}`);
    for (const server of ended)
      output.line(`A session server that could not be reached was stopped (${lostServerText(server, clock.now())}).`);
    if (!stopped && ended.length === 0) output.line("The built-in session server is not running.");
  }
  return exitCode.done;
}

function statusOf(running: RunningServer | undefined, sessions: number, lost: readonly LostServer[]): ServerStatus {
  return {
    url: running?.url ?? null,
    socket: running?.socket ?? null,
    pid: running?.pid ?? null,
    sessions,
    ...(lost.length === 0 ? {} : { unreachable: lost.map(unreachable) }),
  };
}

async function tell(container: Container, running: RunningServer, lost: readonly LostServer[]): Promise<ExitCode> {
  const { output, clock } = container;
  const sessions = await countSessions(container, running);
  if (output.json) output.document(statusOf(running, sessions, lost));
  else {
    output.line(
      `The built-in session server is running (process ${running.pid}) at ${running.address}, ` +
        `with ${plural(sessions, "session")}.`,
    );
    for (const server of lost) {
      output.line(
        `Another session server cannot be reached: its socket was deleted (${lostServerText(server, clock.now())}).`,
      );
      output.progress([{ text: remedyText(lostServerRemedy(server)), tone: "quiet" }]);
    }
  }
  return exitCode.done;
}

async function countSessions(container: Container, running: RunningServer): Promise<number> {
  const chosen = await container.servers.asReference({ address: running.address, server_id: null, builtin: true });
  return (await chosen.server.list()).length;
}

/** In the foreground until it is interrupted. */
export async function runServer(container: Container, options: RunServerOptions): Promise<ExitCode> {
  const { output, interrupts } = container;
  if (options.socket === undefined && options.port === undefined) {
    throw new OrchestratorError(
      "usage",
      "wsh-server run needs an address to listen on.",
      advice("Give --socket PATH or --port N."),
    );
  }
  const args = ["run"];
  if (options.socket !== undefined) args.push("--socket", options.socket);
  if (options.port !== undefined) args.push("--port", String(options.port));
  if (options.maxSessions !== undefined) args.push("--max-sessions", String(options.maxSessions));
  const tokenFile =
    options.port === undefined || options.auth === false
      ? undefined
      : (options.tokenFile ?? join(dataFolder(container.env), "server-token"));
  if (options.tokenFile === undefined && tokenFile !== undefined) requireDataFolder(dirname(tokenFile));
  if (options.auth === false) args.push("--no-auth");
  if (tokenFile !== undefined) args.push("--token-file", tokenFile);
  const child = spawn(process.execPath, [container.serverBundle, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  interrupts.busy = true;
  interrupts.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  let said = "";
  child.stdout.setEncoding("utf8").once("data", (line: string) => announce(container, line, tokenFile));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (container.globals.verbose) output.error(text.trimEnd());
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? exitCode.failed));
  });
  if (interrupts.signal.aborted) return exitCode.interrupted;
  if (code === 0) return exitCode.done;
  throw failedStart(code, said.trim(), options);
}

/** Throws LaunchError where the token cannot be kept. */
function requireDataFolder(folder: string): void {
  const problem = writingProblem(folder);
  if (problem) throw problem;
}

function announce({ output }: Container, line: string, tokenFile: string | undefined): void {
  const { url, socket, pid } = JSON.parse(line) as { url: string | null; socket: string | null; pid: number };
  if (output.json) output.document({ url, socket, pid, sessions: 0 } satisfies ServerStatus);
  else {
    const places = [...(socket === null ? [] : [`unix:${socket}`]), ...(url === null ? [] : [url])];
    output.line(`The session server listens on ${places.join(" and ")}.`);
    if (tokenFile !== undefined)
      output.line(`Clients need the token: give it with --token-file ${shellWord(tokenFile)}, or set WSH_TOKEN to it.`);
    output.progress([{ text: "Ctrl-C stops the server and ends all its sessions.", tone: "quiet" }]);
  }
}

/** The server's own exit codes: 2 for wrong arguments, 4 for a place where something listens already. */
function failedStart(code: number, said: string, options: RunServerOptions): OrchestratorError {
  const sentence = said.split("\n")[0] ?? "";
  if (code === 4)
    return new OrchestratorError(
      "port_in_use",
      sentence === "" ? "Another program listens there already." : sentence,
      advice(
        options.port === undefined
          ? "Choose another socket."
          : "Choose another port, or stop the program that listens there.",
      ),
    );
  if (code === 2)
    return new OrchestratorError(
      "usage",
      sentence === "" ? "The server does not accept these options." : sentence,
      advice("See: wsh-orchestrator wsh-server run --help"),
    );
  return new OrchestratorError(
    "server_unreachable",
    `The session server failed: ${sentence === "" ? `exit code ${code}.` : sentence}`,
    advice("Run it again with --verbose to see everything that it prints."),
  );
}
