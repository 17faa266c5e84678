import { build, transform } from "esbuild";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { buildProgram } from "./programParts.mjs";

const requireHere = createRequire(import.meta.url);

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
  // Node 20 knows the properties that our patterns name. A pattern that is made by a call is read at each start, a
  // literal when it is first used.
  supported: { "regexp-unicode-property-escapes": true },
  // Its main file loads its parts by a name that no bundler sees.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
};

/**
 * Parts of Node that packages load at once, and packages, that take milliseconds to load and that few commands need:
 * picocolors looks at once at Node's stream of stdout, which is made for it. Who loads one gets an object that loads it
 * once something of it is used.
 */
const late =
  /^(?:(?:node:)?(?:child_process|crypto|https?|module|net|os|readline|readline\/promises|tls|tty|zlib)|fs\/promises)$/;
const lateModules = {
  name: "late-modules",
  setup(bundle) {
    bundle.onResolve({ filter: /^(?:picocolors|ws)$/ }, ({ path, namespace }) =>
      namespace === "late" ? undefined : { path, namespace: "late" },
    );
    bundle.onResolve({ filter: late }, ({ path, namespace, kind }) =>
      namespace === "late" || kind !== "require-call"
        ? { path, external: true }
        : { path: path.replace("node:", ""), namespace: "late" },
    );
    bundle.onLoad({ filter: /./, namespace: "late" }, ({ path }) => {
      return {
        contents: [
          `for (const name of ${JSON.stringify(Object.keys(requireHere(path)))})`,
          `  Object.defineProperty(exports, name, { get: () => require("${path}")[name], enumerable: true });`,
        ].join("\n"),
        resolveDir: process.cwd(),
      };
    });
  },
};

/** A module whose exports are data that takes a library to make: the program gets the data. */
const madeByBuilder = {
  name: "made-by-builder",
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]core[\\/]model[\\/]storedShapes\.ts$/ }, async ({ path }) => {
      const options = {
        ...common,
        entryPoints: [path],
        format: "cjs",
        sourcemap: false,
        metafile: false,
        write: false,
      };
      const { outputFiles } = await build(options);
      const module = { exports: {} };
      new Function("module", "exports", "require", outputFiles[0].text)(module, module.exports, requireHere);
      const exported = Object.entries(module.exports);
      return { contents: exported.map(([name, data]) => `export const ${name} = ${JSON.stringify(data)};`).join("\n") };
    });
  },
};

/**
 * The CLI does not list `vscode` as external, so that an import of it fails the build. Native PTYs stay outside of
 * bundles. The extension is minified because it is loaded by every window, the program of the CLI because it is loaded by
 * every command, and what reads plans because a person waits for it; the others keep their names in stack traces.
 */
export const bundles = {
  cli: { entryPoints: ["src/cli/main.ts"], outfile: "dist/cli.js", banner: { js: "#!/usr/bin/env node" } },
  cliProgram: {
    entryPoint: "src/cli/commandLine.ts",
    outfile: "dist/cliProgram.js",
    // What it sets must hold for all that is made with the library.
    after: Object.fromEntries(
      ["mini", "classic"].map((form) => [`node_modules/zod/v4/${form}/schemas.js`, "src/core/model/commonShapes.ts"]),
    ),
    plugins: [lateModules, madeByBuilder],
    alias: { ...common.alias, "node:fs/promises": "./src/cli/shortFiles.ts" },
  },
  server: { entryPoints: ["src/embedded/main.ts"], outfile: "dist/server.js", external: ["@lydell/node-pty"] },
  textThread: { entryPoints: ["src/adapters/machine/textThreadMain.ts"], outfile: "dist/textThread.js", minify: true },
  extension: {
    entryPoints: { extension: "src/extension/main.ts" },
    outdir: "dist",
    chunkNames: "extension/[name]-[hash]",
    external: ["vscode"],
    minify: true,
    splitting: true,
  },
};

/** Pages of webviews; nothing of Node, VS Code or the core is in them. */
const pages = {
  entryPoints: {
    mirror: "webview-ui/mirror/main.ts",
    "mirror-styles": "webview-ui/mirror/mirror.css",
    overview: "webview-ui/overview/main.ts",
    "overview-styles": "webview-ui/overview/overview.css",
  },
  outdir: "dist/webview",
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  define: {},
};

/**
 * For developers, with the packages as they are installed: the benchmarks, a VS Code for tests, and the tests inside of
 * its extension host.
 */
const toolBundles = {
  bench: {
    entryPoints: ["test/bench/main.ts"],
    outfile: "dist/bench.mjs",
    format: "esm",
    packages: "external",
    // Node finds no names in the script of this package.
    alias: { "@xterm/headless": "./node_modules/@xterm/headless/lib-headless/xterm-headless.mjs" },
  },
  vscodeServer: {
    entryPoints: ["test/support/vscode-server/main.ts"],
    outfile: "dist/vscode-server.mjs",
    format: "esm",
    packages: "external",
    banner: { js: "#!/usr/bin/env node" },
  },
  vscodeTests: {
    entryPoints: [
      "test/agents/run.ts",
      "test/vscode/run.ts",
      "test/vscode/index.ts",
      "test/vscode/suite/**/*.test.ts",
      "test/e2e/*.ts",
      "test/bench/host/index.ts",
    ],
    outbase: "test",
    outdir: "dist/test",
    packages: "external",
  },
};

