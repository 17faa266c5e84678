import { cp, mkdir, readdir, rename, rm, truncate } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProjectRecord } from "../../../src/core/record/projectRecord";
import type { Logger } from "../../../src/core/ports/machine";
import { until } from "../../support/until";
import { Workspace, note } from "../../support/ledgerHarness";

let workspace: Workspace;
let record: ProjectRecord;
let warnings: string[];
const logger: Logger = { debug: () => undefined, warn: (message) => void warnings.push(message) };
beforeEach(async () => {
  workspace = await Workspace.make();
  warnings = [];
  record = await ProjectRecord.open(await workspace.ledger(), logger, { start: "beginning" });
  await record.append(note("before"), "synced");
});
afterEach(async () => {
  await record.close();
  await workspace.dispose();
});

const claim = {
  kind: "lease",
  actor: "human:ada",
  session_name: null,
  event: "claimed",
  holder: "human:ada",
  host: "h",
  pid: 1,
  started_at: "1",
  generation: 1,
  text: "Mine.",
};

/** Somebody puts another record of the same name in the place of the one that is in use. */
async function replace(): Promise<void> {
  const elsewhere = `${workspace.folder}-elsewhere`;
  await rename(workspace.folder, elsewhere);
  await cp(elsewhere, workspace.folder, { recursive: true });
}

describe("a record that vanishes while its project runs", () => {
  it.each([
    ["deleted", () => rm(workspace.folder, { recursive: true }), "project_not_found", "advice"],
    ["renamed", () => rename(workspace.folder, `${workspace.folder}-elsewhere`), "project_not_found", "advice"],
    ["replaced by another", replace, "project_not_found", "advice"],
    ["cut off", () => truncate(workspace.segment(), 10), "ledger_corrupt", "verify_record"],
  ])(
    "and is %s: nothing more is written, anywhere, because nobody sees who runs it there",
    async (_how, remove, code, kind) => {
      await remove();
      await until("the record notices", () => warnings.length > 0);
      const before = await readdir(workspace.root, { recursive: true });
      for (const draft of [note("a"), claim]) {
        await expect(record.append(draft, "synced")).rejects.toMatchObject({
          code,
          remedy: { kind },
        });
      }
      await mkdir(workspace.folder, { recursive: true });
      await expect(record.append(note("b"), "written")).rejects.toMatchObject({ code });
      expect(
        (await readdir(workspace.root, { recursive: true })).filter(
          (path) => !before.includes(path) && !path.endsWith("alpha"),
        ),
      ).toEqual([]);
      expect(warnings).toHaveLength(1);
      expect(record.state.lease).toBeUndefined();
    },
  );

  it("a claim that was on its way is refused, not taken for won", async () => {
    const ledger = await workspace.ledger();
    const vanishing = await ProjectRecord.open(
      new Proxy(ledger, {
        get: (target, name) => {
          if (name === "append") {
            return async (...args: Parameters<typeof target.append>) => {
              const entry = await target.append(...args);
              await replace();
              await until("it is noticed", () => warnings.length > 1);
              return entry;
            };
          }
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? (value.bind(target) as unknown) : value;
        },
      }),
      logger,
      { start: "beginning" },
    );
    await expect(vanishing.append(claim, "synced")).rejects.toMatchObject({ code: "project_not_found" });
    await vanishing.close();
  });
});
