import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { say } from "./versions";

const waitMs = 500;
const lockPattern = /^lock\.(\d+)$/;

/** Held while this process installs. */
export interface InstallLock {
  /** Also holds while this process lives: a killed run leaves its npm behind, which goes on writing. */
  alsoWhile(pid: number): void;
  release(): void;
}

/**
 * Waits until nobody else installs into the folder. The lock with the highest number counts, and it is over when none
 * of the processes in it lives. A next one is made by a link, which only one of several waiters can make, and which has
 * its content from the beginning.
 */
export async function lockFolder(folder: string): Promise<InstallLock> {
  mkdirSync(folder, { recursive: true });
  for (let told = false; ;) {
    const number = highest(folder);
    const holders = number === 0 ? [] : livingHolders(join(folder, `lock.${number}`));
    if (holders.length === 0) {
      const lock = take(folder, number + 1);
      if (lock) return lock;
      continue;
    }
    if (!told) say(`waiting for process ${holders.join(" and ")}, which is installing`);
    told = true;
    await delay(waitMs);
  }
}

function highest(folder: string): number {
  return Math.max(0, ...readdirSync(folder).map((name) => Number(lockPattern.exec(name)?.[1] ?? 0)));
}

function livingHolders(path: string): number[] {
  return readFileSync(path, "utf8")
    .split(" ")
    .map(Number)
    .filter((pid) => pid > 0 && isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function take(folder: string, number: number): InstallLock | undefined {
  const path = join(folder, `lock.${number}`);
  const own = join(folder, `own.${process.pid}`);
  const write = (text: string): void => writeFileSync(own, text);
  write(String(process.pid));
  try {
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
  const replace = (text: string): void => {
    write(text);
    renameSync(own, path);
  };
  return { alsoWhile: (pid) => replace(`${process.pid} ${pid}`), release: () => replace("") };
}
