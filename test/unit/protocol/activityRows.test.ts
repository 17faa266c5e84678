import { describe, expect, it } from "vitest";
import { type ActivityFilter, activityRows, filterWords } from "../../../src/protocol/activityRows";
import { entry, history, picture, session } from "./rowScene";

describe("activity", () => {
  const sources = [
    {
      picture: picture(history),
      recent: [...history, entry({ kind: "heartbeat", session_name: session, text: "still" }, 9)],
    },
  ];

  it("is newest first", () => {
    expect(activityRows(sources, {}, 3).map((row) => row.label)).toEqual([
      "build $ make",
      "build runs",
      "builder::1 is ready.",
    ]);
  });

  it("leaves out what processes tell each other unless it is asked for", () => {
    const lease = entry({ kind: "lease", event: "claimed", text: "ada runs alpha." }, 9);
    const told = entry({ kind: "delivery", session_name: session, event: "delivered", text: "Delivered." }, 10);
    const both = [{ picture: picture(history), recent: [...history, lease, told] }];
    const labels = (filter: ActivityFilter): string[] => activityRows(both, filter, 2).map((row) => row.label);
    expect(labels({})).toEqual(["build $ make", "build runs"]);
    expect(labels({ internal: true })).toEqual(["Delivered.", "ada runs alpha."]);
    expect(labels({ kind: "lease" })).toEqual(["ada runs alpha."]);
    expect(labels({ session, internal: true })).toEqual(["Delivered.", "build $ make"]);
  });

  it("names its filter in a few words, and nothing where there is none", () => {
    const place = { key: "/w#alpha", session };
    expect(
      [{}, { internal: false }, { key: "/w#alpha" }, { kind: "later" }, { ...place, kind: "result" }].map((filter) =>
        filterWords(filter, "alpha"),
      ),
    ).toEqual(["", "", "alpha", "later", "builder::1 (alpha) · results"]);
    expect(filterWords({ ...place, internal: true }, "alpha")).toBe("builder::1 (alpha) · with internal entries");
  });

  it("names people and kinds of entries by plain words", () => {
    const note = entry({ kind: "handoff", actor: "human:ada", to: "builder", text: "Look at it." }, 9);
    const [row] = activityRows([{ picture: picture(history), recent: [note] }], {}, 1);
    expect(row?.tooltip.split("\n")[0]).toBe("handoff note · alpha · ada");
    expect(row?.spoken).toMatch(/^alpha → builder: Look at it\., project alpha, handoff note, \d\d:/);
  });

  it("is short in its rows, whatever was printed", () => {
    const long = entry(
      {
        kind: "result",
        session_name: session,
        outcome: "exited",
        exit_code: 1,
        output: `${"x".repeat(1_000_000)}\n`,
        text: "y".repeat(1_000_000),
      },
      9,
    );
    const [row] = activityRows([{ picture: picture(history), recent: [long] }], {}, 1);
    expect(
      [row?.label.length, row?.tooltip.length, row?.spoken.length].every(
        (length) => length !== undefined && length < 2100,
      ),
    ).toBe(true);
  });

  it("is filtered by session and kind", () => {
    expect(activityRows(sources, { kind: "heartbeat" }, 9)).toHaveLength(1);
    expect(activityRows(sources, { session: "proj-alpha::other::1" }, 9)).toEqual([]);
    expect(activityRows(sources, { key: "/elsewhere#alpha" }, 9)).toEqual([]);
  });
});
