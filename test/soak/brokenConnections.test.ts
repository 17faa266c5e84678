import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandsThroughBreaks } from "../support/brokenConnections";
import { randomBy, rounds, seed } from "../support/seed";
import { type RunningServer, serverKinds } from "../support/servers";
import { testWithShell } from "../support/shellTest";

const commands = 500;

describe.each(serverKinds)("commands while connections break, on $title", ({ start, missing }) => {
  let running: RunningServer;

  beforeAll(async () => {
    if (!missing) running = await start();
  });
  afterAll(async () => {
    if (!missing) await running.stop();
  });

  for (const shell of ["bash", "zsh", "fish"]) {
    const test = missing ? it.skip : testWithShell;
    test(
      shell,
      `${shell}: each is typed once and has its right exit code, or a person is asked (seed ${seed})`,
      async () => {
        const count = await commandsThroughBreaks(running, {
          name: `breaks-${shell}`,
          shell,
          commands: rounds(commands),
          random: randomBy(seed),
        });
        const { faults, ...figures } = count;
        console.log(`${shell}: ${JSON.stringify(figures)}`);
        expect(faults).toEqual([]);
      },
    );
  }
});
