import type { ProgramRules } from "../../src/core/sense/programRules";
import { RuleCatalog } from "../../src/core/sense/senseTerminal";

/** Knows no program. */
export const emptyCatalog = new RuleCatalog([], { regions: {}, rules: [] });

/** A program that asks whether to proceed, whatever else it shows. */
const asking: ProgramRules = {
  program: "asking",
  title: "The agent",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: { last: { bottom: 3 } },
  rules: [
    {
      name: "proceed",
      state: "waiting",
      kind: "question",
      confidence: "high",
      when: [{ in: "last", matches: /Proceed\? \(y\/n\)/ }],
    },
  ],
};

export const askingCatalog = new RuleCatalog([asking], { regions: {}, rules: [] });

/** A program that has reached a limit, whatever else it shows. */
const limited: ProgramRules = {
  ...asking,
  program: "limited",
  rules: [
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      confidence: "high",
      when: [{ in: "last", matches: /Rate limit reached/ }],
      until: { in: "last", matches: /Try again in ([^.]+)\./ },
    },
  ],
};

export const limitedCatalog = new RuleCatalog([limited], { regions: {}, rules: [] });
