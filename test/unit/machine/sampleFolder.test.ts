import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRuleFiles } from "../../../src/adapters/machine/ruleFiles";
import { ifThere, recordedStream, recordedText, samplesIn } from "../../../src/adapters/machine/sampleFolder";

describe("a folder with rules", () => {
  it("tells of what is not a file, and has the others", async () => {
    if (process.platform === "win32") return;
    const folder = mkdtempSync(join(tmpdir(), "rules-"));
    try {
      execFileSync("mkfifo", [join(folder, "a.yaml")]);
      writeFileSync(join(folder, "b.yaml"), "program: b");
      writeFileSync(join(folder, "c.yaml"), "");
      truncateSync(join(folder, "c.yaml"), 20_000_000);
      expect(await readRuleFiles(folder)).toEqual([
        { file: join(folder, "a.yaml"), unreadable: "it is not a file" },
        { file: join(folder, "b.yaml"), text: "program: b" },
        { file: join(folder, "c.yaml"), unreadable: "it has 20 MB; at most 10 are read" },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("a folder with recorded screens", () => {
  let folder: string;
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "samples-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has a sample for each name, whichever of its files are there", async () => {
    for (const name of ["vim/b.txt", "vim/b.json", "vim/b.raw", "claude/a.ansi", "vim/only.json", "notes.txt"])
      write(name, "{}");
    const { samples, unreadable } = await samplesIn(`${folder}/`);
    expect(samples).toEqual([
      { sample: `${folder}/claude/a`, tool: "claude" },
      { sample: `${folder}/vim/b`, tool: "vim" },
      { sample: `${folder}/vim/only`, tool: "vim" },
    ]);
    expect(unreadable).toEqual([]);
  });

  it("tells which of its folders cannot be read, and has the others", async () => {
    write("vim/b.txt", "");
    symlinkSync("nowhere", join(folder, "gone"));
    symlinkSync("vim", join(folder, "linked"));
    const { samples, unreadable } = await samplesIn(folder);
    expect(samples.map(({ tool }) => tool)).toEqual(["linked", "vim"]);
    expect(unreadable).toMatchObject([{ folder: `${folder}/gone`, error: { code: "ENOENT" } }]);
  });

  it("throws where it is not there itself", async () => {
    await expect(samplesIn(join(folder, "none"))).rejects.toThrow(/ENOENT/);
  });

  describe("a file of it", () => {
    it("is read", async () => {
      write("a/a.txt", "hello");
      expect(await recordedText(join(folder, "a/a.txt"))).toBe("hello");
      const pieces: Uint8Array[] = [];
      await recordedStream(join(folder, "a/a.txt"), (bytes) => pieces.push(bytes));
      expect(Buffer.concat(pieces).toString()).toBe("hello");
    });

    it("is not waited for where nobody writes it, and not read where it is not a file", async () => {
      if (process.platform === "win32") return;
      execFileSync("mkfifo", [join(folder, "pipe.txt")]);
      mkdirSync(join(folder, "dir.txt"));
      for (const name of ["pipe.txt", "dir.txt"]) {
        await expect(recordedText(join(folder, name))).rejects.toThrow("it is not a file");
        await expect(recordedStream(join(folder, name), () => undefined)).rejects.toThrow("it is not a file");
      }
      await expect(recordedText("/dev/zero")).rejects.toThrow("it is not a file");
    });

    it("is not read where no screen is so large", async () => {
      write("big.txt", "");
      truncateSync(join(folder, "big.txt"), 100_000_000);
      await expect(recordedText(join(folder, "big.txt"))).rejects.toThrow("it has 100 MB; at most 32 are read");
    });

    it("may be left out where that is allowed, and only then", async () => {
      expect(await ifThere(recordedText(join(folder, "none.txt")))).toBeUndefined();
      await expect(recordedText(join(folder, "none.txt"))).rejects.toThrow(/ENOENT/);
      symlinkSync("loop.txt", join(folder, "loop.txt"));
      await expect(ifThere(recordedText(join(folder, "loop.txt")))).rejects.toThrow(/ELOOP/);
    });
  });
});
