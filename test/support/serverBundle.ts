import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

let bundled: Promise<string> | undefined;

/**
 * Path of the built-in server from the present sources, below the package so that its PTY library is found; renamed into place because
 * several test processes may build it at once. Tests and benches run in the package's folder.
 */
export function serverBundle(): Promise<string> {
  bundled ??= (async () => {
    const root = process.cwd();
    const folder = join(root, "node_modules/.cache/embedded-tests");
    const outfile = join(folder, "server.js");
    const own = join(folder, `server.${process.pid}.js`);
    await mkdir(folder, { recursive: true });
    await build({
      entryPoints: [join(root, "src/embedded/main.ts")],
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
  })();
  return bundled;
}
