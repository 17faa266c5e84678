import { describe, expect, it } from "vitest";
import { EventEmitter } from "../../../src/core/base/event";
import { SeenSessions } from "../../../src/viewing/seenSessions";
import { FakeClock } from "../../support/fakeClock";
import { ViewedProject } from "./viewedProject";

function scene() {
  const clock = new FakeClock();
  const project = new ViewedProject("alpha", clock);
  const changes = new EventEmitter<"all">();
  const looks = new EventEmitter<undefined>();
  const front = new Set<string>();
  const followed = { key: project.key, record: project.record };
  const records = { all: () => [followed], get: () => followed, onChange: changes.event };
  const shown = { isVisible: ({ name }: { name: string }) => front.has(name), onChange: looks.event };
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const seen = new SeenSessions({ clock, logger, actor: "human:ada" }, records as never, shown);
  const does = async (state: "done_unseen" | "working"): Promise<void> => {
    await project.does(state);
    changes.fire("all");
  };
  const puts = (inFront: boolean): void => {
    if (inFront) front.add(project.session());
    else front.delete(project.session());
    looks.fire(undefined);
  };
  const entries = (): readonly { readonly event?: string | undefined }[] =>
    project.record.entries.filter(({ event }) => event === "seen");
  const state = (): string | undefined => project.record.state.sessions.get(project.session())?.state;
  return { clock, seen, does, puts, entries, state };
}

describe("what a session has done", () => {
  it("is seen once it was in front of the person for two seconds, and said once", async () => {
    const { clock, does, puts, entries, state } = scene();
    await does("done_unseen");
    puts(true);
    await clock.advanceAsync(1999);
    expect(entries()).toEqual([]);
    await clock.advanceAsync(1);
    expect(entries()).toMatchObject([
      { kind: "session", actor: "human:ada", state: "idle", text: "ada saw what worker::1 has done." },
    ]);
    expect(state()).toBe("idle");
    puts(true);
    await clock.advanceAsync(10_000);
    expect(entries()).toHaveLength(1);
  });

  it("is not seen by who passes by, nor where it works again by then", async () => {
    const { clock, does, puts, entries } = scene();
    await does("done_unseen");
    puts(true);
    await clock.advanceAsync(1000);
    puts(false);
    await clock.advanceAsync(5000);
    puts(true);
    await clock.advanceAsync(1000);
    await does("working");
    await clock.advanceAsync(5000);
    expect(entries()).toEqual([]);
  });
});
