import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOwnSamples } from "../../src/adapters/machine/ownSamples";
import type { SampleStore } from "../../src/core/ports/samples";
import { noSmallDisk, SmallDisk } from "../support/smallDisk";

const sample = {
  tool: "sh",
  name: "one",
  screen: "Go on? [y/N] ",
  styled: "Go on? [y/N] ",
  facts: "{}",
  stream: "x".repeat(20_000),
};

describe.skipIf(noSmallDisk !== "")(`samples of one's own on a small disk${noSmallDisk}`, () => {
  let disk: SmallDisk;
  let samples: SampleStore;
  beforeEach(() => {
    disk = SmallDisk.make(256);
    samples = createOwnSamples({ WSH_ORCHESTRATOR_RUNTIME_DIR: disk.path });
  });
  afterEach(() => disk.remove());
  const files = (): string[] => readdirSync(join(samples.folder, "sh"));
  const full = {
    code: "disk_full",
    message: expect.stringContaining("The disk is full, so the sample was not saved") as string,
  };

  it("are kept whole or not at all: where it is full in the middle nothing is left, and with space all is", async () => {
    mkdirSync(join(samples.folder, "sh"), { recursive: true });
    for (const room of [0, 4, 12, 20]) {
      await disk.fill(room);
      await expect(samples.save(sample), `${room} KiB`).rejects.toMatchObject(full);
      expect(files(), `${room} KiB`).toEqual([]);
    }
    await disk.free();
    const way = await samples.save(sample);
    expect(files().map((file) => join(samples.folder, "sh", file))).toEqual(
      ["ansi", "json", "raw", "txt"].map((end) => `${way}.${end}`),
    );
  });

  it("are not kept where it has no room for one more file", async () => {
    await disk.fillNames();
    await expect(samples.save(sample)).rejects.toMatchObject(full);
    await disk.free();
    expect(await samples.save(sample)).toBe(join(samples.folder, "sh", "one"));
  });

  it("are not kept where it is read-only, or a file stands in the folder's place, and that is said", async () => {
    disk.readOnly(true);
    await expect(samples.save(sample)).rejects.toMatchObject({
      code: "request_invalid",
      message: `The sample cannot be saved in ${join(samples.folder, "sh")}: its file system is read-only.`,
    });
    disk.readOnly(false);
    mkdirSync(samples.folder, { recursive: true });
    writeFileSync(join(samples.folder, "sh"), "a file");
    await expect(samples.save(sample)).rejects.toMatchObject({
      message: `The sample cannot be saved in ${join(samples.folder, "sh")}: a file stands where a folder is needed.`,
    });
    rmSync(join(samples.folder, "sh"));
    expect(await samples.save(sample)).toBe(join(samples.folder, "sh", "one"));
  });
});
