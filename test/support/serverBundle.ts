import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const bundled = new Map<string, Promise<string>>();

/** Path of the built-in server from the present sources. */
export function serverBundle(): Promise<string> {
  return testBundle("src/embedded/main.ts", "server");
}

/**
 * Path of a program from the present sources, below the package so that the PTY library is found; renamed into place
 * because several test processes may build it at once. Tests and benches run in the package's folder.
 */
export function testBundle(entry: string, name: string): Promise<string> {
  const bundle = bundled.get(name) ?? bundleOf(entry, name);
  bundled.set(name, bundle);
  return bundle;
}

async function bundleOf(entry: string, name: string): Promise<string> {
  const root = process.cwd();
  const folder = join(root, "node_modules/.cache/embedded-tests");
  const outfile = join(folder, `${name}.js`);
  const own = join(folder, `${name}.${process.pid}.js`);
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(root, entry)],
    outfile: own,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@lydell/node-pty"],
    define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
    logLevel: "silent",
  });
  await rename(own, outfile);
  return outfile;
}
