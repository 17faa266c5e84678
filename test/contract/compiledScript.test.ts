import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testBundle } from "../support/serverBundle";

/** Each run is a process of its own: what V8 makes of a script is kept when the process ends. */
describe("a script that is run with the code of the last time", () => {
  const place = mkdtempSync(join(tmpdir(), "wso-compiled-"));
  const folder = join(place, "cache");
  const compiled = join(folder, "compiled");
  const script = join(place, "script.js");
  let runner: string;

  beforeAll(async () => {
    runner = await testBundle("test/support/runCompiled.ts", "runCompiled");
  });
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    writeScript("console.log(require('node:path').basename(__filename), __dirname, (() => 6 * 7)());");
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  const writeScript = (body: string): void =>
    writeFileSync(script, `(function (require, __filename, __dirname) { ${body} })\n`);
  const run = (use = "note"): { readonly said: string; readonly kept: readonly string[] } => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [runner, script, use, folder], { encoding: "utf8" });
    expect([stderr, status]).toEqual(["", 0]);
    return { said: stdout.trim(), kept: existsSync(compiled) ? readdirSync(compiled) : [] };
  };
  const said = `script.js ${place} 42`;

  it("is kept for each use, for this user alone, and used", () => {
    expect(run()).toMatchObject({ said, kept: [expect.stringMatching(/-note$/)] });
    const [name = ""] = run().kept;
    const bytes = readFileSync(join(compiled, name));
    expect(run().said).toBe(said);
    expect(readFileSync(join(compiled, name))).toEqual(bytes);
    expect(run("log").kept).toHaveLength(2);
  });

  it("is kept anew when more parts of the script ran, and not when fewer did", () => {
    const bytes = (): Buffer => readFileSync(join(compiled, run().kept[0] ?? ""));
    const asked = join(place, "asked");
    writeScript(`const parts = require("node:fs").existsSync("${asked}") ? 2 : 1;
      const more = () => 6 * 7;
      if (parts === 2) more();
      return () => parts;`);
    run();
    const few = bytes();
    writeFileSync(asked, "");
    run();
    const more = bytes();
    expect(more.length).toBeGreaterThan(few.length);
    rmSync(asked);
    expect(bytes()).toEqual(more);
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
    expect(readFileSync(join(compiled, name)).length).toBeGreaterThan(whole.length / 2);
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
