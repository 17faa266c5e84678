import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import type { MirrorStatus } from "../../../src/protocol/mirror";
import { mirrorStatus } from "../../../src/viewing/mirrorStatus";
import { asked, entry, history, picture, session, start } from "../protocol/rowScene";

function status(entries: readonly ContextEntry[], kind: "live" | "gone" = "live"): MirrorStatus {
  return mirrorStatus(
    {
      identity: { session, project_id: "alpha", folder: "" },
      picture: picture(entries),
      condition: kind === "live" ? { kind } : { kind, sentence: "It is gone." },
      wasSeen: true,
      trusted: true,
    },
    start + 185_000,
  );
}

describe("above a mirror's screen", () => {
  it("stands what the session does and since when", () => {
    expect(status(history).look.word).toBe("working for 3 min");
    expect(status(history).banner).toBeNull();
  });

  it("stands the question that is open there, to be answered", () => {
    const { banner, look } = status([...history, asked]);
    expect(look.word).toBe("needs your answer for 3 min");
    expect(banner?.acts).toEqual(["answer"]);
    expect(banner?.text).toContain("It deletes files.");
    expect(status([...history, asked], "gone").banner?.acts).toEqual(["close"]);
  });

  it("is told whether somebody has looked at what was done", () => {
    const done = entry({ kind: "state", event: "sensed", session_name: session, state: "done_unseen", text: "" }, 5);
    expect([status(history).unseen, status([...history, done]).unseen]).toEqual([false, true]);
  });
});
