import { describe, expect } from "vitest";
import { runMixedPlan, sayMixed } from "../support/model/mixedPlan";
import { wantedAgents } from "../support/model/wantedAgents";
import { randomBy, rounds, seed } from "../support/seed";

const plans = 5;
/** A runner lives so long, in milliseconds. */
const life = { least: 300, most: 2000 };

const [first, second = first, third = first] = wantedAgents;

describe("a plan of three agents and two shells whose runner is killed", () => {
  const those = [first, second, third].flatMap((each) => (each ? [each] : []));
  const absent = those.find(({ title, name }) => title !== name);
  const test = (absent ?? first)?.test;
  test?.(
    `sends each prompt once and has each permission given once (seed ${seed})${absent ? `: ${absent.title}` : ""}`,
    async () => {
      const random = randomBy(seed);
      const [one, two, three] = those.map(({ name }) => name);
      if (!one || !two || !three) throw new Error("AGENTS names no agent");
      for (let plan = 0; plan < rounds(plans); plan++) {
        const agents = [one, two, three] as const;
        const lifeMs = (): number => life.least + random() * (life.most - life.least);
        const figures = await runMixedPlan({ agents, lifeMs });
        console.log(sayMixed(agents, figures), figures.faults);
        expect(figures.faults).toEqual([]);
      }
    },
  );
});
