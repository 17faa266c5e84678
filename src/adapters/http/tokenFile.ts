import { constants, closeSync, fstatSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { minTokenLength, newToken } from "./access";

/**
 * The token in this file, or a new one that is written there with mode 0600; a folder that is missing is made for it,
 * 0700. Throws with one sentence when the file is not ours alone, is a link, or holds too short a token.
 */
export function readOrCreateToken(path: string): string {
  const token = newToken();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: "wx" });
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const { mode, uid } = fstatSync(file);
    const ours = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
    if (!ours)
      throw new Error(`The token file ${path} must belong to you and must not be readable by others (mode 0600).`);
    const found = readFileSync(file, "utf8").trim();
    if (found.length < minTokenLength)
      throw new Error(`The token in ${path} is too short: it must have at least ${minTokenLength} characters.`);
    return found;
  } finally {
    closeSync(file);
  }
}
