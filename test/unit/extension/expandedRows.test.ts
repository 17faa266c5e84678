import { expect, it } from "vitest";
import { ExpandedRows } from "../../../src/extension/views/expandedRows";

class Memory {
  readonly stored = new Map<string, unknown>();
  get(key: string): never {
    return this.stored.get(key) as never;
  }
  update(key: string, value: unknown): Promise<void> {
    this.stored.set(key, JSON.parse(JSON.stringify(value)));
    return Promise.resolve();
  }
  keys(): readonly string[] {
    return [...this.stored.keys()];
  }
}

const fails = (error: unknown): void => {
  throw error;
};

it("keeps rows as a person left them, for the next window too, and others as they are made", () => {
  const memory = new Memory();
  const rows = new ExpandedRows(memory, fails);
  rows.set({ id: "a" }, false);
  rows.set({ id: "b" }, true);
  const later = new ExpandedRows(memory, fails);
  const isExpanded = (id: string, expanded: boolean): boolean => later.isExpanded({ id, expanded });
  expect([isExpanded("a", true), isExpanded("b", false), isExpanded("c", true), isExpanded("c", false)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

it("forgets the rows that nobody has touched for longest, and takes nothing that is none", () => {
  const memory = new Memory();
  memory.stored.set("expandedRows", [["a", false], ["b", "yes"], 7, null]);
  const rows = new ExpandedRows(memory, fails);
  expect([rows.isExpanded({ id: "a", expanded: true }), rows.isExpanded({ id: "b", expanded: true })]).toEqual([
    false,
    true,
  ]);
  for (let index = 0; index < 500; index++) rows.set({ id: `row ${index}` }, false);
  expect(rows.isExpanded({ id: "a", expanded: true })).toBe(true);
  expect(memory.get("expandedRows")).toHaveLength(500);
});
