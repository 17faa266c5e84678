import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";
import { faultsOf, killablePlan, killRunners } from "../support/runnerKills";
import { randomBy, rounds, seed } from "../support/seed";
import { type RunningServer, serverKinds } from "../support/servers";

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))(
  "a plan whose runner is killed every 0.3 to 2 s, on $title",
  ({ start, missing }) => {
    let running: RunningServer;

    beforeAll(async () => {
      if (!missing) running = await start();
    });
    afterAll(async () => {
      if (!missing) await running.stop();
    });

    (missing ? it.skip : it)(`ends by itself, and each of its 60 commands ran once (seed ${seed})`, async () => {
      const random = randomBy(seed);
      const kills: number[] = [];
      for (let round = 0; round < rounds(10); round++) {
        const world = new CliWorld();
        try {
          const { yaml, lines } = killablePlan("soak", 60, ["bash", "zsh", "fish"], random);
          const file = world.write("plan.yaml", yaml);
          const end = await killRunners(
            world,
            ["do", "soak", "--plan", file],
            { WSH_ORCHESTRATOR_SERVER: running.address },
            () => 300 + random() * 1700,
          );
          kills.push(end.kills);
          expect(end, `round ${round}`).toMatchObject({ code: 0 });
          expect(faultsOf(world, "soak", lines), `round ${round}`).toEqual([]);
          expect((await world.run(["verify"])).code).toBe(0);
        } finally {
          await world.close();
        }
      }
      console.log(`drivers killed: ${kills.join(", ")}`);
    });
  },
);
