import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { raceDialogs } from "../support/dialogRaces";
import { racePrompts } from "../support/promptRaces";
import { randomBy, rounds, seed } from "../support/seed";
import { type RunningServer, serverKinds } from "../support/servers";

const races = 1000;
/** Those whose dialogs are answered from elsewhere. */
const agents = ["claude", "codex", "gemini", "qwen", "copilot", "cline"];

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))(
  "prompts that change while they are answered, on $title",
  ({ start, missing }) => {
    let running: RunningServer;

    beforeAll(async () => {
      if (!missing) running = await start();
    });
    afterAll(async () => {
      if (!missing) await running.stop();
    });

    for (const takes of ["whole lines", "each key"])
      (missing ? it.skip : it)(
        `a program that takes ${takes}: no key gets to another prompt (seed ${seed})`,
        async () => {
          const client = running.client();
          const counts = await racePrompts(client, {
            name: `races-${takes.replace(" ", "-")}`,
            rounds: rounds(races),
            raw: takes === "each key",
            random: randomBy(seed),
          });
          client.close();
          console.log(`${takes}: ${JSON.stringify(counts)}`);
          expect(counts.wrong).toBe(0);
          expect(counts.answered).toBeGreaterThan(0);
          expect(counts.gone).toBeGreaterThan(0);
        },
      );

    for (const agent of agents)
      (missing ? it.skip : it)(`a dialog of ${agent}: no key gets to another one (seed ${seed})`, async () => {
        const client = running.client();
        const counts = await raceDialogs(client, {
          agent,
          rounds: rounds(Math.ceil(races / agents.length)),
          random: randomBy(seed),
        });
        client.close();
        console.log(`${agent}: ${JSON.stringify(counts)}`);
        expect(counts.wrong).toBe(0);
        expect(counts.answered).toBeGreaterThan(0);
        expect(counts.gone).toBeGreaterThan(0);
      });
  },
);
