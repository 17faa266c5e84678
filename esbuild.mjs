import { build, transform } from "esbuild";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/** Node 20 is the oldest runtime that we support; the extension host of VS Code 1.101 runs Node 22. */
const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: true,
  metafile: true,
  logLevel: "warning",
  legalComments: "none",
  define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
};

/**
 * The CLI does not list `vscode` as external, so that an import of it fails the build. Native PTYs stay outside of bundles.
 * The extension is minified because it is loaded by every window; the others stay readable in stack traces.
 */
export const bundles = {
  cli: { entryPoints: ["src/cli/main.ts"], outfile: "dist/cli.js", banner: { js: "#!/usr/bin/env node" } },
  server: { entryPoints: ["src/embedded/main.ts"], outfile: "dist/server.js", external: ["@lydell/node-pty"] },
  extension: { entryPoints: { extension: "src/extension/main.ts" }, outdir: "dist", chunkNames: "extension/[name]-[hash]", external: ["vscode"], minify: true, splitting: true },
};

/** Pages of webviews; nothing of Node, VS Code or the core is in them. */
const pages = {
  entryPoints: { mirror: "webview-ui/mirror/main.ts", "mirror-styles": "webview-ui/mirror/mirror.css", overview: "webview-ui/overview/main.ts", "overview-styles": "webview-ui/overview/overview.css" },
  outdir: "dist/webview",
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  define: {},
};

/** For developers, with the packages as they are installed: the benchmarks, a VS Code for tests, and the tests inside of its extension host. */
const toolBundles = {
  bench: { entryPoints: ["test/bench/main.ts"], outfile: "dist/bench.mjs", format: "esm", packages: "external" },
  vscodeServer: { entryPoints: ["test/support/vscode-server/main.ts"], outfile: "dist/vscode-server.mjs", format: "esm", packages: "external", banner: { js: "#!/usr/bin/env node" } },
  vscodeTests: { entryPoints: ["test/vscode/run.ts", "test/vscode/index.ts", "test/vscode/suite/**/*.test.ts", "test/e2e/tour.ts", "test/e2e/mirrors.ts", "test/bench/host/index.ts"], outbase: "test", outdir: "dist/test", packages: "external" },
};

/**
 * What is imported with `import()` becomes a file of its own, loaded when it is needed. The bundler splits modules only; an extension host loads
 * scripts, so that each file is turned into one. Returns the metafile, whose sizes are those of the modules.
 */
async function buildChunks(options) {
  const { outputFiles, metafile } = await build({ ...common, ...options, format: "esm", sourcemap: "inline", write: false });
  await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      const { code, map } = await transform(text, { ...asScript, minify: options.minify, sourcefile: path });
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, code);
      await writeFile(`${path}.map`, map);
    }),
  );
  return metafile;
}

const asScript = { format: "cjs", platform: "node", target: common.target, supported: { "dynamic-import": false }, sourcemap: "external", legalComments: "none" };

export async function buildAll({ tools = true } = {}) {
  const metafiles = {};
  await mkdir("dist", { recursive: true });
  // Names of chunks change with what is in them.
  await rm("dist/extension", { recursive: true, force: true });
  const entries = Object.entries({ ...bundles, pages, ...(tools ? toolBundles : {}) });
  await Promise.all(
    entries.map(async ([name, options]) => {
      metafiles[name] = await (options.splitting ? buildChunks(options) : build({ ...common, ...options }).then((result) => result.metafile));
    }),
  );
  for (const program of ["dist/cli.js", ...(tools ? ["dist/vscode-server.mjs"] : [])]) await chmod(program, 0o755);
  await writeFile("dist/metafiles.json", JSON.stringify(metafiles));
  return metafiles;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildAll();
