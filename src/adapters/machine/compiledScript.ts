import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
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
import { isOwnFile } from "./ownFile";

/** Behind the code: how many parts had run when it was kept. */
const countBytes = 4;
/** What is not of the present program is removed some time; what is in use is made again after it. */
const keptDays = 30;
const dayMs = 86_400_000;

/**
 * What such a script is: a function with the arguments that Node gives a module that it loads. It may give back how many
 * of its parts have run so far.
 */
type Run = (require: NodeJS.Require, filename: string, dirname: string) => (() => number) | undefined;

interface Kept {
  readonly code: Buffer;
  readonly parts: number;
}

/**
 * Runs a script of this program, a function in ASCII, with the code that V8 made of it when it ran before: to make it
 * again would be most of the time that a short command takes. The code is kept in `folder`, for each script, each V8 and
 * each `use` of it, since each use needs other functions; it is kept anew once more parts ran, and read only where nobody
 * else can have written it. Nothing depends on it: without a folder, or where it cannot be written, the script runs as it
 * is.
 */
export function runScript(path: string, use: string, folder: string | undefined, require: NodeJS.Require): void {
  const { source, facts } = readSource(path);
  const place = folder === undefined ? undefined : keptPath(folder, facts, use);
  const kept = place === undefined ? undefined : readKept(place);
  const script = new Script(source, { filename: path, ...(kept === undefined ? {} : { cachedData: kept.code }) });
  const before = script.cachedDataRejected === false ? (kept?.parts ?? -1) : -1;
  const parts = (script.runInThisContext() as Run)(require, path, dirname(path));
  if (place !== undefined)
    process.on("exit", () => {
      const now = parts?.() ?? 0;
      if (now > before) keep(place, script.createCachedData(), now);
    });
}

/** As it is read V8 needs no copy of it. */
function readSource(path: string): { readonly source: string; readonly facts: BigIntStats } {
  const file = openSync(path, constants.O_RDONLY);
  try {
    return { facts: fstatSync(file, { bigint: true }), source: readFileSync(file, "latin1") };
  } finally {
    closeSync(file);
  }
}

/** V8 looks at its version and flags itself, but of the source only at the length; what writes a file changes its ctime. */
function keptPath(folder: string, { dev, ino, size, ctimeNs }: BigIntStats, use: string): string {
  const content = [dev, ino, size, ctimeNs].map((each) => each.toString(36)).join("-");
  return join(folder, "compiled", `${content}-${process.versions.v8}-${process.arch}-${use}`);
}

/** V8 refuses code of another length than it says itself. */
function readKept(path: string): Kept | undefined {
  try {
    if (!isOwnFolder(dirname(path))) return undefined;
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      if (!isOwnFile(fstatSync(file))) return undefined;
      const bytes = readFileSync(file);
      const end = bytes.length - countBytes;
      return { code: bytes.subarray(0, end), parts: bytes.readUInt32LE(end) };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function keep(path: string, code: Buffer, parts: number): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwnFolder(folder)) return;
    removeOld(folder);
    const count = Buffer.alloc(countBytes);
    count.writeUInt32LE(parts);
    put(path, Buffer.concat([code, count]));
  } catch {
    // A full or read-only disk: the next run is slower, and nothing else.
  }
}

/** Who reads at this moment, or after a loss of power, gets all of it or nothing. */
function put(path: string, bytes: Buffer): void {
  const temporary = `${path}.${process.pid}`;
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
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
