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

/** Behind code and source: how many bytes each of them has. */
const footerBytes = 8;
/** What is not of the present program is removed some time; what is in use is made again after it. */
const keptDays = 30;
const dayMs = 86_400_000;
/** Where the parts of a program end, see `programParts.mjs`. */
const partsEnd = "\n]; /* end of parts */";

type Part = () => void;

/** The parts of a program by number, with holes where they are not there, and what sets one up. */
interface Program {
  readonly parts: readonly Part[];
  readonly part: (number: number) => unknown;
}

/**
 * What such a script is: a function with the arguments that Node gives a module that it loads, the list of what its parts
 * have made so far, and what gives a part that is not there.
 */
type MakeProgram = (
  require: NodeJS.Require,
  filename: string,
  dirname: string,
  made: unknown[],
  more: (number: number) => Part,
) => Program;

interface Kept {
  readonly source: string;
  /** Empty until the parts have run by themselves. */
  readonly code: Buffer;
}

export interface Scripting {
  /** What it is run for: each use needs other parts. */
  readonly use: string;
  /** Where it is kept; undefined: nowhere. */
  readonly folder: string | undefined;
  /**
   * It ends soon: the whole script is read when a part of it is needed that was not kept. Others have all in memory,
   * whatever becomes of the file.
   */
  readonly short: boolean;
  readonly require: NodeJS.Require;
}

/**
 * Runs a script of this program, in ASCII, as a command needs it: to read all of it and to make code of it would be most
 * of the time that a short command takes. For each script, each V8 and each use, the parts that were used are kept in
 * `folder`, and, once they ran by themselves, the code that V8 made of them. Where another part is needed, it comes from
 * the whole script, and is kept from then on. All that is read only where nobody else can have written it. Nothing depends
 * on it: without a folder, or where it cannot be written, the script runs as it is.
 */
export function runScript(path: string, { use, folder, short, require }: Scripting): void {
  const file = openSync(path, constants.O_RDONLY);
  const facts = fstatSync(file, { bigint: true });
  const place = folder === undefined ? undefined : keptPath(folder, facts, use);
  const kept = place === undefined ? undefined : readKept(place);
  const made: unknown[] = [];
  const run = (source: string, code?: Buffer): { readonly script: Script; readonly program: Program } => {
    const script = new Script(source, { filename: path, ...(code?.length ? { cachedData: code } : {}) });
    const makeProgram = script.runInThisContext() as MakeProgram;
    return {
      script,
      program: makeProgram(require, path, dirname(path), made, (number) => whole().parts[number] as Part),
    };
  };
  // Windows removes no folder in which a file is open.
  let text = kept && short && process.platform !== "win32" ? undefined : readAll(file, facts);
  let all: Program | undefined;
  const whole = (): Program => (all ??= run((text ??= readAll(file, facts))).program);
  const part = kept && run(kept.source, kept.code);
  const program = part?.program ?? whole();
  if (place !== undefined)
    process.on("exit", () => {
      if (text !== undefined && all !== undefined)
        keep(place, usedParts(text, all, part ? program.parts : made), noCode);
      else if (kept && part && part.script.cachedDataRejected !== false)
        keep(place, kept.source, part.script.createCachedData());
    });
  program.part(0);
}

const noCode = Buffer.alloc(0);

/** The same script with the parts that `used` has, each in the line where it is: errors name lines. */
function usedParts(text: string, { parts }: Program, used: readonly unknown[]): string {
  const lines = parts.map((part, number) => {
    const source = part.toString();
    return number in used ? source : source.replaceAll(/[^\n]+/g, "");
  });
  const head = text.slice(0, text.indexOf("\n") + 1);
  return `${head}${lines.map((line) => `${line},`).join("\n")}${text.slice(text.lastIndexOf(partsEnd))}`;
}

/** Throws where another program has been written into the file since. As it is read V8 needs no copy of it. */
function readAll(file: number, { size, ctimeNs }: BigIntStats): string {
  const source = readFileSync(file, "latin1");
  const now = fstatSync(file, { bigint: true });
  closeSync(file);
  if (now.size !== size || now.ctimeNs !== ctimeNs)
    throw new Error("The program was replaced by another version while it ran. Run the command again.");
  return source;
}

/** V8 looks at its version and flags itself, but of the source only at the length; what writes a file changes its ctime. */
function keptPath(folder: string, { dev, ino, size, ctimeNs }: BigIntStats, use: string): string {
  const content = [dev, ino, size, ctimeNs].map((each) => each.toString(36)).join("-");
  return join(folder, "compiled", `${content}-${process.versions.v8}-${process.arch}-${use}`);
}

/** Undefined where it is not whole; V8 looks at the code itself. */
function readKept(path: string): Kept | undefined {
  try {
    if (!isOwnFolder(dirname(path))) return undefined;
    const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      if (!isOwnFile(fstatSync(file))) return undefined;
      const bytes = readFileSync(file);
      const end = bytes.length - footerBytes;
      const codeBytes = bytes.readUInt32LE(end);
      if (codeBytes + bytes.readUInt32LE(end + 4) !== end) return undefined;
      return { source: bytes.toString("latin1", codeBytes, end), code: bytes.subarray(0, codeBytes) };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** The code stands first, because V8 copies what does not begin at a whole word of memory. */
function keep(path: string, source: string, code: Buffer): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwnFolder(folder)) return;
    removeOld(folder);
    const footer = Buffer.alloc(footerBytes);
    footer.writeUInt32LE(code.length);
    footer.writeUInt32LE(source.length, 4);
    put(path, Buffer.concat([code, Buffer.from(source, "latin1"), footer]));
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
