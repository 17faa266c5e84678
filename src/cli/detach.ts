import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { openIfThere } from "../core/acts/projectLookup";
import { runningElsewhere } from "../core/record/lease";
import type { ContextEntry } from "../core/model/entry";
import { contextEntrySchema } from "../core/model/schemas";
import type { DoOptions } from "./doOptions";
import type { Container } from "./container";
import { type ExitCode, exitCode } from "../protocol/exitCodes";
import { readState } from "./projects";
import { remedyText } from "./remedyText";

/**
 * Runs the project in a background process, which outlives this terminal, and returns once that runs it. What keeps it
 * from running is printed here, with its exit code. Throws `driven_elsewhere` while another process runs it.
 */
export async function detachRun(
  container: Container,
  name: string,
  project_id: string,
  options: DoOptions,
): Promise<ExitCode> {
  await requireNotRunning(container, project_id);
  await requireServer(container, project_id);
  const child = spawn(process.execPath, [container.cliBundle, ...runnerArguments(container, name, options)], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    windowsHide: true,
    // Its sessions have the environment of whoever starts it.
    env: await container.variables(),
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const outcome = await Promise.race([claimOf(child), endOf(child)]);
  if (typeof outcome === "number") {
    process.stderr.write(said);
    return outcome;
  }
  child.disconnect();
  child.stderr?.destroy();
  child.unref();
  const { output } = container;
  if (output.json) output.entry(outcome);
  else {
    output.line(`${project_id} is running in the background (process ${outcome.pid ?? 0}).`);
    output.line(remedyText({ kind: "follow_or_stop", project: project_id }));
  }
  return exitCode.done;
}

/** In the background process: the one that waits for it may return. */
export function tellParent(lease: ContextEntry): void {
  if (process.connected) process.send?.(lease);
}

async function requireNotRunning(container: Container, project_id: string): Promise<void> {
  const ledger = await openIfThere(container.store, project_id);
  if (!ledger) return;
  const state = await readState(ledger);
  const { lease } = state;
  const processes = await container.processes;
  if (!lease || (await processes.isAlive(lease)) === false) return;
  throw runningElsewhere({ state, ledger }, processes.host);
}

/** A person is asked about a stranger's server here: the background process has no terminal. */
async function requireServer({ store, servers }: Container, project_id: string): Promise<void> {
  const ledger = await openIfThere(store, project_id);
  // A spoilt project.json is made again, and its server chosen again.
  const project = await ledger?.readProject().catch(() => undefined);
  await servers.requirePermission(project?.server);
}

/** The same `do` once more, with paths that mean the same from anywhere. */
function runnerArguments({ globals, workspace }: Container, name: string, options: DoOptions): string[] {
  const given = (flag: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`${flag}=${value}`];
  const path = (value: string | undefined): string | undefined => (value === undefined ? undefined : resolve(value));
  return [
    "do",
    "--detached",
    ...given("--dir", workspace),
    ...given("--server", globals.server),
    ...given("--token-file", path(globals.tokenFile)),
    ...given("--ca-file", path(globals.caFile)),
    ...given("--quiet-after", globals.quietAfter === undefined ? undefined : `${globals.quietAfter}ms`),
    ...given("--session-columns", globals.sessionColumns),
    ...(globals.askWhenQuiet ? ["--ask-when-quiet"] : []),
    ...given("--goal", options.goal),
    ...given("--plan", path(options.plan)),
    ...given("--role", options.role),
    ...(options.run ?? []).map((command) => `--run=${command}`),
    ...given("--prompt", options.prompt),
    ...given("--prompt-file", path(options.promptFile)),
    ...given("--agent", options.agent),
    ...given("--mode", options.mode),
    ...given("--model", options.model),
    ...given("--cwd", path(options.cwd)),
    ...given("--max-sessions", options.maxSessions),
    ...(options.task ?? []).map((id) => `--task=${id}`),
    ...(options.again ? ["--again"] : []),
    "--",
    name,
  ];
}

async function claimOf(child: ChildProcess): Promise<ContextEntry> {
  const [message] = (await once(child, "message")) as [unknown];
  return contextEntrySchema.parse(message);
}

/** Also of one that could not be started. */
function endOf(child: ChildProcess): Promise<ExitCode> {
  return new Promise((settle, fail) => {
    child.once("error", fail);
    child.once("close", (code) => settle(knownCode(code)));
  });
}

function knownCode(code: number | null): ExitCode {
  return Object.values(exitCode).find((known) => known === code) ?? exitCode.failed;
}
