import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LaunchError } from "./launchError";
import { privateMode } from "./launchPlaces";
import { cannotWrite } from "./launchWriting";

/**
 * The version in the manifest beside a program (a copy has its own) or above it (the package); `0` when there is none.
 */
export function programVersion(program: string): string {
  for (const folder of [dirname(program), dirname(dirname(program))]) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: unknown };
      if (typeof version === "string") return version;
    } catch {
      // It may be in the next one.
    }
  }
  return "0";
}

/** `<version>-<hash>`: the version is for people, the hash of the program counts. */
export async function copyName(bundle: string): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(bundle))
    .digest("hex")
    .slice(0, 12);
  return `${programVersion(bundle)}-${hash}`;
}

/** The folder of an installed package, whatever it exports. Throws LaunchError. */
export function packageFolder(name: string, from: string): string {
  const roots = createRequire(join(from, "x")).resolve.paths(name) ?? [];
  const folder = roots.map((root) => join(root, name)).find((candidate) => existsSync(join(candidate, "package.json")));
  if (folder === undefined)
    throw new LaunchError(
      `The package ${name} is not installed.`,
      "Install wsh-orchestrator again, together with its optional packages.",
    );
  return folder;
}

/** Whether the terminal library for this machine lies where the program finds it. */
export function hasTerminalLibrary(bundle: string): boolean {
  try {
    packageFolder(platformPackage, packageFolder(library, bundle));
    return true;
  } catch {
    return false;
  }
}

const library = "@lydell/node-pty";
const platformPackage = `${library}-${process.platform}-${process.arch}`;

/**
 * Copies the program and the PTY library, and gives the path of the copied program. What stands there already is
 * complete. Throws LaunchError.
 */
export async function installCopy(bundle: string, directory: string): Promise<string> {
  const program = join(directory, "server.js");
  if (existsSync(program)) return program;
  if (!hasTerminalLibrary(bundle)) {
    throw new LaunchError(
      "The built-in session server cannot start: " +
        `its terminal library for ${process.platform}-${process.arch} is not installed.`,
      "Install wsh-orchestrator for this platform, or start a wsh server and use that.",
    );
  }
  const scripts = packageFolder(library, bundle);
  const compiled = packageFolder(platformPackage, scripts);
  await mkdir(dirname(directory), { recursive: true, mode: privateMode }).catch((error: unknown) => {
    throw cannotWrite(directory, error);
  });
  const temporary = `${directory}.${randomUUID()}`;
  try {
    const modules = join(temporary, "node_modules");
    await cp(scripts, join(modules, library), { recursive: true, dereference: true });
    await cp(compiled, join(modules, platformPackage), { recursive: true, dereference: true });
    await cp(bundle, join(temporary, "server.js"));
    await writeFile(join(temporary, "package.json"), JSON.stringify({ version: programVersion(bundle) }));
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(program)) throw cannotWrite(directory, error);
  }
  return program;
}
