import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileWithin } from "../../../src/adapters/machine/fileWithin";

describe("a file that a session's text names", () => {
  let base: string;
  let own: string;
  let workspace: string;
  beforeAll(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), "wso-files-")));
    [own, workspace] = [join(base, "work/own"), join(base, "work")];
    mkdirSync(join(own, "src"), { recursive: true });
    for (const file of [
      "work/own/src/a.ts",
      "work/own/both.ts",
      "work/both.ts",
      "work/top.ts",
      "work-secret",
      "secret",
    ])
      writeFileSync(join(base, file), "");
    symlinkSync(join(base, "secret"), join(own, "way-out"));
    symlinkSync(join(own, "src"), join(own, "inner"));
  });
  afterAll(() => rmSync(base, { recursive: true }));

  it("is looked for in the session's folder first, then in the workspace", async () => {
    const find = (path: string): Promise<string | undefined> => fileWithin(path, [own, workspace]);
    expect(await find("src/a.ts")).toBe(join(own, "src/a.ts"));
    expect(await find("both.ts")).toBe(join(own, "both.ts"));
    expect(await find("../both.ts")).toBe(join(workspace, "both.ts"));
    expect(await find("top.ts")).toBe(join(workspace, "top.ts"));
    expect(await find(join(workspace, "top.ts"))).toBe(join(workspace, "top.ts"));
    expect(await find("inner/a.ts")).toBe(join(own, "inner/a.ts"));
  });

  it("is none that is not there, is a folder, or lies elsewhere, by whatever way", async () => {
    for (const path of [
      "none.ts",
      "src",
      ".",
      "../../secret",
      "../../work-secret",
      join(base, "secret"),
      "way-out",
      "/etc/passwd",
      "~/x",
      "a\0b",
      "",
    ])
      expect([path, await fileWithin(path, [own, workspace])]).toEqual([path, undefined]);
    expect(await fileWithin("src/a.ts", [])).toBeUndefined();
  });
});
