import { readFile } from "node:fs/promises";

export interface ZipEntry {
  readonly path: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Permission bits where the packer was a Unix. */
  readonly mode: number;
}

const endMark = 0x06054b50;
const entryMark = 0x02014b50;

/** What the central directory of a zip file says (APPNOTE 4.3.12 and 4.3.16); throws where there is none. */
export async function zipListing(path: string): Promise<ZipEntry[]> {
  const bytes = await readFile(path);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== endMark) end--;
  if (end < 0) throw new Error(`${path} is no zip file.`);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== entryMark) throw new Error(`${path} has a broken directory.`);
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    entries.push({
      path: bytes.toString("utf8", at + 46, at + 46 + name),
      size: bytes.readUInt32LE(at + 24),
      mode: (bytes.readUInt32LE(at + 38) >>> 16) & 0o777,
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}
