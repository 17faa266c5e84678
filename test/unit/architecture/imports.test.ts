import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** All sources are built for it, which takes a while where the machine has other work. */
const buildMs = 120_000;

/** The rooms of core, from the lowest up: each may import the ones before it. */
const rooms: readonly { readonly name: string; readonly packages: readonly string[] }[] = [
  { name: "base", packages: [] },
  { name: "model", packages: ["zod", "yaml"] },
  { name: "ports", packages: [] },
  { name: "sense", packages: ["@xterm/headless"] },
  { name: "safety", packages: ["unbash"] },
  { name: "record", packages: [] },
  { name: "session", packages: [] },
  { name: "command", packages: [] },
  { name: "people", packages: [] },
  { name: "run", packages: ["jsonc-parser"] },
  { name: "acts", packages: [] },
];

interface Rule {
  /** A folder, one file of it that has a rule of its own, or files whose names begin with what stands before a `*`. */
  readonly folder: string;
  /** `node` stands for Node's own modules; a bare name is a package. */
  readonly may: readonly string[];
}

/** What each folder may import, nearest folder first. */
const rules: readonly Rule[] = [
  ...rooms.map(({ name, packages }, floor) => ({
    folder: `src/core/${name}`,
    may: [...rooms.slice(0, floor).map((below) => `src/core/${below.name}`), ...packages],
  })),
  { folder: "src/adapters/wsh", may: ["src/core", "node", "ws", "zod", "cockatiel"] },
  { folder: "src/adapters/ledger", may: ["src/core", "node", "zod", "ulid"] },
  { folder: "src/adapters/machine", may: ["src/core", "node"] },
  { folder: "src/adapters/http", may: ["src/core", "node"] },
  { folder: "src/embedded/launch*", may: ["node", "src/adapters/machine", "src/core/session/keptOutVariables.ts"] },
  {
    folder: "src/embedded",
    may: [
      "src/adapters/http",
      "src/adapters/wsh/wire.ts",
      "src/core/sense/standingMeter.ts",
      "src/core/sense/terminalQueries.ts",
      "src/core/sense/terminalSignals.ts",
      "src/core/session/keptOutVariables.ts",
      "node",
      "ws",
      "zod",
      "@lydell/node-pty",
      "@xterm/headless",
      "@xterm/addon-unicode11",
    ],
  },
  { folder: "src/protocol", may: ["src/core", "zod", "@vscode/l10n"] },
  { folder: "src/viewing", may: ["src/core", "src/protocol", "@vscode/l10n"] },
  {
    folder: "src/extension",
    may: [
      "src/core",
      "src/adapters",
      "src/protocol",
      "src/viewing",
      "src/embedded/launch*",
      "node",
      "vscode",
      "@vscode/l10n",
    ],
  },
  {
    folder: "src/cli",
    may: [
      "src/core",
      "src/adapters",
      "src/protocol",
      "src/viewing",
      "src/embedded/launch*",
      "node",
      "commander",
      "picocolors",
      "package.json",
    ],
  },
  { folder: "webview-ui/shared/controls.ts", may: ["webview-ui/shared", "@vscode/webview-ui-toolkit"] },
  // Of the core only types, which leave nothing behind: see below.
  { folder: "webview-ui", may: ["src/protocol", "src/core/ports", "@xterm/addon-unicode11", "@xterm/xterm"] },
];

const builtins = new Set(builtinModules);

function isIn(file: string, folder: string): boolean {
  return folder.endsWith("*") ? file.startsWith(folder.slice(0, -1)) : file === folder || file.startsWith(`${folder}/`);
}

function ruleFor(file: string): Rule | undefined {
  return rules.find(({ folder }) => isIn(file, folder));
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

function isAllowed(file: string, rule: Rule, target: string): boolean {
  if (target.startsWith("src/") || target.startsWith("webview-ui/"))
    return [rule.folder, ...rule.may].some((may) => isIn(target, may));
  if (target.startsWith("node:") || builtins.has(target)) return rule.may.includes("node");
  return rule.may.includes(packageOf(target)) || file === "";
}

/**
 * The bundler drops imports of types; the table speaks of them too, so they are turned into plain imports of the file.
 */
const keepTypeImports: Plugin = {
  name: "keep-type-imports",
  setup(bundler) {
    bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return {
        contents: source.replace(/^(?:import|export) type [^;]*? from ("[^"]+");/gm, "import $1;"),
        loader: "ts",
      };
    });
  },
};

