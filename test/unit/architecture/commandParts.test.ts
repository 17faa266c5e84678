import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const kibibytes = 1024;
/** What is set up for every command, and what one of the short ones adds, in KiB before they are minified. */
const mostForAll = 688;
const mostForOne = 200;

/** A command that is called fifty times by an agent sets up what it needs, and nothing else. */
describe("what a command sets up before it does anything", () => {
  let outputs: Metafile["outputs"];

  beforeAll(async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ["src/cli/commandLine.ts"],
      outdir: "dist/parts",
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "node",
      logLevel: "silent",
    });
    outputs = metafile.outputs;
  });

  /** The files of a part and of all that it imports without `import()`. */
  const setUp = (source: string): ReadonlySet<string> => {
    const parts = new Set(Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === source));
    for (const name of parts)
      for (const { path, kind } of outputs[name]?.imports ?? [])
        if (kind === "import-statement" && path in outputs) parts.add(path);
    return parts;
  };
  const sizeOf = (parts: Iterable<string>): number =>
    [...parts].reduce((sum, name) => sum + (outputs[name]?.bytes ?? 0), 0) / kibibytes;
  const packagesOf = (parts: ReadonlySet<string>): string[] => {
    const files = [...parts].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
    return [...new Set(files.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))].sort();
  };
  const forAll = "src/cli/commandLine.ts";

  it("is little for all of them", () => {
    const parts = setUp(forAll);
    expect(sizeOf(parts)).toBeGreaterThan(100);
    expect(sizeOf(parts)).toBeLessThan(mostForAll);
    expect(packagesOf(parts)).toEqual(["@vscode/l10n", "commander", "picocolors", "ulid", "zod"]);
  });

  it.each(["note", "attention", "status", "pull", "send", "log"])("is little more for %s", (name) => {
    const all = setUp(forAll);
    const more = new Set([...setUp(`src/cli/commands/${name}.ts`)].filter((part) => !all.has(part)));
    expect(more.size).toBeGreaterThan(0);
    expect(sizeOf(more)).toBeLessThan(mostForOne);
    expect(packagesOf(more)).toEqual([]);
  });
});
