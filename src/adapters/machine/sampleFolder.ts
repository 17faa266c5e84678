import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A recorded screen: files of one name. */
export interface SampleFiles {
  /** `DIR/tool/name`, with the folder as it was given. */
  readonly sample: string;
  /** The folder that it is in: the program that was started. */
  readonly tool: string;
}

/** The recorded screens in a folder of folders, by name. Throws what the file system does. */
export async function samplesIn(folder: string): Promise<SampleFiles[]> {
  const tools = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const lists = await Promise.all(
    tools
      .map(({ name }) => name)
      .sort()
      .map(async (tool) => {
        const files = await readdir(join(folder, tool));
        const names = files.filter((file) => file.endsWith(".txt")).map((file) => file.slice(0, -".txt".length));
        return names.sort().map((name) => ({ sample: `${folder.replace(/\/+$/, "")}/${tool}/${name}`, tool }));
      }),
  );
  return lists.flat();
}

/** The bytes of a file; undefined where there is none. Throws what the file system does otherwise. */
export async function fileOrNone(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
