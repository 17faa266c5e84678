import { describe, expect, it } from "vitest";
import type { SessionContext } from "../../../src/core/model/session";
import { emptyProjectState } from "../../../src/core/model/projectState";
import type { ProjectPicture } from "../../../src/protocol/projectRows";
import { endedCount, tilesOf } from "../../../src/protocol/tiles";

const now = Date.parse("2026-01-01T10:00:10Z");

function picture(name: string, states: readonly SessionContext["state"][]): ProjectPicture {
  const sessions = states.map((state, index): SessionContext => ({
    session_name: `proj-${name}::worker::${index + 1}`,
    project_id: name,
    agent_id: null,
    role: "worker",
    state,
    next_action: "",
    last_signal: "",
    updated_at: "2026-01-01T10:00:00Z",
  }));
  const project = {
    project_id: name,
    name,
    goal: "",
    status: "running" as const,
    default_cwd: "/w",
    active_branch: null,
    owner: "o",
    updated_at: "",
  };
  return {
    key: `/w#${name}`,
    project,
    state: emptyProjectState(),
    sessions,
    runner: { who: "nobody" },
    folder: undefined,
  };
}

describe("tiles of the overview", () => {
  it("are the living sessions, those that need a person first, then by project and number", () => {
    const tiles = tilesOf(
      [
        picture("b", ["working", "waiting", "exited", "lost"]),
        picture("a", ["idle", "working", ...Array<"idle">(8).fill("idle"), "unclear"]),
      ],
      now,
    );
    expect(tiles.map((tile) => `${tile.project} ${tile.name} ${tile.look.word}`)).toEqual([
      "b worker::2 needs your answer for 10 s",
      "a worker::11 unclear for 10 s",
      "a worker::1 idle for 10 s",
      "a worker::2 working for 10 s",
      ...[3, 4, 5, 6, 7, 8, 9, 10].map((index) => `a worker::${index} idle for 10 s`),
      "b worker::1 working for 10 s",
    ]);
  });

  it("have those that are over where they are wanted, with how they ended; else only their number is known", () => {
    const pictures = [picture("a", ["idle", "exited", "lost"])];
    expect(tilesOf(pictures, now).map(({ group }) => group)).toEqual(["idle"]);
    expect(tilesOf(pictures, now, true).map(({ group }) => group)).toEqual(["idle", "ended", "ended"]);
    expect(endedCount(pictures)).toBe(2);
  });

  it("belong to the group of what they do", () => {
    const states = ["starting", "waiting", "done_unseen", "limited", "failed", "unclear"] as const;
    const groups = tilesOf([picture("a", states)], now).map(({ name, group }) => `${name} ${group}`);
    expect(groups.sort()).toEqual(
      ["working", "waiting", "done", "limited", "failed", "unclear"].map((group, at) => `worker::${at + 1} ${group}`),
    );
  });

  it("say all in full, and choose their menus as the rows of the tree do", () => {
    const [tile] = tilesOf([picture("a-long-name", ["working"])], now);
    expect(tile?.tooltip.split("\n")).toEqual([
      "proj-a-long-name::worker::1",
      "working for 10 s",
      "Project: a-long-name",
    ]);
    expect(tile?.context).toBe("session+living");
  });

  it("have an id that is unique in the window and no path", () => {
    const [tile] = tilesOf([picture("a", ["working"])], now);
    expect(tile).toMatchObject({ key: "/w#a", session: "proj-a::worker::1" });
    expect(tile?.id).toMatch(/^\w+$/);
    expect(
      new Set(tilesOf([picture("a", ["idle", "idle"]), picture("b", ["idle"])], now).map((each) => each.id)).size,
    ).toBe(3);
  });
});

it("have names of strangers without characters that hide or reorder something", () => {
  const [tile] = tilesOf([picture("a\u202eb\u001b[8mc\nd", ["working"])], now);
  expect([tile?.project, tile?.name]).toEqual(["abc d", "proj-abc d::worker::1"]);
});
