import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dataFolder } from "./dataFolder";
import { isOwnFile } from "./ownFile";

const keyPattern = /^[0-9a-f]{32}$/;

/**
 * What the keys of this user are for. `redaction-key`: this user's records share it, so that equal secrets show as equal
 * and mean nothing elsewhere. `consent-key`: proves that an answer was given by this user, on this machine. `token-key`:
 * recognises a server's token that was given before, which is not kept itself.
 */
export type UserKeyName = "redaction-key" | "consent-key" | "token-key";

/**
 * A key of this user: 32 hex digits, made on first use, 0600, in the data folder. Undefined when it can be neither read
 * nor kept.
 */
export function userKey(env: Readonly<Record<string, string | undefined>>, name: UserKeyName): string | undefined {
  try {
    const path = join(dataFolder(env), name);
    return readKey(path) ?? makeKey(path) ?? readKey(path);
  } catch {
    return undefined;
  }
}

function readKey(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !isOwnFile(stats)) return undefined;
  const key = readFileSync(path, "utf8").trim();
  return keyPattern.test(key) ? key : undefined;
}

/** Undefined when somebody else was faster. */
function makeKey(path: string): string | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const key = randomBytes(16).toString("hex");
  try {
    writeFileSync(path, `${key}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(path, 0o600);
    return key;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
}
