import { describe, expect, it } from "vitest";
import { ShownRows } from "../../../src/protocol/shownRows";

interface Line {
  readonly id: string;
  readonly says: string;
  readonly tooltip?: readonly string[];
}

/** A tree that a test changes: ids below each id, and what each says. */
function world(): {
  below: Record<string, string[]>;
  says: Record<string, string>;
  asked: string[];
  rows: ShownRows<Line>;
} {
  const below: Record<string, string[]> = { "": ["a", "b"], a: ["a1", "a2"], b: ["b1"] };
  const says: Record<string, string> = {};
  const asked: string[] = [];
  const rows = new ShownRows<Line>((parent) => {
    asked.push(parent?.id ?? "");
    return (below[parent?.id ?? ""] ?? []).map((id) => ({
      id,
      says: says[id] ?? "",
      tooltip: [says[id] ?? "", "more"],
    }));
  });
  return { below, says, asked, rows };
}

function shownAll(): ReturnType<typeof world> {
  const made = world();
  for (const row of made.rows.give(undefined)) made.rows.give(row);
  return made;
}

type Changes = ReturnType<ShownRows<Line>["changes"]>;

const each = (changes: Changes): readonly Line[] => (changes === "all" ? [] : [...changes].flat());
const ids = (changes: Changes): unknown => (changes === "all" ? changes : each(changes).map(({ id }) => id));

describe("rows that a view was given", () => {
  it("are none before it asked, and then nothing has changed", () => {
    const { rows, says } = world();
    says.a = "new";
    expect(rows.changes()).toEqual([]);
    expect(ids(shownAll().rows.changes())).toEqual([]);
  });

  it("change alone, as the objects that the view knows them by", () => {
    const { rows, says } = shownAll();
    const known = rows.give(rows.give(undefined)[0])[1];
    says.a2 = "new";
    const changes = each(rows.changes());
    expect(changes).toHaveLength(1);
    expect(changes[0]).toBe(known);
    expect(known && rows.now(known).says).toBe("new");
    expect(ids(rows.changes())).toEqual([]);
  });

  it("change with their parent when others stand below it, and are the same objects when they are given again", () => {
    const { rows, below } = shownAll();
    const [a] = rows.give(undefined);
    const before = rows.give(a);
    below.a = ["a2", "a1", "a3"];
    expect(ids(rows.changes())).toEqual(["a"]);
    const after = rows.give(a);
    expect(after.map(({ id }) => id)).toEqual(["a2", "a1", "a3"]);
    expect(after[1]).toBe(before[0]);
    expect(ids(rows.changes())).toEqual([]);
  });

  it("are not looked at below one that changes itself, which the view asks for anew", () => {
    const { rows, says } = shownAll();
    Object.assign(says, { a: "new", a1: "new" });
    expect(ids(rows.changes())).toEqual(["a"]);
  });

  it("change all when others stand at the top", () => {
    const { rows, below } = shownAll();
    below[""] = ["b"];
    expect(rows.changes()).toBe("all");
    rows.give(undefined);
    below[""] = ["a", "b"];
    expect(rows.changes()).toBe("all");
  });

  it("are compared only below those that may have changed", () => {
    const { rows, says, asked } = shownAll();
    Object.assign(says, { a1: "new", b1: "new" });
    asked.length = 0;
    expect(ids(rows.changes((row) => row.id === "b"))).toEqual(["b1"]);
    expect(asked).toEqual(["", "b"]);
    expect(ids(rows.changes())).toEqual(["a1"]);
  });

  it("are not looked at below what nobody unfolded", () => {
    const { rows, says, asked } = world();
    rows.give(undefined);
    asked.length = 0;
    says.a1 = "new";
    expect(ids(rows.changes())).toEqual([]);
    expect(asked).toEqual([""]);
  });
});
