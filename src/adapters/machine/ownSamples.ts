import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import type { SampleStore, SampleTexts } from "../../core/ports/samples";
import { settingsFolder } from "./dataFolder";
import { writingReason } from "./writingReason";

/** Where the user's own samples are, a folder for each program. Throws `usage` where the user has no home folder. */
export function ownSampleFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(settingsFolder(env), "samples");
}

/** More samples of one name than anybody makes in a second. */
const mostOfName = 100;

/** Keeps samples as files of this user alone. */
export function createOwnSamples(env: Readonly<Record<string, string | undefined>>): SampleStore {
  return {
    get folder() {
      return ownSampleFolder(env);
    },
    save: async ({ tool, name, ...texts }) => {
      const folder = join(ownSampleFolder(env), tool);
      try {
        await makeFolder(folder);
        const base = await freeName(join(folder, name));
        await writeAll(base, texts);
        return base;
      } catch (error) {
        throw notSaved(folder, error);
      }
    },
  };
}

/** As `mkdir` does with `recursive`, which calls a full disk "no such file or directory". */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What stands there, if it is no folder, is told by the first file.
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 }).catch((again: unknown) => {
      if ((again as NodeJS.ErrnoException).code !== "EEXIST") throw again;
    });
  }
}

async function freeName(base: string): Promise<string> {
  for (let number = 1; number <= mostOfName; number++) {
    const each = number === 1 ? base : `${base}-${number}`;
    const taken = await stat(`${each}.txt`).then(
      () => true,
      () => false,
    );
    if (!taken) return each;
  }
  throw new Error("there are too many samples of this name");
}

async function writeAll(
  base: string,
  { screen, styled, facts, stream }: Omit<SampleTexts, "tool" | "name">,
): Promise<void> {
  const files: readonly (readonly [string, string])[] = [
    ["txt", screen],
    ["ansi", styled],
    ...(stream === undefined ? [] : [["raw", stream] as const]),
    // What a sample is by itself comes last.
    ["json", `${facts}\n`],
  ];
  const written: string[] = [];
  try {
    for (const [end, text] of files) {
      const path = `${base}.${end}`;
      // Nothing that stands there is overwritten, and no link is followed.
      const file = writeFile(path, text, { flag: "wx", mode: 0o600, flush: true });
      written.push(path);
      await file;
    }
  } catch (error) {
    // One that stood there before is not taken away.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") written.pop();
    await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  }
}

function notSaved(folder: string, error: unknown): OrchestratorError {
  const isFull = ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
  return new OrchestratorError(
    isFull ? "disk_full" : "request_invalid",
    isFull
      ? `The disk is full, so the sample was not saved in ${folder}.`
      : `The sample cannot be saved in ${folder}: ${writingReason(error) ?? messageOf(error)}.`,
    advice(isFull ? "Make room on the disk, and say it again." : "Make the folder writable for you, and say it again."),
    { cause: error },
  );
}
