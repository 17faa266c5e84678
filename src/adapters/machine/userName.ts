import { userInfo } from "node:os";

/** The name that the person has on this machine, `unknown` where nobody says it. `env`: of this process. */
export function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env["USER"] || "unknown";
  }
}
