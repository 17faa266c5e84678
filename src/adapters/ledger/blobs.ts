import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { join } from "node:path";
import { OrchestratorError } from "../../core/model/errors";
import { writeFileAtomically } from "./atomicFile";
import { damaged, isMissing } from "./ledgerErrors";
import { makeFolders, openOwn } from "./safePaths";
import { advice } from "../../core/model/remedy";

/** Longer texts (UTF-8 bytes) go to a file of their own, so that lines stay short enough to be written in one piece. */
const inlineLimit = 32 * 1024;
const previewBytes = 1024;
const blobFolder = "blobs";

/** Texts taken out of an entry, by the SHA-256 of their UTF-8 in hex. */
export type Blobs = ReadonlyMap<string, Buffer>;

/**
 * Replaces long top-level strings: field `output` keeps its first KiB and says so, `output_blob` names the text.
 */
export function takeOutLongTexts(fields: Record<string, unknown>): Blobs | undefined {
  let blobs: Map<string, Buffer> | undefined;
  for (const [field, value] of Object.entries(fields)) {
    // A UTF-16 unit is at most three bytes.
    if (typeof value !== "string" || value.length * 3 <= inlineLimit) continue;
    const bytes = Buffer.from(value);
    if (bytes.length <= inlineLimit) continue;
    const hash = createHash("sha256").update(bytes).digest("hex");
    blobs ??= new Map();
    blobs.set(hash, bytes);
    fields[`${field}_blob`] = hash;
    fields[field] = `${preview(bytes)}\n[first 1 KiB of ${bytes.length} bytes; the whole text is in blobs/${hash}]`;
  }
  return blobs;
}

function preview(bytes: Buffer): string {
  let end = previewBytes;
  // Not in the middle of a character: continuation bytes are 10xxxxxx.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}

/** Puts the texts on the disk, durably, each once. `parts`: the project's folder below the workspace. */
export async function writeBlobs(workspace: string, parts: readonly string[], blobs: Blobs): Promise<void> {
  const folder = await makeFolders(workspace, [...parts, blobFolder]);
  for (const [hash, bytes] of blobs) {
    if (!(await isWhole(folder, hash))) await writeFileAtomically(join(folder, hash), bytes);
  }
}

async function isWhole(folder: string, hash: string): Promise<boolean> {
  try {
    await readBlobFile(folder, hash);
    return true;
  } catch {
    return false;
  }
}

/** Throws `entry_not_found` when there is no such text, `ledger_corrupt` when it is not what was written. */
export async function readBlob(projectFolder: string, hash: string): Promise<string> {
  const missing = new OrchestratorError(
    "entry_not_found",
    `There is no stored text ${JSON.stringify(hash)}.`,
    advice("Use the value of an event's *_blob field."),
  );
  if (!/^[0-9a-f]{64}$/.test(hash)) throw missing;
  try {
    return (await readBlobFile(join(projectFolder, blobFolder), hash)).toString("utf8");
  } catch (error) {
    if (isMissing(error)) throw missing;
    throw error;
  }
}

async function readBlobFile(folder: string, hash: string): Promise<Buffer> {
  const path = join(folder, hash);
  const handle = await openOwn(path, constants.O_RDONLY);
  try {
    const bytes = await handle.readFile();
    if (createHash("sha256").update(bytes).digest("hex") !== hash)
      throw damaged(path, "is damaged: its text is not the one that was saved");
    return bytes;
  } finally {
    await handle.close();
  }
}
