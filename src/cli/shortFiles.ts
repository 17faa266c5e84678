import {
  accessSync,
  appendFileSync,
  chmodSync,
  closeSync,
  createReadStream,
  fchmodSync,
  fdatasync,
  fstatSync,
  fsync,
  lstatSync,
  mkdirSync,
  openSync,
  type PathLike,
  promises,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { commandIn, endsSoon } from "./commandNames";

/*
 * What the builder takes for `node:fs/promises` in the program of the command line. A command that ends in a moment has
 * nothing else to do while it waits for a disk: it asks the system at once. Node's own way goes through threads, each of
 * thirty calls, and costs such a command a fifth of its time. Everything else has Node's own: a command that goes on, what
 * may wait for somebody (a pipe, a terminal), and what waits for the disk itself (`sync`).
 */

type Files = typeof promises;

const done = <T>(call: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(call());
  });

const soon = endsSoon(commandIn(process.argv.slice(2)));

/** Cast, since Node gives each function a form for every option. */
const atOnce = <Name extends keyof Files>(name: Name, call: (...args: never[]) => unknown): Files[Name] => {
  const quick = (...args: never[]): Promise<unknown> => done(() => call(...args));
  return (
    soon ? quick : (...args: never[]) => (promises[name] as (...all: never[]) => unknown)(...args)
  ) as Files[Name];
};
const asNode = <Name extends keyof Files>(name: Name): Files[Name] =>
  ((...args: never[]) => (promises[name] as (...all: never[]) => unknown)(...args)) as unknown as Files[Name];

export const access = atOnce("access", accessSync);
export const chmod = atOnce("chmod", chmodSync);
export const lstat = atOnce("lstat", lstatSync);
export const mkdir = atOnce("mkdir", mkdirSync);
export const readdir = atOnce("readdir", readdirSync);
export const readlink = atOnce("readlink", readlinkSync);
export const realpath = atOnce("realpath", realpathSync);
export const rename = atOnce("rename", renameSync);
export const rm = atOnce("rm", rmSync);
export const stat = atOnce("stat", statSync);
export const unlink = atOnce("unlink", unlinkSync);
export const cp = asNode("cp");
export const mkdtemp = asNode("mkdtemp");
export const opendir = asNode("opendir");

export const appendFile = ofPlainFile("appendFile", appendFileSync);
export const readFile = ofPlainFile("readFile", readFileSync);
export const writeFile = ofPlainFile("writeFile", writeFileSync);

/** A pipe or a device may keep whoever reads or writes it waiting for ever. Of what cannot be looked at Node says why. */
function isPlain(path: unknown): boolean {
  if (typeof path !== "string") return false;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined || found.isFile() || found.isDirectory();
  } catch {
    return false;
  }
}

function ofPlainFile<Name extends "appendFile" | "readFile" | "writeFile">(
  name: Name,
  call: (...args: never[]) => unknown,
): Files[Name] {
  const [quick, own] = [atOnce(name, call), asNode(name)];
  const chosen = (...args: readonly unknown[]): unknown =>
    ((soon && isPlain(args[0]) ? quick : own) as (...all: readonly unknown[]) => unknown)(...args);
  return chosen as Files[Name];
}

export const open: Files["open"] = (path: PathLike, flags = "r", mode?) =>
  soon && isPlain(path)
    ? done(() => new OpenFile(openSync(path, flags, mode)) as unknown as FileHandle)
    : promises.open(path, flags, mode);

interface Place {
  readonly buffer: Uint8Array;
  readonly position: number;
}

/** What this program uses of Node's handle. */
class OpenFile {
  #isOpen = true;

  constructor(readonly fd: number) {}

  read(
    into: Uint8Array | Place,
    offset = 0,
    length?: number,
    position: number | null = null,
  ): Promise<{ readonly bytesRead: number; readonly buffer: Uint8Array }> {
    const [buffer, from] = into instanceof Uint8Array ? [into, position] : [into.buffer, into.position];
    const most = length ?? buffer.byteLength - offset;
    return done(() => ({ bytesRead: readSync(this.fd, buffer, offset, most, from), buffer }));
  }

  write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
  ): Promise<{ readonly bytesWritten: number }> {
    return done(() => ({ bytesWritten: writeSync(this.fd, buffer, offset, length, position) }));
  }

  readFile(encoding?: BufferEncoding): Promise<string | Buffer> {
    return done(() => readFileSync(this.fd, encoding));
  }

  writeFile(content: string | Uint8Array): Promise<void> {
    return done(() => {
      writeFileSync(this.fd, content);
    });
  }

  stat(): Promise<ReturnType<typeof fstatSync>> {
    return done(() => fstatSync(this.fd));
  }

  chmod(mode: number): Promise<void> {
    return done(() => {
      fchmodSync(this.fd, mode);
    });
  }

  /** It is closed by whoever opened it. */
  createReadStream(options: object = {}): ReturnType<typeof createReadStream> {
    return createReadStream("", { ...options, fd: this.fd, autoClose: false });
  }

  sync(): Promise<void> {
    return whenDone((tell) => {
      fsync(this.fd, tell);
    });
  }

  datasync(): Promise<void> {
    return whenDone((tell) => {
      fdatasync(this.fd, tell);
    });
  }

  /** Once, since another file may have its number then. */
  close(): Promise<void> {
    return done(() => {
      if (this.#isOpen) closeSync(this.fd);
      this.#isOpen = false;
    });
  }
}

function whenDone(begin: (tell: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    begin((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
