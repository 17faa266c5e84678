import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import { sizeText } from "../../core/model/sentences";
import type { ProjectFiles } from "../../core/ports/projectFiles";
import { isBelow } from "./fileWithin";
import { openRegularFile } from "./regularFile";

/** Files of this machine. */
export const projectFiles: ProjectFiles = {
  read: async (folder, path, most) => {
    const full = resolve(folder, path);
    const [root, file] = await Promise.all([
      realpath(folder).catch(() => folder),
      realpath(full).catch((error: unknown) => {
        throw isBelow(resolve(folder), full) ? unreadable(folder, path, error) : outside(folder, path);
      }),
    ]);
    if (!isBelow(root, file)) throw outside(folder, path);
    return bytesOf(file, path, most).catch((error: unknown) => {
      throw error instanceof OrchestratorError ? error : unreadable(folder, path, error);
    });
  },
  // By its folder's listing: where capitals do not count, a file would be there under several names.
  has: async (folder, path) => {
    const full = resolve(folder, path);
    return (await readdir(dirname(full)).catch((): string[] => [])).includes(basename(full));
  },
};

async function bytesOf(file: string, path: string, most: number): Promise<Uint8Array> {
  const handle = await openRegularFile(file);
  try {
    const { size } = await handle.stat();
    if (size <= most) return await handle.readFile();
  } finally {
    await handle.close();
  }
  throw problem(
    `The file ${path} is too large: at most ${sizeText(most)} are read.`,
    "Name a smaller file in the plan.",
  );
}

function outside(folder: string, path: string): OrchestratorError {
  return problem(
    `The file ${path} is outside of the project's folder ${folder}, so it is not read.`,
    "Name a file in that folder.",
  );
}

function unreadable(folder: string, path: string, error: unknown): OrchestratorError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR")
    return problem(`The file ${path} does not exist in ${folder}.`, "Create it, or name another one in the plan.");
  const why = code === "EACCES" ? "this user may not read it" : error instanceof Error ? error.message : String(error);
  return problem(`The file ${path} in ${folder} cannot be read: ${why}.`, "Name a text file that can be read.");
}

function problem(sentence: string, next: string): OrchestratorError {
  return new OrchestratorError("request_invalid", sentence, advice(next));
}
