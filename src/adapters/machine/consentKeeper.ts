import { createHmac, randomBytes } from "node:crypto";
import { lstat, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import type { Clock } from "../../core/ports/machine";
import type { ConsentKeeper } from "../../core/ports/consent";
import { dataFolder } from "./dataFolder";
import { userKey } from "./userKey";

const usedFolder = "consent-used";
/** Longer than any seal counts, also on clocks that do not agree. */
const keptMs = 48 * 60 * 60 * 1000;

/** The consents of this user; where their data folder cannot be used, of this process only. */
export function createConsentKeeper(
  env: Readonly<Record<string, string | undefined>>,
  clock: Pick<Clock, "now">,
): ConsentKeeper {
  const shared = userKey(env, "consent-key");
  const key = shared ?? randomBytes(16).toString("hex");
  return {
    isShared: shared !== undefined,
    sealOf: (fields) => createHmac("sha256", key).update(JSON.stringify(fields)).digest("hex"),
    ...(shared === undefined ? usedHere() : usedByUser(join(dataFolder(env), usedFolder), clock)),
  };
}

function usedHere(): Pick<ConsentKeeper, "isUsed" | "use"> {
  const used = new Set<string>();
  return {
    isUsed: (seal) => Promise.resolve(used.has(seal)),
    use: (seal) => Promise.resolve(!used.has(seal) && used.add(seal).has(seal)),
  };
}

/** A file for each that was used: making it is the one step that only one process can win. */
function usedByUser(folder: string, clock: Pick<Clock, "now">): Pick<ConsentKeeper, "isUsed" | "use"> {
  return {
    isUsed: async (seal) => {
      try {
        await lstat(join(folder, seal));
        return true;
      } catch (error) {
        if (codeOf(error) === "ENOENT") return false;
        throw notKept(folder, error);
      }
    },
    use: async (seal) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await removeOld(folder, clock.now());
        const file = await open(join(folder, seal), "wx", 0o600);
        await file.sync().finally(() => file.close());
        await syncFolder(folder);
        return true;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        throw notKept(folder, error);
      }
    },
  };
}

/** Its name is on the disk too: a power cut must not bring a used yes back. Some file systems cannot do it for folders. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, "r").catch(() => undefined);
  if (!opened) return;
  await opened.sync().catch(() => undefined);
  await opened.close();
}

async function removeOld(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another process removes them too.
    const stats = await lstat(path).catch(() => undefined);
    if (stats && stats.mtimeMs < now - keptMs) await rm(path, { force: true });
  }
}

function notKept(folder: string, error: unknown): OrchestratorError {
  return new OrchestratorError(
    "ledger_unwritable",
    `That an answer was used cannot be saved in ${folder}, so its command is not run: ${messageOf(error)}`,
    advice(`Make ${folder} writable for yourself, and see that its disk has room.`),
    { cause: error },
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
