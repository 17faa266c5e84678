import { dirname } from "node:path";
import { LaunchError } from "../../embedded/launchError";
import { places } from "../../embedded/launchPlaces";
import { writingProblem } from "../../embedded/launchWriting";
import type { Check } from "./doctorCheck";

/** The folders of the user in which the built-in server keeps what it needs. `isNeeded`: no other server is used. */
export function dataCheck(env: NodeJS.ProcessEnv, isNeeded: boolean): Check {
  const name = "data folder";
  const bad = ({ message, next }: LaunchError): Check => ({
    name,
    status: isNeeded ? "bad" : "missing",
    text: message,
    next,
  });
  try {
    const { data, runtime, socket } = places({ env });
    const folders = process.platform === "win32" ? [data, runtime] : [data, runtime, dirname(socket)];
    const problem = folders.map(writingProblem).find((each) => each !== undefined);
    return problem ? bad(problem) : { name, status: "ok", text: data, next: "" };
  } catch (error) {
    if (error instanceof LaunchError) return bad(error);
    throw error;
  }
}
