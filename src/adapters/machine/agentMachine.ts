import { constants } from "node:fs";
import { access, open, readdir, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import type { AgentMachine, ConversationFile } from "../../core/ports/agents";

const mostFiles = 200;
/** Folder and time stand at the beginning of the files of all agents that were seen. */
const readBytes = 4096;

/** Coding agents on this machine; nothing is run, and no more is read than the beginning of their files. */
export const agentMachine: AgentMachine = {
  programFile: async (word, path, cwd) => {
    const places =
      word.includes("/") || isAbsolute(word)
        ? [resolve(cwd, word)]
        : path
            .split(delimiter)
            .filter((folder) => folder !== "")
            .map((folder) => resolve(cwd, folder, word));
    for (const place of places) if (await isProgram(place)) return place;
    return undefined;
  },
  conversationFiles: async (folder, pattern) => {
    const paths = await matching(folder, pattern.split("/"), "");
    const dated = await Promise.all(paths.map(async (path) => ({ path, at: await changedAt(join(folder, path)) })));
    const newest = dated.sort((one, other) => other.at - one.at).slice(0, mostFiles);
    return Promise.all(
      newest.map(async ({ path }): Promise<ConversationFile> => ({
        path,
        beginning: await beginningOf(join(folder, path)),
      })),
    );
  },
};

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function matching(folder: string, [part, ...rest]: readonly string[], above: string): Promise<string[]> {
  if (part === undefined) return [];
  const names = await readdir(join(folder, above)).catch((): string[] => []);
  const found = names.filter(nameTest(part)).map((name) => (above === "" ? name : `${above}/${name}`));
  if (rest.length === 0) return found;
  return (await Promise.all(found.map((each) => matching(folder, rest, each)))).flat();
}

/** `rollout-*.jsonl`: each `*` is any text. */
function nameTest(part: string): (name: string) => boolean {
  const [begin = "", ...others] = part.split("*");
  return (name) => {
    if (others.length === 0) return name === part;
    if (!name.startsWith(begin)) return false;
    let at = begin.length;
    for (const [index, text] of others.entries()) {
      const found = index === others.length - 1 ? name.length - text.length : name.indexOf(text, at);
      if (found < at || !name.startsWith(text, found)) return false;
      at = found + text.length;
    }
    return true;
  };
}

function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function beginningOf(path: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!(await file.stat()).isFile()) return "";
      const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytes), 0, readBytes, 0);
      return buffer.toString("utf8", 0, bytesRead).replace(/\s+/g, " ");
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}
