import { remedyText } from "../remedyText";
import { accessSync, constants, existsSync, lstatSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { findWshServers } from "../../adapters/wsh/findServers";
import { runProgram } from "../../adapters/machine/runProgram";
import { lacksSentence } from "./serverLacks";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { findBuiltinServer } from "../../embedded/launch";
import { packageFolder } from "../../embedded/launchCopy";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import type { Tone } from "../../protocol/piece";

export interface Check {
  readonly name: string;
  /** `missing` is worth knowing and harms little; `bad` must be put right. */
  readonly status: "ok" | "missing" | "bad";
  readonly text: string;
  /** What to do; empty when nothing is to be done. */
  readonly next: string;
}

const oldestNode = 20;
const versionMs = 3000;
const marks: Readonly<Record<Check["status"], readonly [string, Tone]>> = {
  ok: ["✓", "good"],
  missing: ["·", "attention"],
  bad: ["✗", "bad"],
};

/**
 * Looks at everything that this program needs, and changes nothing but modes of the record that are too wide. Failed
 * when something must be put right.
 */
export async function runDoctor(container: Container): Promise<ExitCode> {
  const { output } = container;
  const platform: Check = {
    name: "platform",
    status: "ok",
    text: `${process.platform} ${process.arch}, ${release()}`,
    next: process.platform === "win32" ? "Run it inside of WSL for shells with exact exit codes." : "",
  };
  const asked = await Promise.all([
    ...["bash", "zsh", "fish"].map(shellCheck),
    gitCheck(),
    builtinCheck(),
    wshChecks(container),
    recordCheck(container),
  ]);
  const found = [nodeCheck(), platform, terminalsCheck(container), workspaceCheck(container), ...asked.flat()];
  if (output.json) output.document(found);
  else {
    const width = Math.max(...found.map((check) => check.name.length));
    for (const { name, status, text, next } of found) {
      const [mark, tone] = marks[status];
      output.pieces([{ text: `${mark} `, tone }, { text: `${name.padEnd(width)}  `, tone: "strong" }, { text }]);
      if (next !== "") output.pieces([{ text: `${" ".repeat(width + 4)}${next}`, tone: "quiet" }]);
    }
  }
  return found.some((check) => check.status === "bad") ? exitCode.failed : exitCode.done;
}

function nodeCheck(): Check {
  const old = Number(process.versions.node.split(".")[0]) < oldestNode;
  return {
    name: "node",
    status: old ? "bad" : "ok",
    text: process.versions.node,
    next: old ? `Install Node ${oldestNode} or newer.` : "",
  };
}

async function versionOf(program: string): Promise<string | undefined> {
  const result = await runProgram(program, ["--version"], { timeoutMs: versionMs });
  return result?.exit_code === 0 ? (/\d+(\.\d+)+/.exec(result.stdout)?.[0] ?? "found") : undefined;
}

async function shellCheck(shell: string): Promise<Check> {
  const version = await versionOf(shell);
  if (version === undefined)
    return {
      name: shell,
      status: shell === "bash" ? "missing" : "ok",
      text: "not installed",
      next: shell === "bash" ? "Without bash, zsh or fish, exit codes are read from a printed end mark." : "",
    };
  const old = shell === "bash" && Number.parseFloat(version) < 4.4;
  return {
    name: shell,
    status: old ? "missing" : "ok",
    text: version,
    next: old ? "bash before 4.4 has no exact marks; use zsh (the default on macOS) or a newer bash." : "",
  };
}

async function gitCheck(): Promise<Check> {
  const version = await versionOf("git");
  return {
    name: "git",
    status: version === undefined ? "missing" : "ok",
    text: version ?? "not installed",
    next: version === undefined ? "Without git, handoff notes say nothing about the work tree." : "",
  };
}

/** The PTY library is native: it must be there for this platform. */
function terminalsCheck(container: Container): Check {
  const bundle = container.serverBundle;
  if (!existsSync(bundle))
    return { name: "terminals", status: "bad", text: `${bundle} is missing`, next: "Build it: npm run build" };
  try {
    packageFolder(`@lydell/node-pty-${process.platform}-${process.arch}`, packageFolder("@lydell/node-pty", bundle));
    return { name: "terminals", status: "ok", text: "the PTY library for this platform is there", next: "" };
  } catch (error) {
    return {
      name: "terminals",
      status: "bad",
      text: messageOf(error),
      next: "Run npm install again, or use a wsh server (--server ADDRESS).",
    };
  }
}

async function builtinCheck(): Promise<Check> {
  const running = await findBuiltinServer();
  const text = running
    ? `runs at ${running.address}, version ${running.version}, process ${running.pid}`
    : "does not run; it is started when it is needed";
  return { name: "built-in server", status: "ok", text, next: "" };
}

async function wshChecks({ clock }: Container): Promise<Check[]> {
  const name = "wsh server";
  const found = (await findWshServers({ clock })).filter((each) => each.info.implementation === "wsh");
  if (found.length === 0) return [{ name, status: "ok", text: "none runs here", next: "The built-in server is used." }];
  const several = found.length > 1 && !found.some((each) => each.named);
  return found.map(({ info, named }) => ({
    name,
    status: several ? "missing" : "ok",
    text: `${info.address}, version ${info.version}, era ${info.era}${named ? ", named by WSH_SERVER_NAME" : ""}`,
    next: [
      several ? "Several run, so a new project must name one with --server." : "",
      lacksSentence(info.capabilities),
    ]
      .filter((each) => each !== "")
      .join(" "),
  }));
}

function workspaceCheck(container: Container): Check {
  try {
    const { workspace } = container;
    const record = lstatSync(join(workspace, ".orchestrator"), { throwIfNoEntry: false });
    if (record?.isFile())
      return {
        name: "workspace",
        status: "bad",
        text: `${join(workspace, ".orchestrator")} is a file; the record needs a folder of that name`,
        next: "Move the file away, or name another folder with --dir.",
      };
    const target = existsSync(join(workspace, ".orchestrator")) ? join(workspace, ".orchestrator") : workspace;
    accessSync(target, constants.W_OK | constants.X_OK);
    return { name: "workspace", status: "ok", text: workspace, next: "" };
  } catch (error) {
    const next =
      error instanceof OrchestratorError
        ? remedyText(error.remedy)
        : "Give yourself write permission, or name another folder with --dir.";
    return { name: "workspace", status: "bad", text: messageOf(error), next };
  }
}

async function recordCheck(container: Container): Promise<Check> {
  const name = "record";
  try {
    const path = join(container.workspace, ".orchestrator");
    const before = lstatSync(path, { throwIfNoEntry: false });
    const ids = await container.store.list();
    const folder = lstatSync(path, { throwIfNoEntry: false });
    if (!folder) return { name, status: "ok", text: "none yet; the first project makes it", next: "" };
    for (const id of ids) await (await container.store.open(id)).readProject();
    const wide = process.platform !== "win32" && (folder.mode & 0o077) !== 0;
    if (wide)
      return {
        name,
        status: "bad",
        text: `others can read ${join(container.workspace, ".orchestrator")}`,
        next: `Run: chmod 700 ${join(container.workspace, ".orchestrator")}`,
      };
    const tightened = process.platform !== "win32" && before !== undefined && (before.mode & 0o077) !== 0;
    const access = tightened ? `others could read ${path}; its mode is 0700 now` : "nobody else can read it, no links";
    return {
      name,
      status: "ok",
      text: `${ids.length} ${ids.length === 1 ? "project" : "projects"}; ${access}`,
      next: "",
    };
  } catch (error) {
    return {
      name,
      status: "bad",
      text: messageOf(error),
      next: error instanceof OrchestratorError ? remedyText(error.remedy) : "See: wsh-orchestrator verify",
    };
  }
}
