import { userInfo } from "node:os";
import { isatty } from "node:tty";
import { askLoginShell } from "../adapters/machine/loginVariables";
import type { Variables } from "../core/session/keptOutVariables";
import { lacksLoginShell, shellToAsk, withLoginVariables } from "../core/session/loginShell";

/**
 * The environment of whoever runs this command. Where no shell has had a say in it (cron, a desktop icon, a service),
 * the login shell is asked, which takes as long as its start-up files; one that does not answer is said, and what there
 * is counts.
 */
export async function callersVariables(env: Variables, say: (sentence: string) => void): Promise<Variables> {
  if (
    process.platform === "win32" ||
    !lacksLoginShell(
      env,
      [0, 1, 2].some((fd) => isatty(fd)),
    )
  )
    return env;
  const shell = shellToAsk(env, accountsShell());
  if (shell === undefined) return env;
  const answer = await askLoginShell({ shell, env });
  if ("variables" in answer) return withLoginVariables(env, answer.variables, shell);
  if (answer.problem !== undefined)
    say(`The login shell ${shell} ${answer.problem}, so new sessions have the PATH of this process.`);
  return env;
}

function accountsShell(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    return undefined;
  }
}
