import { lstatSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findProcess, ownStart } from "../adapters/machine/processFacts";
import { LaunchError } from "./launchError";
import { cannotWrite } from "./launchWriting";

/** How long a server may take to start, and so how long its lock may be held. */
export const startTimeoutMs = 15_000;
const pollMs = 20;

/**
 * Runs the action while no other process does; a lock of a process that is gone is taken over. Throws LaunchError when
 * the lock is held for too long.
 */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const own = `${process.pid} ${await ownStart()}`;
  const end = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      writeFileSync(path, own, { mode: 0o600, flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw cannotWrite(dirname(path), error);
    }
    const abandoned = await abandonedLock(path);
    // Another process may have taken it over meanwhile.
    if (abandoned !== undefined && abandoned === contentOf(path)) removeLock(path);
    else if (Date.now() > end)
      throw new LaunchError(
        "The session server did not start: another process has been starting it for too long.",
        `Delete ${path} and try again.`,
      );
    await delay(pollMs);
  }
  try {
    return await action();
  } finally {
    removeLock(path);
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** What stands in the lock, when the process that wrote it is gone. */
async function abandonedLock(path: string): Promise<string | undefined> {
  const content = contentOf(path);
  if (content === undefined) return undefined;
  const [, pid, started_at] = /^(\d+) (.*)/.exec(content) ?? [];
  const gone =
    pid === undefined || started_at === undefined
      ? isOld(path)
      : (await findProcess({ pid: Number(pid), started_at })) === "gone";
  return gone ? content : undefined;
}

/** A lock that is not written yet is a living one; a power cut leaves one that never will be. */
function isOld(path: string): boolean {
  try {
    return Date.now() - lstatSync(path).mtimeMs > startTimeoutMs;
  } catch {
    return false;
  }
}

function removeLock(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}
