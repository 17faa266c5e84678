import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { errnoOf, isMissing, ledgerError, unsafe } from "./ledgerErrors";
import { platform } from "./platform";
import { openOwn, syncFolder } from "./safePaths";

/**
 * Replaces a file so that a reader, a crash or a full disk meets the old one or the new one, never a part: temporary
 * file (0600), fsync, rename, fsync of the folder. Throws `disk_full`, `ledger_unwritable` or `ledger_unsafe`; the old
 * file then stays.
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await refuseLink(path);
    const handle = await openOwn(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw ledgerError(error, path);
  }
}

/** A rename would replace the link and not what it points to; still, somebody put it there, so say so. */
async function refuseLink(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isSymbolicLink()) throw unsafe(path, "is a symbolic link");
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const held = ["EPERM", "EACCES", "EBUSY"].includes(errnoOf(error) ?? "");
      if (!held || attempt >= platform.renameRetries) throw error;
      await pause(platform.renamePause);
    }
  }
}
