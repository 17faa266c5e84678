import { describe, expect, it } from "vitest";
import { isReplInFront } from "../../../src/core/sense/replInFront";

const at = (line: string, col = line.length + 1): Parameters<typeof isReplInFront>[1] => ({
  lines: ["$ start", line],
  cursor: { row: 1, col },
});

describe("isReplInFront", () => {
  it.each([
    ["python3", ">>>"],
    ["python3", "...     x ="],
    ["ipython3", "In [3]:"],
    ["node", ">"],
    ["psql", "shop=#"],
    ["sqlite3", "sqlite> select"],
  ])("knows %s at its prompt %j", (name, line) => {
    expect(isReplInFront(name, at(line))).toBe(true);
  });

  it.each([
    ["a shell that a script has opened", "python3", "$"],
    ["a menu of a script", "python3", "Your choice:"],
    ["a program that nobody knows", "myrepl", ">>>"],
    ["a shell", "bash", ">"],
    ["a prompt that is quoted in the middle", "python3", "see >>> 1"],
    ["a value that psql asks for", "psql", "Name:"],
    ["what psql runs", "psql", ""],
  ])("is not sure of %s", (_, name, line) => {
    expect(isReplInFront(name, at(line))).toBe(false);
  });
});
