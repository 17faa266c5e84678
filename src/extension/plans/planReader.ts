import type { AgentChoices } from "../../core/model/agentProfile";
import type { PlanWork } from "../../core/ports/plans";
import type { HostWorld } from "../hostWorld";

/** Reads plans that are to run here, with the agents that are known. */
export function planReader(world: HostWorld): Pick<PlanWork, "parsePlan" | "planOutline"> {
  return {
    parsePlan: async (text) => world.plans.parsePlan(text, await agentsOf(world)),
    planOutline: (text) => world.plans.planOutline(text),
  };
}

export async function agentsOf(world: HostWorld): Promise<AgentChoices[]> {
  const { agentChoices } = await import("../../core/model/agentProfile");
  return agentChoices(await world.agents());
}
