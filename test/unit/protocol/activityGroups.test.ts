import { describe, expect, it } from "vitest";
import { activityGroups, groupedRows } from "../../../src/protocol/activityGroups";
import { asked, entry, history, picture, session } from "./rowScene";

const lint = entry({ kind: "note", task_id: "lint", text: "Look at lint." }, 8);
const log = [...history, asked, lint, entry({ kind: "delivery", task_id: "hidden", text: "Delivered." }, 9)];
const source = { picture: picture(log), recent: log };

describe("activity by task", () => {
  it("has a group for each task, for sessions what belongs to none, and for the project the rest, newest first", () => {
    const groups = activityGroups([source], {}, 10);
    expect(groups.map(({ kind, name, label }) => [kind, name, label])).toEqual([
      ["task", "lint", "lint"],
      ["task", "build", "build"],
      ["session", session, "builder::1"],
      ["project", "alpha", "alpha"],
    ]);
    expect(groups[1]?.description).toMatch(/^needs approval · \d\d:\d\d:05 · alpha$/);
    expect(groups[1]?.spoken).toMatch(/^build, task, needs approval, project alpha, last entry \d\d:\d\d:05$/);
    expect(groups[1]?.tooltip).toContain("build wants to");
    expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
  });

  it("has in each group its entries, newest first, and only those that pass the filter", () => {
    const [, build] = activityGroups([source], {}, 10);
    const rows = (filter = {}): string[] =>
      build ? groupedRows(source, filter, build).map(({ entry: each }) => each.kind) : [];
    expect(rows()).toEqual(["approval_needed", "command", "task"]);
    const [, command] = build ? groupedRows(source, {}, build) : [];
    expect(command?.label).toBe("$ make");
    expect(command?.spoken).toMatch(/^build \$ make, /);
    expect(rows({ kind: "command" })).toEqual(["command"]);
    expect(activityGroups([source], { kind: "command" }, 10).map(({ name }) => name)).toEqual(["build"]);
    expect(activityGroups([source], { key: "/elsewhere" }, 10)).toEqual([]);
    expect(activityGroups([source], { internal: true }, 10)[0]?.name).toBe("hidden");
  });

  it("keeps projects with tasks of one name apart", () => {
    const other = { ...source, picture: { ...picture(log), key: "/w#beta" } };
    const groups = activityGroups([source, other], { kind: "command" }, 10);
    expect(groups.map(({ key }) => key).sort()).toEqual(["/w#alpha", "/w#beta"]);
    expect(activityGroups([source, other], {}, 3)).toHaveLength(3);
  });

  it("names a task that the state does not know without a word for its state", () => {
    const [first] = activityGroups([source], {}, 1);
    expect(first?.description).toMatch(/^\d\d:\d\d:08 · alpha$/);
  });
});
