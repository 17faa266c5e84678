import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/**
 * Opens a file to read it. Throws what the file system does, and where it is something else: a pipe that nothing writes to
 * would keep whoever opens it for ever, and a device has no end.
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) throw new Error("it is not a file");
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The text of a file of at most so many bytes. Throws as `openRegularFile`, and where it is larger. */
export async function regularFileText(path: string, most: number): Promise<string> {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    if (size > most) throw new Error(`it has ${Math.round(size / 1e6)} MB; at most ${Math.round(most / 1e6)} are read`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
