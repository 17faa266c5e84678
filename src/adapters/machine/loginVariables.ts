import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { endGroup } from "./processGroup";

export interface LoginShell {
  /** Name or path. */
  readonly shell: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

export type LoginAnswer =
  | { readonly variables: Readonly<Record<string, string>> }
  /** Why there is none, as the end of a sentence: `did not answer within 10 s`. Absent: nobody logs in with it. */
  | { readonly problem: string | undefined };

/** As long as VS Code waits for the same. */
export const loginTimeoutMs = 10_000;
const mostOutput = 4 * 1024 * 1024;
const forTheQuestion = { ELECTRON_RUN_AS_NODE: "1", VSCODE_RESOLVING_ENVIRONMENT: "1" };
/** Of accounts that nobody logs in to. */
const noShells = new Set(["nologin", "false", "true", "sync"]);

/**
 * What a login shell of this user sets, asked as VS Code does it: an interactive login shell prints this runtime's view
 * of its environment between two marks, in a group of its own, so that whatever else its start-up files print or start
 * makes no difference. They know by `VSCODE_RESOLVING_ENVIRONMENT` that nobody sits there.
 */
export function askLoginShell({ shell, env, timeoutMs = loginTimeoutMs }: LoginShell): Promise<LoginAnswer> {
  const name = basename(shell);
  if (noShells.has(name)) return Promise.resolve({ problem: undefined });
  const mark = randomUUID().replaceAll("-", "");
  // Quoted so that shells of every family read the same.
  const command = `'${process.execPath}' -p '"${mark}" + JSON.stringify(process.env) + "${mark}"'`;
  const flags = name === "csh" || name === "tcsh" ? ["-ic"] : ["-i", "-l", "-c"];
  return new Promise((resolve) => {
    const child = spawn(shell, [...flags, command], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...env, ...forTheQuestion },
    });
    let output = "";
    const settle = (answer: LoginAnswer): void => {
      clearTimeout(timer);
      // What the start-up files left running keeps neither this process nor its pipe.
      child.stdout.destroy();
      child.unref();
      resolve(answer);
    };
    const giveUp = (problem: string): void => {
      endGroup(child);
      settle({ problem });
    };
    const timer = setTimeout(() => giveUp(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const variables = variablesBetween(output, mark);
      if (variables) settle({ variables });
      else if (output.length > mostOutput) giveUp("printed too much");
    });
    child.once("error", () => settle({ problem: "could not be started" }));
    child.once("close", (code) =>
      settle({ problem: `ended${code === null ? "" : ` with exit code ${code}`} before it answered` }),
    );
  });
}

/** Undefined until both marks are there. A shell that shows the command shows a mark that no JSON follows. */
function variablesBetween(output: string, mark: string): Record<string, string> | undefined {
  const start = output.indexOf(`${mark}{`);
  const end = start < 0 ? -1 : output.indexOf(`}${mark}`, start);
  if (end < 0) return undefined;
  try {
    const variables = JSON.parse(output.slice(start + mark.length, end + 1)) as Record<string, string>;
    return Object.fromEntries(Object.entries(variables).filter(([name]) => !(name in forTheQuestion)));
  } catch {
    return undefined;
  }
}
