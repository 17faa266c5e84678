import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Nothing in or below the folder can be written until it is given back; root is refused only by file systems that know
 * immutable files.
 */
export class LockedFolder {
  private constructor(private readonly path: string) {}

  static lock(path: string): LockedFolder {
    change(path, true);
    return new LockedFolder(path);
  }

  giveBack(): void {
    change(this.path, false);
  }
}

const isRoot = process.getuid?.() === 0;

function change(path: string, locked: boolean): void {
  const [program, how] = isRoot ? ["chattr", locked ? "+i" : "-i"] : ["chmod", locked ? "a-w" : "u+w"];
  const { status, stderr, error } = spawnSync(program, ["-R", how, path], { encoding: "utf8" });
  if (status !== 0) throw new Error(error?.message ?? stderr);
}

function canLock(): boolean {
  if (process.platform === "win32") return false;
  const probe = mkdtempSync(join(tmpdir(), "wso-lock-"));
  try {
    LockedFolder.lock(probe).giveBack();
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(probe);
  }
}

/** Why there is none here, as part of a test's name; empty where there is. */
export const noLockedFolder = canLock() ? "" : " [not run: this file system refuses nothing to this user]";
