import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createVSIX } from "@vscode/vsce";
import { buildAll } from "./esbuild.mjs";

/**
 * Packs the extension: `universal` has everything but terminals of its own, for machines where wsh or a built-in server
 * runs; each platform's package carries the terminal library that is compiled for it. `node package.mjs
 * [--images=https://…/] [target…]`, by default all of them.
 */

export const targets = [
  "universal",
  "linux-x64",
  "linux-arm64",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64",
  "win32-arm64",
];

const root = dirname(fileURLToPath(import.meta.url));
/** What .vscodeignore lets through is looked for here. */
const shipped = [
  "dist",
  "media",
  "package.json",
  "package.nls.json",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  ".vscodeignore",
];

const pictureLink = /!\[[^\]]*\]\((media\/pictures\/[\w-]+\.webp)\)/g;

/** Packs one target and gives the path of its file. The bundles have to be there. `images`: see `readmeOfPage`. */
export async function packageFor(target, folder = join(root, "dist/packages"), images = undefined) {
  const stage = await mkdtemp(join(tmpdir(), "wso-package-"));
  try {
    for (const each of shipped) {
      await cp(join(root, each), join(stage, each), {
        recursive: true,
        filter: (path) => !/[/\\]dist[/\\](packages|test|e2e)$|\.map$/.test(path),
      });
    }
    const manifest = await installedManifest();
    await writeFile(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    if (target !== "universal")
      await cp(await terminalLibrary(target), join(stage, "dist/node_modules"), {
        recursive: true,
        filter: (path) => !/\.(pdb|md|d\.ts)$/.test(path),
      });
    await writeFile(join(stage, "README.md"), await readmeOfPage(images));
    await writeFile(join(stage, "THIRD_PARTY_NOTICES.txt"), await notices());
    await mkdir(folder, { recursive: true });
    const packagePath = join(
      folder,
      `wsh-orchestrator-${manifest.version}${target === "universal" ? "" : `@${target}`}.vsix`,
    );
    await createVSIX({
      cwd: stage,
      packagePath,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
      ...(target === "universal" ? {} : { target }),
    });
    return packagePath;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Without what only developers and npm need. */
async function installedManifest() {
  const {
    scripts,
    devDependencies,
    dependencies,
    files,
    bin,
    private: _,
    ...manifest
  } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return { ...manifest, engines: { vscode: manifest.engines.vscode } };
}

/**
 * VS Code and the Marketplace draw pictures of an extension's page from `https:` addresses only, neither from the
 * package nor from `data:`. Where `images` says at which address the repository's files lie they are shown; else they
 * are left out, as each would be a broken one.
 */
export async function readmeOfPage(images) {
  const text = await readFile(join(root, "README.md"), "utf8");
  if (images === undefined) return text.replace(new RegExp(`^${pictureLink.source}\\n\\n?`, "gm"), "");
  return text.replace(pictureLink, (link, path) => link.replace(path, new URL(path, images).href));
}

/** The licences of the packages whose code is in our bundles. */
async function notices() {
  const metafiles = JSON.parse(await readFile(join(root, "dist/metafiles.json"), "utf8"));
  const inputs = Object.values(metafiles).flatMap((metafile) => Object.keys(metafile.inputs));
  const packages = [
    ...new Set(inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])),
  ].sort();
  const texts = await Promise.all(
    packages.map(async (name) => {
      const folder = join(root, "node_modules", name);
      const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|$)/i.test(each));
      return `${name} ${version} (${license})\n\n${file === undefined ? "" : (await readFile(join(folder, file), "utf8")).trim()}\n`;
    }),
  );
  return `This package contains code of other people.\n\n${texts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

/** The `node_modules` of a platform's terminal library, as the lock file has it; kept outside of the repository. */
async function terminalLibrary(target) {
  const { version } = JSON.parse(await readFile(join(root, "node_modules/@lydell/node-pty/package.json"), "utf8"));
  const cache = join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
    "wsh-orchestrator-packages",
    `${version}-${target}`,
  );
  const modules = join(cache, "node_modules");
  if (existsSync(join(cache, "complete"))) return modules;
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) await cp(join(root, name), join(cache, name));
  const [os, cpu] = target.split("-");
  const npm = spawnSync(
    "npm",
    ["ci", "--ignore-scripts", "--omit=dev", `--os=${os}`, `--cpu=${cpu}`, "--no-audit", "--no-fund"],
    { cwd: cache, encoding: "utf8", shell: process.platform === "win32" },
  );
  if (npm.status !== 0 || !existsSync(join(modules, `@lydell/node-pty-${target}`)))
    throw new Error(`The terminal library for ${target} could not be installed.\n${npm.stderr ?? npm.error}`);
  await rm(join(modules, ".package-lock.json"), { force: true });
  await writeFile(join(cache, "complete"), "");
  return modules;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({ options: { images: { type: "string" } }, allowPositionals: true });
  const wanted = positionals.length > 0 ? positionals : targets;
  const unknown = wanted.find((target) => !targets.includes(target));
  if (unknown !== undefined) {
    console.error(`There is no package for ${unknown}. There are: ${targets.join(", ")}.`);
    process.exit(2);
  }
  await buildAll({ tools: false });
  for (const target of wanted) {
    const path = await packageFor(target, undefined, values.images);
    console.log(`${path}  ${Math.ceil((await stat(path)).size / 1024)} KiB`);
  }
}
