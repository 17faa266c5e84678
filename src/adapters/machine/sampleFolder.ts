import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openRegularFile, regularFileText } from "./regularFile";

/** A recorded screen: files of one name. */
export interface SampleFiles {
  /** `DIR/tool/name`, with the folder as it was given. */
  readonly sample: string;
  /** The folder that it is in: the program that was started. */
  readonly tool: string;
}

export interface SampleFolder {
  /** By name. */
  readonly samples: readonly SampleFiles[];
  /** Folders in it that cannot be read, and what the file system says. */
  readonly unreadable: readonly { readonly folder: string; readonly error: unknown }[];
}

/** Any of these makes a recorded screen; what else there has to be is told when it is read. */
const sampleFile = /^(.+)\.(?:txt|ansi|json)$/;

/** Several times a screen of 1,000 rows of 500 cells in which each cell has its own style. */
const largestText = 32_000_000;

/** The recorded screens in a folder of folders. Throws what the file system says of the folder itself. */
export async function samplesIn(folder: string): Promise<SampleFolder> {
  const base = folder.replace(/(?<=.)\/+$/, "");
  const samples: SampleFiles[] = [];
  const unreadable: { folder: string; error: unknown }[] = [];
  for (const tool of (await readdir(base)).sort()) {
    const within = join(base, tool);
    try {
      if (!(await stat(within)).isDirectory()) continue;
      const names = (await readdir(within)).flatMap((file) => sampleFile.exec(file)?.[1] ?? []);
      for (const name of [...new Set(names)].sort()) samples.push({ sample: `${base}/${tool}/${name}`, tool });
    } catch (error) {
      unreadable.push({ folder: `${base}/${tool}`, error });
    }
  }
  return { samples, unreadable };
}

/** What a file of text holds. Throws what the file system does, and where it is no file or larger than any screen. */
export async function recordedText(path: string): Promise<string> {
  return regularFileText(path, largestText);
}

/** Gives the bytes of a file in pieces: the stream of a long session is large. Throws what the file system does. */
export async function recordedStream(path: string, write: (bytes: Uint8Array) => void): Promise<void> {
  const file = await openRegularFile(path);
  // Closes the file at its end.
  for await (const piece of file.createReadStream()) write(piece as Uint8Array);
}

/** The same of a file that may be left out; undefined where there is none. */
export async function ifThere<Result>(read: Promise<Result>): Promise<Result | undefined> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
