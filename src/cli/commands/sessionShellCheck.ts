import { tryShell } from "../../adapters/machine/shellTrial";
import { lastOutput } from "../../core/model/commandOutput";
import { startupGuard } from "../../core/session/failedStart";
import type { Check } from "../../protocol/setupCheck";

const name = "shell";
const otherShell = "set SHELL to another one, or name one for the role in a plan (shell: sh)";

/** The shell that sessions get where neither plan nor role names one: whether it starts, and what its files do to it. */
export async function sessionShellCheck(env: Readonly<Record<string, string | undefined>>): Promise<Check> {
  const shell = env.SHELL;
  if (process.platform === "win32" || shell === undefined || shell === "")
    return { name, status: "ok", text: "SHELL is not set; sessions get the server's", next: "" };
  const { works, exit_code, hangs, lastLine } = await tryShell(shell, env);
  const said = lastOutput(lastLine);
  if (works) return { name, status: "ok", text: `sessions get ${shell}`, next: "" };
  if (hangs)
    return {
      name,
      status: "bad",
      text: `${shell} does not show a prompt within 5 s: its start-up files wait for something.${said}`,
      next: `Put ${startupGuard} in front of what keeps it there, or ${otherShell}.`,
    };
  if (exit_code === null)
    return {
      name,
      status: "bad",
      text: `${shell} cannot be started: ${lastLine}`,
      next: `Install it, or ${otherShell}.`,
    };
  return {
    name,
    status: "bad",
    text: `${shell} ends with exit code ${exit_code} before it runs anything.${said}`,
    next: `Put ${startupGuard} in front of what ends it in its start-up files, or ${otherShell}.`,
  };
}
