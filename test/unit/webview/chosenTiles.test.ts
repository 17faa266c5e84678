import { describe, expect, it } from "vitest";
import { type OverviewView, type Tile, type TileGroup, wholeView } from "../../../src/protocol/overview";
import { chosenTiles, groupCounts, keptView } from "../../../webview-ui/overview/chosenTiles";

function tile(name: string, group: TileGroup, more: Partial<Tile> = {}): Tile {
  const look = { word: `${group} for 3 min`, icon: "circle-outline" };
  const said = { task: "", asks: "", agent: "", tooltip: "", context: "session+living" as const };
  return { id: name, name, project: "shop", group, since: 0, look, ...said, ...more };
}

const tiles = [
  tile("asker::1", "waiting", { asks: "Delete the build?", since: 5 }),
  tile("builder::10", "working", { task: "compile", agent: "Codex", since: 9 }),
  tile("builder::9", "working", { since: 7 }),
  tile("other::1", "idle", { project: "bank", since: 20 }),
  tile("gone::1", "ended", { since: 1 }),
];
const names = (view: Partial<OverviewView>): string[] =>
  chosenTiles(tiles, { ...wholeView, ...view }).map(({ name }) => name);

describe("the tiles that are chosen", () => {
  it("are all that live, in the order in which they need somebody", () => {
    expect(names({})).toEqual(["asker::1", "builder::10", "builder::9", "other::1"]);
  });

  it("are of the chosen states, also of those that are over", () => {
    expect(names({ groups: ["ended", "waiting"] })).toEqual(["asker::1", "gone::1"]);
  });

  it("are of the chosen project", () => {
    expect(names({ project: "bank" })).toEqual(["other::1"]);
  });

  it("say each of the words somewhere: name, project, task, what they ask, agent or state", () => {
    expect(names({ text: "DELETE" })).toEqual(["asker::1"]);
    expect(names({ text: "shop compile" })).toEqual(["builder::10"]);
    expect(names({ text: "codex" })).toEqual(["builder::10"]);
    expect(names({ text: "bank working" })).toEqual([]);
  });

  it("stand by their latest change, or by project and number", () => {
    expect(names({ sort: "newest" })).toEqual(["other::1", "builder::10", "builder::9", "asker::1"]);
    expect(names({ sort: "name" })).toEqual(["other::1", "asker::1", "builder::9", "builder::10"]);
    expect(tiles[0]?.name).toBe("asker::1");
  });
});

describe("the counts of states", () => {
  it("are of what project and text show, whatever states are chosen", () => {
    expect([...groupCounts(tiles, { ...wholeView, project: "shop", groups: ["idle"] }, 1)]).toEqual([
      ["waiting", 1],
      ["working", 2],
      ["ended", 1],
    ]);
  });

  it("tell how many are over before they were asked for, where nothing else is chosen", () => {
    const living = tiles.filter(({ group }) => group !== "ended");
    expect(groupCounts(living, wholeView, 7).get("ended")).toBe(7);
    expect(groupCounts(living, { ...wholeView, text: "x" }, 7).get("ended")).toBeUndefined();
    expect(groupCounts(living, wholeView, 0).has("ended")).toBe(false);
  });
});

describe("what was kept of the view", () => {
  it("is taken as far as it is known, and is else the whole view", () => {
    expect(keptView(undefined)).toEqual(wholeView);
    expect(keptView({ project: "shop" })).toEqual({ ...wholeView, project: "shop" });
    expect(keptView({ groups: ["idle", "dancing"], sort: "size", size: "large", text: 3 })).toEqual({
      ...wholeView,
      groups: ["idle"],
      size: "large",
    });
  });
});