/** Every forbidden import, as `file -> target`. */
function violations(inputs: Metafile["inputs"]): string[] {
  const found: string[] = [];
  for (const [file, { imports }] of Object.entries(inputs)) {
    if (!file.startsWith("src/") && !file.startsWith("webview-ui/")) continue;
    const rule = ruleFor(file);
    if (!rule) {
      found.push(`${file} stands in no folder of the table`);
      continue;
    }
    for (const each of imports) {
      const target = each.external === true ? (each.original ?? each.path) : each.path;
      if (!isAllowed(file, rule, target)) found.push(`${file} -> ${target}`);
    }
  }
  return found;
}

/** Groups of files that import each other in a circle, each sorted; imports of types count. */
function circles(inputs: Metafile["inputs"]): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const place = order.size;
    let low = place;
    order.set(file, place);
    open.push(file);
    for (const { path } of inputs[file]?.imports ?? []) {
      if (!(path in inputs)) continue;
      if (!order.has(path)) low = Math.min(low, visit(path));
      else if (open.includes(path)) low = Math.min(low, order.get(path) ?? place);
    }
    if (low === place) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return low;
  };
  for (const file of Object.keys(inputs)) if (!order.has(file)) visit(file);
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    if (each.isDirectory()) return sources(path);
    return /\.tsx?$/.test(each.name) ? [relative(".", path)] : [];
  });
}

describe("who may import whom", () => {
  let inputs: Metafile["inputs"];

  beforeAll(async () => {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [...sources("src"), ...sources("webview-ui")],
      outdir: "dist/imports",
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      packages: "external",
      plugins: [keepTypeImports],
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      logLevel: "silent",
    });
    inputs = result.metafile.inputs;
  }, buildMs);

  it("finds the sources", () => {
    expect(Object.keys(inputs).filter((file) => file.startsWith("src/")).length).toBeGreaterThan(40);
  });

  it("holds for every file", () => {
    expect(violations(inputs)).toEqual([]);
  });

  it("lets only the one who asks for permission make a client of a server", () => {
    const clients = ["src/adapters/wsh/wshServer.ts", "src/adapters/wsh/detectServer.ts"];
    const made = Object.entries(inputs).filter(([, { imports }]) => imports.some(({ path }) => clients.includes(path)));
    expect(made.map(([file]) => file).sort()).toEqual([
      "src/adapters/wsh/findServers.ts",
      "src/adapters/wsh/serverChoice.ts",
    ]);
  });

  it("has no circle of files", () => {
    expect(circles(inputs)).toEqual([]);
  });

  it("puts nothing of the core, the hosts or Node into a page", async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ["webview-ui/mirror/main.ts", "webview-ui/overview/main.ts"],
      outdir: "dist/imports",
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      platform: "browser",
      logLevel: "silent",
    });
    const ours = Object.keys(metafile.inputs).filter((file) => file.startsWith("src/"));
    expect(ours.filter((file) => !file.startsWith("src/protocol/"))).toEqual([]);
    expect(Object.keys(metafile.inputs).filter((file) => file.includes("node_modules/zod/"))).toEqual([]);
    const scripts = Object.entries(metafile.outputs).filter(([file]) => file.endsWith(".js"));
    expect(scripts).toHaveLength(2);
    for (const [, { bytes }] of scripts) expect(bytes).toBeLessThan(500 * 1024);
  });

  it("notices an import that is not allowed", () => {
    const bad: Metafile["inputs"] = {
      "src/core/run/x.ts": {
        bytes: 1,
        imports: [
          { path: "src/adapters/ledger/ids.ts", kind: "import-statement", original: "../../adapters/ledger/ids" },
        ],
      },
      "src/cli/x.ts": { bytes: 1, imports: [{ path: "vscode", kind: "import-statement", external: true }] },
      "src/core/base/x.ts": { bytes: 1, imports: [{ path: "node:fs", kind: "import-statement", external: true }] },
      "webview-ui/mirror/x.ts": {
        bytes: 1,
        imports: [
          { path: "node:fs", kind: "import-statement", external: true },
          { path: "vscode", kind: "import-statement", external: true },
          { path: "src/core/model/names.ts", kind: "import-statement" },
          { path: "@vscode/webview-ui-toolkit", kind: "import-statement", external: true },
        ],
      },
    };
    expect(violations(bad)).toHaveLength(7);
  });

  it("notices an import of a room above, and a circle", () => {
    const up: Metafile["inputs"] = {
      "src/core/session/x.ts": { bytes: 1, imports: [{ path: "src/core/command/y.ts", kind: "import-statement" }] },
      "src/core/command/y.ts": { bytes: 1, imports: [{ path: "src/core/session/x.ts", kind: "import-statement" }] },
    };
    expect(violations(up)).toEqual(["src/core/session/x.ts -> src/core/command/y.ts"]);
    expect(circles(up)).toEqual([["src/core/command/y.ts", "src/core/session/x.ts"]]);
  });
});
