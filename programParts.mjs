import { build, transform } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { basename, posix, relative } from "node:path";

/**
 * Makes one file of a program in which a module is set up when something of it is first used: a command that goes on for
 * days must not find its parts replaced by an update, and one that runs for a moment must not set up what it does not
 * use. Each of our modules is an entry for the bundler, so that it makes a file of each, without what nobody uses of
 * packages; here those become functions of one script. A module must therefore not rely on what another one does while it
 * is imported, but for those in `after`, which are set up right behind a file of a package. Returns the metafile.
 */
export async function buildProgram({ entryPoint, outfile, after, options, asScript }) {
  const modules = await ownModules(entryPoint, options);
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: modules,
    outbase: ".",
    outdir: ".",
    chunkNames: "part-[hash]",
    format: "esm",
    splitting: true,
    sourcemap: "inline",
    write: false,
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [relative(".", path).replaceAll("\\", "/"), text]));
  const parts = neededParts(metafile.outputs, entryPoint.replace(/\.ts$/, ".js"));
  const partWith = (input) => parts.findIndex((part) => input in metafile.outputs[part].inputs);
  const next = new Map(Object.entries(after).map((pair) => pair.map(partWith)));
  const scripts = await Promise.all(
    parts.map((part, number) => partScript({ number, part, parts, next: next.get(number) }, texts.get(part), asScript)),
  );
  const lines = ["(function (require, __filename, __dirname, $made, $more) { const parts = ["];
  const sections = [];
  for (const { code, map } of scripts) {
    sections.push({ offset: { line: lines.length, column: 0 }, map: JSON.parse(map) });
    lines.push(
      ...code
        .trimEnd()
        .replace(/^part=([^]*);$/, "$1,")
        .split("\n"),
    );
  }
  lines.push(`]; /* end of parts */ ${setUp} ${late} return { parts, part: $part }; })`);
  lines.push(`//# sourceMappingURL=${basename(outfile)}.map`, "");
  const program = lines.join("\n");
  // It is read without a look at its encoding.
  if (/[^\0-\x7f]/.test(program)) throw new Error(`${outfile} is not in ASCII`);
  await writeFile(outfile, program);
  await writeFile(`${outfile}.map`, JSON.stringify({ version: 3, sections }));
  return { ...metafile, parts: parts.map((part) => metafile.outputs[part].inputs) };
}

/** The modules of ours that a program is made of. Throws for one that wants another one only to be set up. */
async function ownModules(entryPoint, options) {
  const settings = { ...options, entryPoints: [entryPoint], outdir: ".", format: "esm", splitting: true, write: false };
  const { metafile } = await build(settings);
  const modules = Object.keys(metafile.inputs).filter((path) => path.startsWith("src/"));
  for (const path of modules)
    if (/^import\s*"/m.test(await readFile(path, "utf8")))
      throw new Error(`${path} imports a module for what that does; here it would be set up when it is used, or never`);
  return modules;
}

/** What the entry needs, at once or later, itself first; what the bundler names for the sake of an order is not needed. */
function neededParts(outputs, entry) {
  const parts = new Set([entry]);
  for (const part of parts)
    for (const { path, kind } of outputs[part].imports)
      if (path in outputs && (kind === "dynamic-import" || outputs[path].entryPoint === undefined)) parts.add(path);
  return [...parts];
}

/** In the program: what a part exports. `src/adapters/machine/compiledScript` runs it, also without some of its parts. */
const setUp =
  "function $part(number) { let exports = $made[number]; if (exports === undefined) { " +
  "$made[number] = exports = {}; (parts[number] ??= $more(number))(); exports = $made[number]; } return exports; }";
/** In the program: a module of Node that is loaded when it is first used. */
const late = "function $late(name) { return new Proxy({}, { get: (_, key) => require(name)[key] }); }";

/** What the bundler adds for the sake of an order. */
const bareImport = /^import "\.[^"]*";$/gm;
const exported = /^var \w+_exports = \{\};\n__export\(\w+_exports, \{\n([^]*?)\n\}\);\nmodule\.exports = .*$/m;
const annotation = /^\/\/ Annotate the CommonJS export names .*\n0 && \(module\.exports = \{[^}]*\}\);$/m;
/** Lines keep their numbers. */
const emptied = (text) => text.replaceAll(/[^\n]/g, "");

/**
 * A part as a function: its exports are getters, and what it takes from others, or from Node, it takes where it uses it.
 * The bundler has made each use of an import a property of the module by then.
 */
async function partScript({ number, part, parts, next }, text, asScript) {
  if (/\$(?:part|made|late)\b/.test(text)) throw new Error(`${part} has a name that is taken here`);
  const script = { ...asScript, sourcemap: "inline", sourcefile: part };
  const { code } = await transform(inAscii(text.replaceAll(bareImport, "")), script);
  const load = (path) => {
    if (!path.startsWith(".")) return `require("${path}")`;
    const found = parts.indexOf(posix.join(posix.dirname(part), path));
    if (found < 0) throw new Error(`${part} needs ${path}, which is no part`);
    return `$part(${found})`;
  };
  const uses = new Map();
  const body = withoutHelpers(code)
    .replace(exported, (all, list) => `$made[${number}] = { ${getters(list)} };${emptied(all)}`)
    .replace(annotation, emptied)
    .replaceAll(/__toESM\(require\("(\.[^"]*)"\)\)/g, (_, path) => load(path))
    .replaceAll(/^var (\w+) = __toESM\(require\("(?!\.)([^"]+)"\)\);$/gm, 'var $1 = $$late("$2");')
    .replaceAll(/^var (\w+) = require\("([^"]+)"\);$/gm, (_, name, path) => (uses.set(name, load(path)), ""))
    .replaceAll(/\b(import_\w+)\./g, (all, name) => (uses.has(name) ? `(${uses.get(name)}).` : all));
  const unknown = [...uses.keys()].find((name) => new RegExp(`\\b${name}\\b`).test(body));
  if (unknown !== undefined || /\b__toCommonJS\(/.test(body))
    throw new Error(`${part}: the bundler writes ${unknown ?? "exports"} in a form that is not known here`);
  const after = next === undefined ? "" : `$part(${next});`;
  return transform(`part = function () { ${body}\n${after} };`, { ...asScript, format: undefined, minify: true });
}

/**
 * V8 keeps such a text in half the memory, and reads it in a third of the time. The bundler has escaped all but patterns,
 * in which the same escapes mean the same.
 */
const inAscii = (text) =>
  text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const getters = (list) =>
  list.replaceAll(/^ {2}(\S+): \(\) => (\S+?),?$/gm, "get $1() { return $2; },").replaceAll("\n", " ");

const helper =
  /^var __(?:defProp|getOwnPropDesc|getOwnPropNames|hasOwnProp|getProtoOf|create|export|copyProps|toESM|toCommonJS) = /;

/** Without the functions that the bundler puts before what it turns into a script. */
function withoutHelpers(code) {
  const lines = code.split("\n");
  for (let at = 0; helper.test(lines[at]);) {
    let depth = 0;
    do {
      for (const [bracket] of lines[at].matchAll(/[()[\]{}]/g)) depth += "([{".includes(bracket) ? 1 : -1;
      lines[at++] = "";
    } while (depth > 0);
  }
  return lines.join("\n");
}
