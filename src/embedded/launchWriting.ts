import { accessSync, constants, lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { writingReason } from "../adapters/machine/writingReason";
import { LaunchError } from "./launchError";

const wayOut =
  "Make it possible to write there, or set the environment variable WSH_ORCHESTRATOR_RUNTIME_DIR to a folder of yours " +
  "on a local disk.";

/** Throws LaunchError where this user can write nothing into the folder, which must exist. */
export function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** Why this user cannot make or fill that folder, which need not exist; undefined when it can. Makes nothing. */
export function writingProblem(folder: string): LaunchError | undefined {
  const found = existingAbove(folder);
  try {
    if (found !== undefined && statSync(found).isDirectory()) {
      requireWritable(found);
      return undefined;
    }
  } catch (error) {
    return cannotWrite(folder, error);
  }
  return cannotWrite(folder, undefined);
}

/** What kept a program from writing into `path`, as a sentence with the way out. */
export function cannotWrite(path: string, error: unknown): LaunchError {
  return new LaunchError(`The session server needs the folder ${path}, but ${reasonOf(path, error)}.`, wayOut);
}

/** Node says ENOENT of a folder that cannot be made: what stands above it says more. */
function reasonOf(path: string, error: unknown): string {
  const found = existingAbove(path);
  if (found !== undefined && !statSync(found, { throwIfNoEntry: false })?.isDirectory())
    return `${found} is not a folder`;
  const known = writingReason(error) ?? (found === undefined ? undefined : writingReason(accessError(found)));
  return known ?? (error instanceof Error ? `it cannot be made: ${error.message}` : "it cannot be made");
}

function existingAbove(path: string): string | undefined {
  for (let each = path; ; each = dirname(each)) {
    try {
      if (lstatSync(each, { throwIfNoEntry: false })) return each;
    } catch {
      // A part of the path is a file: it is further up.
    }
    if (dirname(each) === each) return undefined;
  }
}

function accessError(path: string): unknown {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return error;
  }
}
