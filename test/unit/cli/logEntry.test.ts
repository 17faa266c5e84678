import { describe, expect, it } from "vitest";
import { entryNamed } from "../../../src/cli/commands/logEntry";
import type { ContextEntry } from "../../../src/core/model/entry";
import type { Ledger } from "../../../src/core/ports/ledger";

const ids = ["01AAAAAAAAAAAAAAAAAAAAWXYZ", "01BBBBBBBBBBBBBBBBBBBBWXYZ", "01CCCCCCCCCCCCCCCCCCCCCCCC"];
const ledger = {
  read: async function* () {
    await Promise.resolve();
    for (const id of ids) yield { entry: { id } as ContextEntry };
  },
} as unknown as Pick<Ledger, "read">;

describe("the entry that is meant", () => {
  it("is named by its id, or the end of it", async () => {
    expect((await entryNamed(ledger, "alpha", "cccc")).id).toBe(ids[2]);
    expect((await entryNamed(ledger, "alpha", ids[1] ?? "")).id).toBe(ids[1]);
  });

  it("is asked for by whole ids where several end so", async () => {
    await expect(entryNamed(ledger, "alpha", "WXYZ")).rejects.toMatchObject({
      code: "ambiguous",
      message: "WXYZ matches 2 entries.",
      remedy: { text: `Give a whole id, such as ${ids[0] ?? ""} and ${ids[1] ?? ""}.` },
    });
  });
});
