import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testBundle } from "../support/serverBundle";

/** Each run is a process of its own: what was used of a script, and what V8 made of it, is kept when the process ends. */
describe("a script that is run with what was kept of the last time", () => {
  const place = mkdtempSync(join(tmpdir(), "wso-compiled-"));
  const folder = join(place, "cache");
  const compiled = join(folder, "compiled");
  const script = join(place, "script.js");
  const asked = join(place, "asked");
  const greeting = "console.log(require('node:path').basename(__filename), __dirname, (() => 6 * 7)());";
  const unused = "'use strict'; console.log('not asked for');";
  let runner: string;

  beforeAll(async () => {
    runner = await testBundle("test/support/runCompiled.ts", "runCompiled");
  });
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(asked, { force: true });
    writeScript(greeting, unused);
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  const program = (...parts: readonly string[]): string =>
    [
      "(function (require, __filename, __dirname, $made, $more) { const parts = [",
      ...parts.map((body) => `function () {${body}},`),
      "]; /* end of parts */ const part = (number) => ($made[number] = (parts[number] ??= $more(number))());",
      "return { parts, part }; })\n",
    ].join("\n");
  const writeScript = (...parts: readonly string[]): void => writeFileSync(script, program(...parts));
  const execute = (use: string): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [runner, script, use, folder], { encoding: "utf8" });
  const run = (use = "note"): { readonly said: string; readonly kept: readonly string[] } => {
    const { stdout, stderr, status } = execute(use);
    expect([stderr, status]).toEqual(["", 0]);
    return { said: stdout.trim(), kept: existsSync(compiled) ? readdirSync(compiled) : [] };
  };
  const bytes = (): Buffer => readFileSync(join(compiled, run().kept[0] ?? ""));
  const said = `script.js ${place} 42`;

  it("is kept for each use, for this user alone, first the parts that ran and then their code, and used", () => {
    expect(run()).toMatchObject({ said, kept: [expect.stringMatching(/-note$/)] });
    const file = join(compiled, readdirSync(compiled)[0] ?? "");
    const source = readFileSync(file);
    expect([source.includes(greeting), source.includes(unused)]).toEqual([true, false]);
    expect(bytes().length).toBeGreaterThan(source.length);
    const withCode = readFileSync(file);
    expect([run().said, statSync(file).mode & 0o077]).toEqual([said, 0]);
    expect(readFileSync(file)).toEqual(withCode);
    expect(run("log").kept).toHaveLength(2);
  });

  it("takes a part that was not kept from the whole script, and keeps it from then on", () => {
    writeScript(`if (require("node:fs").existsSync(${JSON.stringify(asked)})) part(1); ${greeting}`, unused);
    run();
    const few = bytes();
    writeFileSync(asked, "");
    expect(run().said).toBe(`not asked for\n${said}`);
    const more = bytes();
    expect([more.length > few.length, more.includes(unused), run().said]).toEqual([
      true,
      true,
      `not asked for\n${said}`,
    ]);
    rmSync(asked);
    expect([run().said, bytes()]).toEqual([said, more]);
  });

  it("names the same lines in errors", () => {
    writeScript("part(2);", "\n\n", "\nthrow new Error('for a trace');");
    const lines = [0, 1, 2].map(() => /script\.js:(\d+)/.exec(execute("note").stderr)?.[1]);
    expect(lines).toEqual(["7", "7", "7"]);
  });

  it("says so when another program stands in its place by the time a part is needed", () => {
    const files = `const { appendFileSync, existsSync } = require("node:fs");`;
    const grow = `if (existsSync(${JSON.stringify(asked)})) { appendFileSync(__filename, " "); part(1); }`;
    writeScript(`${files} ${grow}`, unused);
    run();
    writeFileSync(asked, "");
    expect(execute("note").stderr).toContain("The program was replaced by another version while it ran.");
  });

  it("is not used for another script of the same length", () => {
    run();
    writeFileSync(script, readFileSync(script, "utf8").replace("6 * 7", "6 * 8"));
    expect(run()).toMatchObject({ said: `script.js ${place} 48`, kept: [expect.anything(), expect.anything()] });
  });

  it("is not used when it is torn, and is made again", () => {
    const [name = ""] = run().kept;
    const whole = readFileSync(join(compiled, name));
    writeFileSync(join(compiled, name), whole.subarray(0, whole.length / 2));
    expect(run().said).toBe(said);
    expect(readFileSync(join(compiled, name))).toEqual(whole);
  });

  it("is neither read nor kept where others can write, or behind a link", () => {
    mkdirSync(compiled, { recursive: true });
    chmodSync(compiled, 0o777);
    expect(run()).toEqual({ said, kept: [] });
    rmSync(compiled, { recursive: true });
    mkdirSync(join(place, "elsewhere"), { recursive: true });
    symlinkSync(join(place, "elsewhere"), compiled);
    expect(run()).toEqual({ said, kept: [] });
  });

  it("runs where nothing can be kept", () => {
    writeFileSync(folder, "no folder");
    expect(run()).toEqual({ said, kept: [] });
  });

  it("goes away some time when it is of another program", () => {
    run();
    const old = join(compiled, "old-note");
    writeFileSync(old, "");
    utimesSync(old, new Date(0), new Date(0));
    expect(run("log").kept.filter((name) => name === "old-note")).toEqual([]);
  });
});
