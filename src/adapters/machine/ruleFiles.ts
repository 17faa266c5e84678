import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../core/model/errors";
import type { RuleFileText } from "../../core/model/checkedRules";
import { settingsFolder } from "./dataFolder";
import { regularFileText } from "./regularFile";

/** Many times what the text of a file with rules may have: that it is too long is told with its text. */
const largestFile = 10_000_000;

/** Names of files with rules or agents. */
const ruleFileEnds = ["yaml", "yml"];

/** Where the user's own rules for programs are: one file each. Throws `usage` where the user has no home folder. */
export function ruleFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(settingsFolder(env), "programs");
}

/** Where the user's own coding agents are: one file each. Throws `usage` where the user has no home folder. */
export function agentFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(settingsFolder(env), "agents");
}

/** The files of a folder with rules or agents, by name; none where there is no such folder. */
export async function readRuleFiles(folder: string): Promise<RuleFileText[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    // With something else in the place of a folder above it there is none, either.
    return (await isThere(folder)) ? [{ file: folder, unreadable: messageOf(error) }] : [];
  }
  const files = names.filter((name) => ruleFileEnds.includes(name.split(".").at(-1) ?? "")).sort();
  return Promise.all(
    files.map(async (name) => {
      const file = join(folder, name);
      try {
        return { file, text: await regularFileText(file, largestFile) };
      } catch (error) {
        return { file, unreadable: messageOf(error) };
      }
    }),
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"));
  }
}
