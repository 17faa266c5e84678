import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { open, readdir, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real file system of a few hundred KiB in memory, for what only a full or read-only one shows. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  static make(kib: number): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), "small-disk-"));
    const problem = mount(["-t", "tmpfs", "-o", `size=${kib}k,nr_inodes=100,mode=0700`, "tmpfs", path]);
    if (problem !== undefined) throw new Error(problem);
    return new SmallDisk(path);
  }

  /** Takes all space but so many KiB; taking it again changes that. */
  async fill(leaveKib = 0): Promise<void> {
    await this.free();
    const file = await open(join(this.path, "ballast"), "wx");
    try {
      const page = Buffer.alloc(4096, 1);
      for (;;) {
        const written = await file.write(page).catch(() => undefined);
        if (written?.bytesWritten !== page.length) break;
      }
      await file.truncate(Math.max(0, (await file.stat()).size - leaveKib * 1024));
    } finally {
      await file.close();
    }
  }

  /** Leaves room for not one more file, as on a disk with too many of them. */
  async fillNames(): Promise<void> {
    for (let index = 0; ; index++) {
      const file = await open(join(this.path, `ballast-${index}`), "wx").catch(() => undefined);
      if (!file) return;
      await file.close();
    }
  }

  async free(): Promise<void> {
    for (const name of await readdir(this.path)) if (name.startsWith("ballast")) await unlink(join(this.path, name));
  }

  /** Fails as long as a file is open for writing, as on any system. */
  readOnly(is: boolean): void {
    const problem = mount(["-o", `remount,${is ? "ro" : "rw"}`, this.path]);
    if (problem !== undefined) throw new Error(problem);
  }

  remove(): void {
    // Lazily: a file that a failed test left open must not keep it there.
    spawnSync("umount", ["-l", this.path]);
    rmdirSync(this.path);
  }
}

/** What went wrong, undefined when nothing did. */
function mount(args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr);
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    SmallDisk.make(64).remove();
    return true;
  } catch {
    return false;
  }
}

/** Why there is none here, as part of a test's name; empty where there is. */
export const noSmallDisk = canMount() ? "" : " [not run: needs root and mount, for a small disk]";
