import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FolderWatch } from "../../src/adapters/machine/folderWatch";
import { systemClock } from "../../src/adapters/machine/systemClock";
import { until } from "../support/until";

describe("a folder that is watched", () => {
  let above: string;
  let folder: string;
  let changes = 0;
  let watch: FolderWatch;

  beforeAll(async () => {
    above = await mkdtemp(join(tmpdir(), "wso-watch-"));
    folder = join(above, "settings", "programs");
    watch = new FolderWatch(folder, systemClock, () => changes++);
  });
  afterAll(async () => {
    watch.dispose();
    await rm(above, { recursive: true });
  });

  async function tells(change: () => Promise<unknown>): Promise<void> {
    const before = changes;
    await change();
    await until("the change is told", () => changes > before);
  }

  it("may not exist yet, nor those above it", async () => {
    await tells(async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "a.yaml"), "a");
    });
  });

  it("may be deleted, and made again", async () => {
    await tells(() => writeFile(join(folder, "a.yaml"), "b"));
    await tells(() => rm(folder, { recursive: true }));
    await tells(() => mkdir(folder));
    await tells(() => writeFile(join(folder, "b.yaml"), "b"));
  });

  it("has nothing to tell of what happens beside it", async () => {
    await rm(folder, { recursive: true });
    await until("its end is told", () => changes > 0);
    const before = changes;
    await writeFile(join(above, "settings", "other"), "x");
    await tells(() => mkdir(folder));
    expect(changes - before).toBeLessThanOrEqual(2);
  });
});
