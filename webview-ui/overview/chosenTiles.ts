import {
  type OverviewView,
  type Tile,
  type TileGroup,
  tileGroups,
  tileSizes,
  tileSorts,
  wholeView,
} from "../../src/protocol/overview";

/** The tiles that the view shows, in its order; without a choice of groups, all that live. */
export function chosenTiles(tiles: readonly Tile[], { project, groups, text, sort }: OverviewView): Tile[] {
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  const chosen = tiles.filter(
    (tile) =>
      (project === "" || tile.project === project) &&
      (groups.length === 0 ? tile.group !== "ended" : groups.includes(tile.group)) &&
      hasAll(tile, words),
  );
  // Whoever made the tiles has put what needs somebody first.
  if (sort === "need") return chosen;
  return chosen.sort(sort === "newest" ? (one, other) => other.since - one.since : byName);
}

/** Whether the view leaves anything out that lives. */
export function isFiltered({ project, groups, text }: OverviewView): boolean {
  return project !== "" || groups.length > 0 || text.trim() !== "";
}

/** How many there are of each group, of those that the rest of the view shows. */
export function groupCounts(tiles: readonly Tile[], view: OverviewView, ended: number): Map<TileGroup, number> {
  const counts = new Map<TileGroup, number>();
  for (const { group } of chosenTiles(tiles, { ...view, groups: tileGroups }))
    counts.set(group, (counts.get(group) ?? 0) + 1);
  // Those that are over are told only where they are wanted.
  const isTold = tiles.some(({ group }) => group === "ended");
  if (!isTold && ended > 0 && view.project === "" && view.text.trim() === "") counts.set("ended", ended);
  return counts;
}

/** What was kept of the view before; a page of an older version kept less. */
export function keptView(kept: unknown): OverviewView {
  const { project, groups, text, sort, size } = (kept ?? {}) as Partial<Record<keyof OverviewView, unknown>>;
  return {
    project: typeof project === "string" ? project : wholeView.project,
    groups: Array.isArray(groups) ? tileGroups.filter((group) => groups.includes(group)) : wholeView.groups,
    text: typeof text === "string" ? text : wholeView.text,
    sort: tileSorts.find((each) => each === sort) ?? wholeView.sort,
    size: tileSizes.find((each) => each === size) ?? wholeView.size,
  };
}

/** Each word is a part of something that the tile says. */
function hasAll({ name, project, task, asks, agent, look }: Tile, words: readonly string[]): boolean {
  const said = [name, project, task, asks, agent, look.word].join("\n").toLowerCase();
  return words.every((word) => said.includes(word));
}

function byName(one: Tile, other: Tile): number {
  return one.project.localeCompare(other.project) || one.name.localeCompare(other.name, undefined, { numeric: true });
}
