import { readFileSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cliProgram, CliWorld } from "../support/cliWorld";

/** As the builder tells of the program: the files of each part, with their bytes. */
interface Built {
  readonly cliProgram: { readonly parts: readonly Readonly<Record<string, { readonly bytesInOutput: number }>>[] };
}

interface Used {
  /** KiB of the files that were set up, before they were minified. */
  readonly kibibytes: number;
  readonly packages: readonly string[];
  readonly files: readonly string[];
  /** Modules of Node that were not there before. */
  readonly modules: readonly string[];
}

const kibibyte = 1024;

/** Tells which parts of the program were set up, and which of Node's modules were loaded, by the end of the process. */
const look = `
const { Script } = require("node:vm");
const { writeFileSync } = require("node:fs");
const run = Script.prototype.runInThisContext;
const before = new Set(process.moduleLoadList);
Script.prototype.runInThisContext = function () {
  const makeProgram = run.call(this);
  return (require, filename, dirname, made, more) => {
    process.once("exit", () => {
      const modules = process.moduleLoadList.filter((each) => !before.has(each));
      writeFileSync("used.json", JSON.stringify({ parts: Object.keys(made), modules }));
    });
    return makeProgram(require, filename, dirname, made, more);
  };
};`;

/** A command that is called fifty times by an agent sets up what it needs, and nothing else. */
describe("what a command sets up", () => {
  const world = new CliWorld();
  const built = (JSON.parse(readFileSync("dist/metafiles.json", "utf8")) as Built).cliProgram.parts;
  const lookFile = join(world.workspace, "look.cjs");

  beforeAll(async () => {
    writeFileSync(lookFile, look);
    await world.run(["do", "alpha", "--role", "builder", "--run", "echo made"]);
    await world.run(["do", "beta", "--role", "tester", "--run", "false"]);
  });
  afterAll(() => world.close());

  const used = (args: readonly string[]): Promise<Used> =>
    new Promise((resolve, reject) => {
      const options = { cwd: world.workspace, env: world.env(), timeout: 40_000 };
      execFile(process.execPath, ["--require", lookFile, cliProgram, ...args], options, (error) => {
        if (error) {
          reject(new Error("The command failed.", { cause: error }));
          return;
        }
        const found = JSON.parse(readFileSync(join(world.workspace, "used.json"), "utf8")) as {
          readonly parts: readonly number[];
          readonly modules: readonly string[];
        };
        const inputs = found.parts.flatMap((number) => Object.entries(built[number] ?? {}));
        const files = inputs.map(([path]) => path);
        const packages = files.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
        resolve({
          kibibytes: inputs.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) / kibibyte,
          packages: [...new Set(packages)].sort(),
          files,
          modules: found.modules.flatMap((each) => /^NativeModule (?!internal)(.*)/.exec(each)?.[1] ?? []).sort(),
        });
      });
    });

  const basic = ["@vscode/l10n", "commander", "picocolors", "ulid"];
  /** What takes Node long to load; with a server, `http` is needed, and with it `net` and streams. */
  const slow = /^(?:child_process|crypto|dns|https|inspector|module|readline|tls|tty|url|v8|worker_threads|zlib)$/;
  const slowAlone = new RegExp(`${slow.source}|^(?:_http_client|dgram|fs/promises|http|net|perf_hooks|stream)$`);

  /** The names with what each may set up, in KiB. */
  const alone: readonly (readonly [name: string, most: number])[] = [
    ["note", 345],
    ["attention", 335],
    ["answer", 380],
    ["log", 335],
  ];
  const withServer: readonly (readonly [name: string, most: number])[] = [
    ["status", 740],
    ["pull", 645],
    ["send", 1070],
  ];
  const wordsOf = (name: string): string[] => {
    const [question] = world.entries("beta").filter((entry) => entry.human_attention_needed === true);
    const words: Readonly<Record<string, readonly string[]>> = {
      note: ["alpha", "hello"],
      answer: [question?.id ?? "none", "skip"],
      log: ["alpha", "-n", "5"],
      pull: ["builder::1"],
      send: ["builder::1", "true"],
    };
    return [name, ...(words[name] ?? [])];
  };

  it.each(alone)("is little for %s, which needs no server", async (name, most) => {
    const { kibibytes, packages, files, modules } = await used(wordsOf(name));
    expect(files).toContain("src/cli/program.ts");
    expect(kibibytes).toBeLessThan(most);
    expect(packages.filter((each) => !basic.includes(each))).toEqual([]);
    expect(
      files.filter((path) => /^src\/(?:adapters\/(?:wsh|http)|core\/(?:run\/task|sense\/programs))/.test(path)),
    ).toEqual([]);
    expect(modules).toContain("os");
    expect(modules.filter((each) => slowAlone.test(each))).toEqual([]);
  });

  it.each(withServer)("is little more for %s, which asks the server", async (name, most) => {
    const { kibibytes, packages, modules } = await used(wordsOf(name));
    expect(kibibytes).toBeLessThan(most);
    expect(packages.filter((each) => ![...basic, "cockatiel", "unbash", "zod"].includes(each))).toEqual([]);
    expect(modules).toContain("http");
    expect(modules.filter((each) => slow.test(each))).toEqual([]);
  });
});
