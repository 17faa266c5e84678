import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordedStreams } from "../support/recordedStream";
import { type ReplayedMoment, ReplayStage } from "../support/replayedSession";
import { clientServerKinds, type RunningServer } from "../support/servers";

const screens = resolve("test/fixtures/screens");
/** A few as they were recorded; `npm run bench -- replays` does folders of them. */
const streams = readdirSync(screens).flatMap((tool) => recordedStreams(join(screens, tool)));

describe("a recorded stream in a session of the built-in server", () => {
  const kind = clientServerKinds.find(({ isWsh, missing }) => !isWsh && missing === undefined);
  let running: RunningServer;
  let stage: ReplayStage;

  beforeAll(async () => {
    if (!kind) throw new Error("There is no built-in server.");
    running = await kind.start();
    stage = await ReplayStage.open(running.client());
  });
  afterAll(async () => {
    stage.close();
    await running.stop();
  });

  it("says live what its samples say offline, and asks for nobody in between", { timeout: 180_000 }, async () => {
    expect(streams.flatMap(({ moments }) => moments).length).toBeGreaterThanOrEqual(8);
    const moments: [string, ReplayedMoment][] = [];
    await Promise.all(streams.map((stream) => stage.replay(stream, (moment) => moments.push([stream.tool, moment]))));
    const told = ({ told }: ReplayedMoment): string[] => told.map(({ state }) => state?.state ?? "");
    expect(
      moments.flatMap(([tool, { moment, difference, otherScreen }]) =>
        difference === undefined ? [] : [`${tool}/${moment.name}: ${difference}, ${JSON.stringify(otherScreen)}`],
      ),
    ).toEqual([]);
    for (const [, moment] of moments) {
      // A question that was on no screen is said by none.
      const asked = told(moment).filter((state) => state === "waiting");
      expect(asked).toHaveLength(moment.moment.offline.state === "waiting" ? 1 : 0);
      for (const never of ["failed", "limited", "unclear"]) expect(told(moment)).not.toContain(never);
    }
  });
});
