import { describe, expect } from "vitest";
import { deliver, sayDeliveries } from "../support/model/deliveries";
import { wantedAgents } from "../support/model/wantedAgents";
import { randomBy, rounds, seed } from "../support/seed";

/** Prompts, as many for each as it is used. */
const most = { codex: 200, claude: 200, gemini: 50, qwen: 50, opencode: 50, copilot: 50, cline: 50 };
const mostWithKills = 100;

describe.each(wantedAgents)("prompts for $title", ({ name, test }) => {
  test(`each is taken once or asked about (seed ${seed})`, async () => {
    const figures = await deliver({ name, count: rounds(most[name]), random: randomBy(seed) });
    console.log(sayDeliveries(name, figures), figures.questions);
    expect({ double: figures.double, wrong: figures.wrong }).toEqual({ double: [], wrong: [] });
    expect(figures.taken).toBe(figures.asked);
  });

  test(`each is taken once or asked about while what runs the project is killed (seed ${seed})`, async () => {
    const kills = { least: 300, most: 2000 };
    const figures = await deliver({ name, count: rounds(mostWithKills), random: randomBy(seed), kills });
    console.log(sayDeliveries(name, figures), figures.questions);
    expect({ double: figures.double, wrong: figures.wrong }).toEqual({ double: [], wrong: [] });
    expect(figures.taken + figures.stalled + figures.left).toBe(figures.asked);
  });
});
