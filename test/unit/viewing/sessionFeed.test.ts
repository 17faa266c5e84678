import { describe, expect, it } from "vitest";
import { OrchestratorError } from "../../../src/core/model/errors";
import type {
  LifecycleEvent,
  RawStream,
  Screen,
  ScreenListener,
  SessionServer,
} from "../../../src/core/ports/sessions";
import { silentLogger } from "../../support/systemClock";
import { type FeedSource, SessionFeed } from "../../../src/viewing/sessionFeed";
import { FakeClock } from "../../support/fakeClock";
import { nothingToDo } from "../../../src/core/model/remedy";

const screen = (text: string): Screen => ({
  lines: [[{ text }]],
  rows: 1,
  cols: 10,
  cursor: { row: 0, col: 0, visible: true },
  total_lines: 1,
  alternate_active: false,
});
const gone = (): OrchestratorError => new OrchestratorError("session_not_found", "It is not there.", nothingToDo);

/** A session whose server, end and absence a test decides about. */
function world(): {
  clock: FakeClock;
  feed: SessionFeed;
  streams: { listener: ScreenListener; open: boolean }[];
  heard: () => string[];
  tell: (event: LifecycleEvent) => void;
  refuse: { with: Error | undefined };
  reached: () => number;
} {
  const clock = new FakeClock();
  const streams: { listener: ScreenListener; open: boolean }[] = [];
  let tell: (event: LifecycleEvent) => void = () => undefined;
  const server = {
    address: "unix:/s",
    info: () => Promise.resolve({ server_id: "2" }),
    watch: (listener: (event: LifecycleEvent) => void) => {
      tell = listener;
      return { dispose: () => undefined };
    },
    openScreen: (_name: string, _format: string, listener: ScreenListener): RawStream => {
      const stream = { listener, open: true };
      streams.push(stream);
      return { opened: Promise.resolve(), dispose: () => (stream.open = false) };
    },
  } as unknown as SessionServer;
  const refuse: { with: Error | undefined } = { with: undefined };
  let reached = 0;
  const source: FeedSource = {
    clock,
    logger: silentLogger,
    reach: () => (
      reached++,
      refuse.with
        ? Promise.reject(refuse.with)
        : Promise.resolve({ wire: "w", chosen: { server, info: { server_id: "1" } as never, builtin: true } })
    ),
    endSentence: ({ exit_code }) => `Ended with ${String(exit_code)}.`,
  };
  const feed = new SessionFeed(source);
  const told: string[] = [];
  feed.onChange(() =>
    told.push(`${feed.condition.kind}${"sentence" in feed.condition ? `: ${feed.condition.sentence}` : ""}`),
  );
  return {
    clock,
    feed,
    streams,
    heard: () => told.splice(0),
    tell: (event) => tell(event),
    refuse,
    reached: () => reached,
  };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

describe("the feed of a session's screen", () => {
  it("asks only while somebody watches, once for all of them", async () => {
    const { feed, streams } = world();
    await settle();
    expect(streams).toHaveLength(0);
    const [one, other] = [feed.watch(), feed.watch()];
    await settle();
    expect(streams.map((stream) => stream.open)).toEqual([true]);
    one.dispose();
    expect(streams[0]?.open).toBe(true);
    other.dispose();
    other.dispose();
    expect(streams[0]?.open).toBe(false);
  });

  it("keeps the last screen of a session that has ended, says how, and shows the one that takes its place", async () => {
    const { feed, streams, heard, clock, refuse } = world();
    feed.watch();
    await settle();
    streams[0]?.listener.screen(screen("last"));
    refuse.with = gone();
    streams[0]?.listener.ended({ exit_code: 3 });
    expect(heard()).toEqual(["live", "ended: Ended with 3."]);
    expect(feed.screen?.lines[0]).toEqual([{ text: "last" }]);
    clock.advance(3000);
    await settle();
    expect([heard(), feed.condition.kind]).toEqual([[], "ended"]);
    refuse.with = undefined;
    clock.advance(3000);
    await settle();
    streams[1]?.listener.screen(screen("new"));
    expect([heard(), feed.screen?.lines[0]]).toEqual([["live"], [{ text: "new" }]]);
  });

  it("says that the server is away, and goes on when it is back", async () => {
    const { feed, streams, heard, clock, tell } = world();
    feed.watch();
    await settle();
    streams[0]?.listener.screen(screen("x"));
    heard();
    tell({ type: "disconnected" });
    clock.advance(2500);
    expect(heard()[0]).toMatch(/^away: .*cannot be reached/);
    tell({ type: "connected", restarted: false });
    expect(heard()).toEqual(["live"]);
  });

  it("says at once that the server has ended, where that is known, and not that it may come back", async () => {
    const { feed, streams, heard, clock, tell, refuse } = world();
    feed.watch();
    await settle();
    streams[0]?.listener.screen(screen("x"));
    heard();
    refuse.with = new OrchestratorError("server_unreachable", "It ended.", { kind: "resume_projects" });
    tell({ type: "disconnected" });
    clock.advance(2500);
    await settle();
    expect(heard().at(-1)).toBe("away: It ended.");
    clock.advance(20_000);
    await settle();
    expect([heard(), feed.screen?.lines[0]]).toEqual([[], [{ text: "x" }]]);
  });

  it("looks again and again for a session that is not to be had, and at once when somebody asks", async () => {
    const { feed, streams, heard, clock, refuse } = world();
    refuse.with = new OrchestratorError("server_unreachable", "Nobody there.", nothingToDo);
    const watch = feed.watch();
    await settle();
    expect(heard()).toEqual(["away: Nobody there."]);
    refuse.with = undefined;
    feed.again();
    await settle();
    expect(streams).toHaveLength(1);
    streams[0]?.listener.ended({ exit_code: null });
    watch.dispose();
    clock.advance(60_000);
    await settle();
    expect(streams).toHaveLength(1);
  });

  it("does nothing for an hour in which nobody watches, whatever it was waiting for, and looks anew afterwards", async () => {
    for (const prepare of [
      ({ streams }: ReturnType<typeof world>) => streams[0]?.listener.screen(screen("before")),
      ({ streams }: ReturnType<typeof world>) => streams[0]?.listener.ended({ exit_code: 0 }),
      ({ tell }: ReturnType<typeof world>) => tell({ type: "disconnected" }),
    ]) {
      const all = world();
      const { feed, streams, heard, clock, reached } = all;
      const watch = feed.watch();
      await settle();
      prepare(all);
      watch.dispose();
      heard();
      const before = reached();
      expect(clock.pending).toBe(0);
      for (let minute = 0; minute < 60; minute++) {
        clock.advance(60_000);
        streams[0]?.listener.screen(screen(`minute ${minute}`));
        await settle();
      }
      expect([reached(), heard(), streams.some((stream) => stream.open)]).toEqual([before, [], false]);
      feed.watch();
      await settle();
      streams.at(-1)?.listener.screen(screen("after"));
      expect([reached(), feed.condition.kind, feed.screen?.lines[0]]).toEqual([
        before + 1,
        "live",
        [{ text: "after" }],
      ]);
    }
  });

  it("hears nothing of a connection that was left", async () => {
    const { feed, streams, heard } = world();
    feed.watch().dispose();
    feed.watch();
    await settle();
    for (const stream of streams.slice(0, -1)) stream.listener.screen(screen("old"));
    expect(heard()).toEqual([]);
  });
});
