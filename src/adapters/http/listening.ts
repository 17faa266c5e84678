import { chmodSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { connect, type AddressInfo, type Server } from "node:net";
import { dirname, join } from "node:path";

const isWindows = process.platform === "win32";

/** An address that another process uses; ends the start with its own exit code. */
export class AddressInUse extends Error {}

function listen(server: Server, target: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(target, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

const isInUse = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === "EADDRINUSE";

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}

/** Binds with a mode that nobody else can use for a moment; sessions must not inherit the mask. */
async function listenPrivately(server: Server, path: string): Promise<void> {
  const mask = process.umask(0o177);
  let listening: Promise<void>;
  try {
    // The bind happens within this call.
    listening = listen(server, { path });
  } finally {
    process.umask(mask);
  }
  await listening;
}

/**
 * Listens on a Unix socket of mode 0600 (or a named pipe). A socket file that a dead server left is replaced. Closing
 * the server leaves the file: it may be another server's by then. Throws AddressInUse when a server answers there.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  const inUse = new AddressInUse(`A server is already listening on ${path}.`);
  if (isWindows) {
    await listen(server, { path }).catch((error: unknown) => {
      throw isInUse(error) ? inUse : error;
    });
    return;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) {
    if (!lstatSync(path).isSocket()) throw new AddressInUse(`${path} exists and is not a socket.`);
    if (await isAlive(path)) throw inUse;
  }
  // Node deletes the file that it has bound when the server is closed, so it gets its name afterwards.
  const bound = join(dirname(path), `.${process.pid}`);
  rmSync(bound, { force: true });
  await listenPrivately(server, bound);
  chmodSync(bound, 0o600);
  renameSync(bound, path);
}

/** Listens on a TCP port of the loopback interface (0: any free one) and gives the port. Throws AddressInUse. */
export async function listenOnPort(server: Server, host: string, port: number): Promise<number> {
  try {
    await listen(server, { host, port });
  } catch (error) {
    throw isInUse(error) ? new AddressInUse(`Port ${port} is already in use.`) : error;
  }
  return (server.address() as AddressInfo).port;
}
