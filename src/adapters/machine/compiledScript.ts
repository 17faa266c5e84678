import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import * as zlib from "node:zlib";
import { isOwnFile } from "./ownFile";

/** Native since Node 20.15 and 22.2. By table it would cost more than is saved, so older ones keep nothing. */
const crc32 = (zlib as { crc32?: (data: Uint8Array) => number }).crc32;
const crcBytes = 4;
/** What is not of the present program is removed some time; what is in use is made again after it. */
const keptDays = 30;
const dayMs = 86_400_000;

/** The arguments that Node gives a module that it loads. */
type Run = (require: NodeJS.Require, filename: string, dirname: string) => void;

/**
 * Runs a script of this program, in ASCII, with the code that V8 made of it when it ran last: to make it again would be
 * most of the time that a short command takes. The code is kept in `folder`, for each script, each V8 and each `use` of it,
 * since each use needs other functions; it is read only where nobody else can have written it. Nothing depends on it:
 * without a folder, or where it cannot be written, the script runs as it is.
 */
export function runScript(path: string, use: string, folder: string | undefined, require: NodeJS.Require): void {
  const source = readFileSync(path);
  const kept = folder === undefined || crc32 === undefined ? undefined : keptPath(folder, source, use, crc32);
  const cachedData = kept === undefined ? undefined : readKept(kept);
  // On one line with the script's first, so that lines of stack traces are those of the file.
  const wrapped = `(function (require, __filename, __dirname) {${source.toString("latin1")}\n})`;
  const script = new Script(wrapped, { filename: path, ...(cachedData === undefined ? {} : { cachedData }) });
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected === true))
    process.on("exit", () => keep(kept, script.createCachedData()));
  (script.runInThisContext() as Run)(require, path, dirname(path));
}

/** V8 looks at its version and flags itself, but of the source only at the length. */
function keptPath(folder: string, source: Uint8Array, use: string, crc: (data: Uint8Array) => number): string {
  const content = `${crc(source).toString(16)}-${source.length}`;
  return join(folder, "compiled", `${content}-${process.versions.v8}-${process.arch}-${use}`);
}

function readKept(path: string): Buffer | undefined {
  try {
    if (!isOwnFolder(dirname(path))) return undefined;
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      if (!isOwnFile(fstatSync(file))) return undefined;
      const bytes = readFileSync(file);
      const data = bytes.subarray(crcBytes);
      // A computer that lost its power may have kept a part of it.
      return crc32?.(data) === bytes.readUInt32LE(0) ? data : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function keep(path: string, data: Buffer): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwnFolder(folder)) return;
    removeOld(folder);
    const sum = Buffer.alloc(crcBytes);
    sum.writeUInt32LE(crc32?.(data) ?? 0);
    put(path, Buffer.concat([sum, data]));
  } catch {
    // A full or read-only disk: the next run is slower, and nothing else.
  }
}

/** Who reads at this moment gets all of it or nothing. */
function put(path: string, bytes: Buffer): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Whoever could put a file there could run code as this user. */
function isOwnFolder(path: string): boolean {
  const folder = lstatSync(path);
  if (!folder.isDirectory()) return false;
  return process.getuid === undefined || (folder.uid === process.getuid() && (folder.mode & 0o022) === 0);
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > keptDays * dayMs)
      rmSync(path, { force: true });
  }
}