/**
 * What is imported with `import()` becomes a file of its own, loaded when it is needed. The bundler splits modules
 * only; an extension host loads scripts, so that each file is turned into one. Returns the metafile, whose sizes are
 * those of the modules.
 */
async function buildChunks(options) {
  const { outputFiles, metafile } = await build({
    ...common,
    ...options,
    format: "esm",
    sourcemap: "inline",
    write: false,
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [relative(".", path), text]));
  const [entry] = Object.keys(metafile.outputs).filter((name) => dirname(name) === options.outdir);
  const atOnce = loadedAtOnce(metafile, entry);
  await mkdir(join(options.outdir, dirname(options.chunkNames)), { recursive: true });
  await Promise.all(
    [...texts].map(async ([path, text]) => {
      if (path === entry) await writeScript(path, await joined(entry, atOnce, texts), options);
      else if (atOnce.has(path))
        await writeFile(
          path,
          `module.exports=require(${JSON.stringify(relativeImport(path, entry))})` +
            `.parts[${JSON.stringify(relativeImport(entry, path))}];\n`,
        );
      else await writeScript(path, text, options);
    }),
  );
  return metafile;
}

/** The entry and what it imports without `import()`. */
function loadedAtOnce({ outputs }, entry) {
  const files = new Set([entry]);
  for (const file of files)
    for (const { path, kind } of outputs[file].imports)
      if (kind === "import-statement" && path in outputs) files.add(path);
  return files;
}

/**
 * All that the entry loads at once in one file, because a host takes a millisecond for each. Other files find those
 * parts as `parts` of the entry, under their own names, so that nothing is there twice.
 */
async function joined(entry, atOnce, texts) {
  const chunks = [...atOnce].filter((path) => path !== entry);
  const imports = chunks.map(
    (path, index) => `import * as part${index} from ${JSON.stringify(relativeImport(entry, path))};`,
  );
  const parts = chunks.map((path, index) => `${JSON.stringify(relativeImport(entry, path))}: part${index}`);
  const contents = [
    `export * from ${JSON.stringify(relativeImport(entry, entry))};`,
    ...imports,
    `export const parts = { ${parts.join(", ")} };`,
  ].join("\n");
  const inMemory = {
    name: "in-memory",
    setup(bundle) {
      bundle.onResolve({ filter: /./ }, ({ path, importer, kind }) => {
        const file = join(importer === "<stdin>" ? dirname(entry) : dirname(importer), path);
        if (kind !== "dynamic-import" && atOnce.has(file)) return { path: file, namespace: "memory" };
        return { path: texts.has(file) ? relativeImport(entry, file) : path, external: true };
      });
      bundle.onLoad({ filter: /./, namespace: "memory" }, ({ path }) => ({
        contents: texts.get(path),
        resolveDir: ".",
      }));
    },
  };
  const { outputFiles } = await build({
    ...common,
    stdin: { contents, resolveDir: "." },
    format: "esm",
    sourcemap: "inline",
    metafile: false,
    write: false,
    outfile: entry,
    plugins: [inMemory],
  });
  return outputFiles[0].text;
}

const relativeImport = (from, to) => `./${relative(dirname(from), to)}`.replace("./../", "../");

async function writeScript(path, text, { minify }) {
  const { code, map } = await transform(text, { ...asScript, minify, sourcefile: path });
  // A file that is loaded later is loaded in a turn of its own, so that the host does nothing else for one file at
  // most.
  await writeFile(
    path,
    code.replaceAll(/Promise\.resolve\(\)\.then\((?=\(\)=>[\w$]+\(require\("\.)/g, "new Promise(setImmediate).then("),
  );
  await writeFile(`${path}.map`, map);
}

const asScript = {
  format: "cjs",
  platform: "node",
  target: common.target,
  supported: { ...common.supported, "dynamic-import": false },
  sourcemap: "external",
  legalComments: "none",
};

const program = ({ entryPoint, outfile, after, ...options }) =>
  buildProgram({ entryPoint, outfile, after, options: { ...common, ...options }, asScript });

export async function buildAll({ tools = true } = {}) {
  const metafiles = {};
  await mkdir("dist", { recursive: true });
  // Names of chunks change with what is in them.
  await rm("dist/extension", { recursive: true, force: true });
  const entries = Object.entries({ ...bundles, pages, ...(tools ? toolBundles : {}) });
  await Promise.all(
    entries.map(async ([name, options]) => {
      metafiles[name] = await (options.entryPoint
        ? program(options)
        : options.splitting
          ? buildChunks(options)
          : build({ ...common, ...options }).then((result) => result.metafile));
    }),
  );
  for (const program of ["dist/cli.js", ...(tools ? ["dist/vscode-server.mjs"] : [])]) await chmod(program, 0o755);
  await writeFile("dist/metafiles.json", JSON.stringify(metafiles));
  return metafiles;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildAll();
