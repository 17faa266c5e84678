import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomBy, rounds, seed } from "../support/seed";
import { killSenders } from "../support/senderKills";
import { type RunningServer, serverKinds } from "../support/servers";

const kills = 500;
/** Sessions that are used at once: most of the time of a round is spent on waiting. */
const lanes = 4;

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))(
  "senders that are killed around their keys, on $title",
  ({ start, missing }) => {
    let running: RunningServer;

    beforeAll(async () => {
      if (!missing) running = await start();
    });
    afterAll(async () => {
      if (!missing) await running.stop();
    });

    for (const shell of ["bash", "zsh", "fish"]) {
      (missing ? it.skip : it)(`${shell}: nothing is wrong, doubled, lost or unknown (seed ${seed})`, async () => {
        const random = randomBy(seed);
        const each = Math.ceil(rounds(kills) / lanes);
        const counts = await Promise.all(
          Array.from({ length: lanes }, (_, lane) =>
            killSenders(running.client(), {
              name: `kills-${shell}-${lane}`,
              shell,
              kills: each,
              random: randomBy(Math.floor(random() * 2 ** 31)),
            }),
          ),
        );
        const sum = (
          name: "wrong" | "doubled" | "lost" | "unknown" | "not_sent" | "ended" | "running" | "kills",
        ): number => counts.reduce((total, count) => total + count[name], 0);
        console.log(
          `${shell}: ${sum("kills")} kills: wrong ${sum("wrong")}, doubled ${sum("doubled")}, lost ${sum("lost")}, unknown ${sum("unknown")}; the killed command was not sent ${sum("not_sent")}, had ended ${sum("ended")}, still ran ${sum("running")}`,
        );
        expect(counts.flatMap((count) => count.faults)).toEqual([]);
      });
    }
  },
);
