import { it } from "vitest";
import { type AgentName, agentPrograms } from "./agentPrograms";
import { installedAgent } from "./installAgents";

/** An agent to be tested, and the function that its tests are given to: one that says why it is not there does not run. */
export interface WantedAgent {
  readonly name: AgentName;
  readonly title: string;
  readonly test: typeof it | typeof it.skip;
}

/** Those that AGENTS names; else the two that plans are mostly made for. */
export const wantedAgents: readonly WantedAgent[] = (process.env["AGENTS"]?.split(",") ?? ["codex", "claude"]).map(
  (each) => {
    const name = each as AgentName;
    const { missing } = installedAgent(agentPrograms[name]({ url: "", home: "", folder: "" }).package);
    return missing === undefined
      ? { name, title: name, test: it }
      : { name, title: `${name} [not run: ${missing}]`, test: it.skip };
  },
);
