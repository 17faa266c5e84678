import { accessSync, constants, existsSync, lstatSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { findWshServers } from "../../adapters/wsh/findServers";
import { runProgram } from "../../adapters/machine/runProgram";
import { agentChecks } from "./agentChecks";
import { environmentCheck } from "./environmentCheck";
import { lacksSentence } from "./serverLacks";
import { plural } from "../../core/model/sentences";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { findBuiltinServer, lostServers } from "../../embedded/launch";
import { packageFolder } from "../../embedded/launchCopy";
import type { Container } from "../container";
import { asOrchestratorError } from "../failure";
import { type Check, shownChecks } from "../../protocol/setupCheck";
import { dataCheck, ignoreChecks } from "./folderChecks";
import { ruleChecks } from "./ruleChecks";
import { sessionShellCheck } from "./sessionShellCheck";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { lostServerRemedy, lostServerText } from "../lostServers";
import { mending } from "../mending";
import { shellWord } from "../../core/sense/shellWord";
import { advice } from "../../core/model/remedy";
import type { Tone } from "../../protocol/piece";

const oldestNode = 20;
const oldestBash = 4.4;
const versionMs = 3000;
/** What it costs to have none of the shells that mark the end of a command by themselves. */
const withMarker = "each command is typed together with a marker that prints its exit code";
const marks: Readonly<Record<Check["status"], readonly [string, Tone]>> = {
  ok: ["✓", "good"],
  missing: ["·", "attention"],
  bad: ["✗", "bad"],
};
export interface DoctorOptions {
  /** Adds the project folder to ignore files of tools that are used. */
  readonly fix?: boolean;
}

/**
 * Looks at everything that this program needs, and changes nothing that was not asked for but modes of the project folder
 * that are too wide. Failed when something must be put right.
 */
export async function runDoctor(container: Container, { fix = false }: DoctorOptions = {}): Promise<ExitCode> {
  const { output } = container;
  const asked = await Promise.all([
    sessionShellCheck(container.env),
    shellChecks(),
    gitCheck(),
    builtinChecks(container),
    serverChecks(container),
    recordCheck(container),
    environmentCheck(container),
    ruleChecks(container),
    agentChecks(container),
  ]);
  const { askedServer, env } = container;
  const found = [
    nodeCheck(),
    platformCheck(),
    terminalsCheck(container),
    workspaceCheck(container),
    dataCheck({ ...env }, askedServer === undefined || askedServer === "builtin"),
    ...asked.flat(),
    ...(await ignoreChecks(container.workspace, fix)),
  ];
  if (output.json) output.document(found);
  else printChecks(container, found);
  return found.some(isBad) ? exitCode.failed : exitCode.done;
}

function isBad({ status }: Check): boolean {
  return status === "bad";
}

function printChecks({ output }: Container, found: readonly Check[]): void {
  const named = shownChecks(found);
  const width = Math.max(...named.map(({ name }) => name.length));
  for (const { name, status, text, next } of named) {
    const [mark, tone] = marks[status];
    const lines = next === "" ? [] : next.split("\n");
    if (output.isNarrow) {
      output.pieces([{ text: `${mark} `, tone }, { text: `${name}  `, tone: "strong" }, { text }]);
      for (const line of lines) output.pieces([{ text: `  ${line}`, tone: "quiet" }]);
      continue;
    }
    output.whole([{ text: `${mark} `, tone }, { text: `${name.padEnd(width)}  `, tone: "strong" }, { text }]);
    for (const line of lines) output.whole([{ text: `${" ".repeat(width + 4)}${line}`, tone: "quiet" }]);
  }
  const bad = found.filter(isBad).length;
  output.line();
  output.pieces([
    bad === 0
      ? { text: "No problems found.", tone: "good" }
      : { text: `${plural(bad, "problem")} to fix, marked with ✗.`, tone: "bad" },
  ]);
}

function nodeCheck(): Check {
  const old = Number(process.versions.node.split(".")[0]) < oldestNode;
  return {
    name: "node",
    status: old ? "bad" : "ok",
    text: `version ${process.versions.node}${old ? ", which is too old" : ""}`,
    next: old ? `Install Node.js ${oldestNode} or newer.` : "",
  };
}

function platformCheck(): Check {
  return {
    name: "platform",
    status: "ok",
    text: `${process.platform} ${process.arch}, ${release()}`,
    next: process.platform === "win32" ? "For exact exit codes of shells, run wsh-orchestrator inside WSL." : "",
  };
}

/** Undefined when it is not installed. */
async function versionOf(program: string): Promise<string | undefined> {
  const result = await runProgram(program, ["--version"], { timeoutMs: versionMs });
  return result?.exit_code === 0 ? (/\d+(\.\d+)+/.exec(result.stdout)?.[0] ?? "") : undefined;
}

function versionText(version: string): string {
  return version === "" ? "installed" : `version ${version}`;
}

/** One of these shells is enough. */
async function shellChecks(): Promise<Check[]> {
  const shells = ["bash", "zsh", "fish"];
  const versions = await Promise.all(shells.map(versionOf));
  const none = versions.every((version) => version === undefined);
  return shells.map((name, at): Check => {
    const version = versions[at];
    if (version === undefined) {
      return none && name === "bash"
        ? {
            name,
            status: "missing",
            text: "not installed",
            next: `Install bash, zsh or fish: in other shells, ${withMarker}.`,
          }
        : { name, status: "ok", text: "not installed (optional)", next: "" };
    }
    const old = name === "bash" && Number.parseFloat(version) < oldestBash;
    return {
      name,
      status: old ? "missing" : "ok",
      text: versionText(version),
      next: old ? `Use zsh, or bash ${oldestBash} or newer: in this bash, ${withMarker}.` : "",
    };
  });
}

async function gitCheck(): Promise<Check> {
  const version = await versionOf("git");
  return version === undefined
    ? {
        name: "git",
        status: "missing",
        text: "not installed (optional)",
        next: "Install git if handoff notes should name the branch and count the changed files.",
      }
    : { name: "git", status: "ok", text: versionText(version), next: "" };
}

/** The PTY library is native: it must be there for this platform. */
function terminalsCheck(container: Container): Check {
  const bundle = container.serverBundle;
  if (!existsSync(bundle))
    return {
      name: "terminals",
      status: "bad",
      text: `${bundle} is missing`,
      next: "Build the program with: npm run build",
    };
  try {
    packageFolder(`@lydell/node-pty-${process.platform}-${process.arch}`, packageFolder("@lydell/node-pty", bundle));
    return { name: "terminals", status: "ok", text: "the terminal library for this platform is installed", next: "" };
  } catch (error) {
    return {
      name: "terminals",
      status: "bad",
      text: messageOf(error),
      next: "Run npm install again, or use a wsh server with --server ADDRESS.",
      remedy: { kind: "watch_server_start" },
    };
  }
}

async function builtinChecks({ clock }: Container): Promise<Check[]> {
  const name = "built-in server";
  const [running, lost] = await Promise.all([findBuiltinServer(), lostServers()]);
  const text = running
    ? `running at ${running.address}, version ${running.version}, process ${running.pid}`
    : "not running; it starts when a project needs it";
  return [
    { name, status: "ok", text, next: "" },
    ...lost.map((server): Check => {
      const what = `a server cannot be reached: its socket was deleted (${lostServerText(server, clock.now())})`;
      return { name, status: "bad", text: what, ...mending(lostServerRemedy(server)) };
    }),
  ];
}

/** The server that was asked for, else every wsh that is running. */
async function serverChecks(container: Container): Promise<Check[]> {
  const { askedServer, servers } = container;
  if (askedServer === undefined || askedServer === "builtin") return wshChecks(container);
  const name = "server";
  try {
    const found = await servers.running([]);
    return found.map(({ info: { address, implementation, version, capabilities } }) => ({
      name,
      status: "ok",
      text: `${implementation} is running at ${address}, version ${version}`,
      next: lacksSentence(capabilities),
    }));
  } catch (error) {
    const { message, remedy } = asOrchestratorError(error);
    return [{ name, status: "bad", text: message, ...mending(remedy) }];
  }
}

async function wshChecks({ clock, env, owners }: Container): Promise<Check[]> {
  const name = "wsh server";
  const found = (await findWshServers({ clock, env, owners })).filter((each) => each.info.implementation === "wsh");
  if (found.length === 0)
    return [{ name, status: "ok", text: "none found; not needed, the built-in session server is used", next: "" }];
  const several = found.length > 1 && !found.some((each) => each.named);
  const [first = "", ...others] = found.map(({ info }) => info.address);
  return found.map(({ info: { address, version, era, capabilities }, named }) => ({
    name,
    status: several ? "missing" : "ok",
    text: `running at ${address}, version ${version}, era ${era}${named ? ", chosen by WSH_SERVER_NAME" : ""}`,
    next: [
      several ? "Several servers are running, so a new project needs --server ADDRESS." : "",
      lacksSentence(capabilities),
    ]
      .filter((each) => each !== "")
      .join(" "),
    ...(several ? { remedy: { kind: "choose_server", addresses: [first, ...others] } as const } : {}),
  }));
}

function workspaceCheck(container: Container): Check {
  const name = "workspace";
  try {
    const { workspace } = container;
    const folder = join(workspace, ".orchestrator");
    if (lstatSync(folder, { throwIfNoEntry: false })?.isFile())
      return {
        name,
        status: "bad",
        text: `${folder} is a file, but must be a folder`,
        next: "Move the file away, or choose another folder with --dir DIR.",
        remedy: advice("Move the file away, or open another folder."),
      };
    accessSync(existsSync(folder) ? folder : workspace, constants.W_OK | constants.X_OK);
    return { name, status: "ok", text: workspace, next: "" };
  } catch (error) {
    return error instanceof OrchestratorError
      ? { name, status: "bad", text: error.message, ...mending(error.remedy) }
      : {
          name,
          status: "bad",
          text: `you may not write here: ${messageOf(error)}`,
          next: "Give yourself write permission, or choose another folder with --dir DIR.",
          remedy: advice("Give yourself write permission, or open another folder."),
        };
  }
}

async function recordCheck(container: Container): Promise<Check> {
  const name = "record";
  const othersCan = (mode: number): boolean => process.platform !== "win32" && (mode & 0o077) !== 0;
  try {
    const path = join(container.workspace, ".orchestrator");
    const before = lstatSync(path, { throwIfNoEntry: false });
    const ids = await container.store.list();
    const folder = lstatSync(path, { throwIfNoEntry: false });
    if (!folder) return { name, status: "ok", text: "none yet", next: "" };
    for (const id of ids) await (await container.store.open(id)).readProject();
    if (othersCan(folder.mode))
      return {
        name,
        status: "bad",
        text: `other users can read ${path}`,
        ...mending({
          kind: "run_in_terminal",
          text: "Close the folder to them",
          command: `chmod 700 ${shellWord(path)}`,
        }),
      };
    const access =
      before !== undefined && othersCan(before.mode)
        ? `other users could read ${path}, so its mode is 0700 now`
        : "only you can read their files";
    return { name, status: "ok", text: `${plural(ids.length, "project")}; ${access}`, next: "" };
  } catch (error) {
    return {
      name,
      status: "bad",
      text: messageOf(error),
      ...mending(error instanceof OrchestratorError ? error.remedy : { kind: "verify_record" }),
    };
  }
}
