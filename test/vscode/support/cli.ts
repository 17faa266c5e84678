import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { extensions } from "vscode";
import { folder } from "./host";

export interface CliRun {
  readonly child: ChildProcess;
  /** Its exit code, and all that it printed. */
  readonly done: Promise<{ readonly code: number | null; readonly text: string }>;
}

/**
 * The command line as somebody has it in another terminal of this machine, on the same folder and the same session
 * server.
 */
export function startCli(
  args: readonly string[],
  {
    cwd = folder(),
    program = cliProgram(),
    env = {},
  }: { readonly cwd?: string; readonly program?: string; readonly env?: NodeJS.ProcessEnv } = {},
): CliRun {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", WSH_ORCHESTRATOR_SERVER: "builtin", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  const done = new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
  return { child, done };
}

/** Throws with what it printed unless it ends well. */
export async function cli(args: readonly string[], options?: Parameters<typeof startCli>[1]): Promise<string> {
  const { code, text } = await startCli(args, options).done;
  if (code !== 0) throw new Error(`Exit code ${code}: ${args.join(" ")}\n${text}`);
  return text;
}

function cliProgram(): string {
  return join(extensions.getExtension("wsh-orchestrator.wsh-orchestrator")?.extensionPath ?? "", "dist/cli.js");
}
