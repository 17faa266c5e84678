import { describe, expect, it } from "vitest";
import type { SessionContext } from "../../../src/core/model/session";
import type { Need, SessionNeed } from "../../../src/protocol/needs";
import { NeedTour } from "../../../src/viewing/needTour";
import { history, picture } from "../protocol/rowScene";

function need(name: string, since = "2026-01-01T10:00:00Z", why: SessionNeed["why"] = "waits"): Need {
  return { kind: "session", why, picture: picture(history), session: { session_name: name } as SessionContext, since };
}

function walk(tour: NeedTour, ...lists: readonly Need[][]): (string | undefined)[] {
  return lists.map((needs) => {
    const next = tour.next(needs);
    return next?.need.kind === "session" ? `${next.at} ${next.need.session.session_name}` : undefined;
  });
}

describe("going from one thing that needs a person to the next", () => {
  const [a, b, c] = [need("a"), need("b"), need("c")];

  it("comes to all of them, the most urgent first, and around", () => {
    const all = [a, b, c];
    expect(walk(new NeedTour(), all, all, all, all, all)).toEqual(["1 a", "2 b", "3 c", "1 a", "2 b"]);
  });

  it("has nowhere to go where nothing needs anybody", () => {
    expect(walk(new NeedTour(), [], [a], [])).toEqual([undefined, "1 a", undefined]);
  });

  it("goes on behind what was left open when something is answered meanwhile", () => {
    expect(walk(new NeedTour(), [a, b, c], [a, b, c], [a, c], [a, c])).toEqual(["1 a", "2 b", "2 c", "1 a"]);
  });

  it("goes to what is new and more urgent at once, also in a session that it was in before", () => {
    const again = need("b", "2026-01-01T11:00:00Z");
    expect(walk(new NeedTour(), [a, b], [a, b], [again, a])).toEqual(["1 a", "2 b", "1 b"]);
  });
});
