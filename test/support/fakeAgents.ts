import type { StateKind } from "../../src/core/model/stateKinds";
import type { SessionState } from "../../src/core/model/states";
import type { ProgramRules, StateRule } from "../../src/core/sense/programRules";
import { RuleCatalog } from "../../src/core/sense/senseTerminal";

const rule = (name: string, state: SessionState, matches: RegExp, kind?: StateKind): StateRule => ({
  name,
  state,
  confidence: "high",
  priority: 60,
  when: [{ in: "last", matches }],
  ...(kind === undefined ? {} : { kind }),
});

/**
 * What an agent in a fake terminal shows in its last lines, as rules of Codex and Claude Code: how its turn ended stands above its
 * composer, which is `> `.
 */
const fakeCodex: ProgramRules = {
  program: "codex",
  title: "Codex",
  role: "agent",
  recorded: [],
  known: { commands: ["codex"] },
  regions: {
    composer: { from: /^>/u },
    last: { above: "composer", lines: 3 },
    busy: { bottom: 1 },
  },
  composer: { in: ["composer"], mark: ">" },
  turnStopped: { in: "last", matches: /^Interrupted\b/u },
  rules: [
    {
      name: "working",
      state: "working",
      confidence: "high",
      priority: 70,
      when: [{ in: "busy", matches: /^Working/u }],
    },
    rule("auth", "failed", /^Error: not logged in/u, "auth"),
    rule("network", "failed", /^Error: no connection/u, "network"),
    {
      ...rule("rate", "limited", /^Error: rate limit/u, "rate"),
      until: { in: "last", matches: /try again in ([^.]+)\./u },
    },
    rule("quota", "limited", /^Error: no quota/u, "quota"),
    { name: "composer", state: "idle", confidence: "high", priority: 40, when: [{ in: "composer" }] },
  ],
};

const fakeClaude: ProgramRules = {
  ...fakeCodex,
  program: "claude",
  title: "Claude Code",
  known: { commands: ["claude"] },
};

export const fakeAgentCatalog = new RuleCatalog([fakeCodex, fakeClaude], { regions: {}, rules: [] });
