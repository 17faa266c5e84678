import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import * as ofNode from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as shortFiles from "../../src/cli/shortFiles";
import { temporaryFolder } from "../support/localAddresses";

type Files = typeof shortFiles;

const onWindows = process.platform === "win32";

/** What the program of the command line has in place of `node:fs/promises`; which way it goes depends on the command. */
describe("files of a command that ends soon", () => {
  const { argv } = process;
  let folder: string;
  let short: Files;
  let long: Files;

  beforeAll(async () => {
    folder = await temporaryFolder();
    process.argv = ["node", "cli.js", "note", "alpha", "hello"];
    short = await import("../../src/cli/shortFiles");
    vi.resetModules();
    process.argv = ["node", "cli.js", "do", "alpha"];
    long = await import("../../src/cli/shortFiles");
  });
  afterAll(() => {
    process.argv = argv;
  });

  const codeOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => "done",
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );

  it("are told by promises, as Node tells of them", async () => {
    const path = join(folder, "file");
    const none = join(folder, "none");
    for (const files of [short, long]) {
      await files.writeFile(path, "one");
      await files.appendFile(path, " two");
      expect([await files.readFile(path, "utf8"), (await files.lstat(path)).size]).toEqual(["one two", 7]);
      expect(await files.readdir(folder)).toEqual(await ofNode.readdir(folder));
      expect([
        await codeOf(files.lstat(none)),
        await codeOf(files.open(none)),
        await codeOf(files.readFile(none)),
      ]).toEqual(["ENOENT", "ENOENT", "ENOENT"]);
      await files.rm(path);
      expect(await codeOf(files.access(path))).toBe("ENOENT");
    }
  });

  it("tell of a path that cannot be followed by promises, too", async () => {
    const round = join(folder, "round");
    symlinkSync(round, round);
    for (const files of [short, long])
      expect([
        await codeOf(files.readFile(round)),
        await codeOf(files.writeFile(round, "x")),
        await codeOf(files.open(round)),
      ]).toEqual(["ELOOP", "ELOOP", "ELOOP"]);
  });

  it("are read and written by handles that do the same", async () => {
    for (const [name, files] of Object.entries({ short, long })) {
      const path = join(folder, name);
      const file = await files.open(path, "wx+", 0o600);
      expect(await codeOf(files.open(path, "wx"))).toBe("EEXIST");
      const bytes = Buffer.from("0123456789");
      expect((await file.write(bytes, 2, 6, null)).bytesWritten).toBe(6);
      await file.datasync();
      await file.sync();
      const into = Buffer.alloc(4);
      expect([(await file.read(into, 1, 3, 2)).bytesRead, into.toString("latin1")]).toEqual([3, "\0" + "456"]);
      expect((await file.read({ buffer: Buffer.alloc(9), position: 4 })).buffer.toString("latin1")).toMatch(/^67\0+$/);
      expect((await file.stat()).size).toBe(6);
      await file.close();
      expect(await codeOf(file.close())).toBe("done");
      const whole = await files.open(path);
      expect(await whole.readFile("utf8")).toBe("234567");
      await whole.close();
      const streamed = await files.open(path);
      const parts: unknown[] = [];
      for await (const part of streamed.createReadStream()) parts.push(String(part));
      expect(parts).toEqual(["234567"]);
      expect(await codeOf(streamed.close())).toBe("done");
    }
  });

  it.skipIf(onWindows)(
    onWindows
      ? "leave a pipe to Node [not run: Windows has no mkfifo]"
      : "leave a pipe, for which somebody may wait, to Node",
    async () => {
      const pipe = join(folder, "pipe");
      execFileSync("mkfifo", [pipe]);
      const text = short.readFile(pipe, "utf8");
      const other = short.open(pipe, "w").then((file) => file.close());
      writeFileSync(join(folder, "meanwhile"), "this process goes on");
      await other;
      expect([await text, readFileSync(join(folder, "meanwhile"), "utf8")]).toEqual(["", "this process goes on"]);
    },
  );
});
