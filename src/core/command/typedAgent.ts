import type { AgentCatalog, AgentProfile } from "../model/agentProfile";
import type { PlanRole } from "../model/plan";
import type { RuleCatalog } from "../sense/senseTerminal";

/** The coding agent that a session was started for: how it is typed to, and by which rules its screen is read. */
export interface TypedAgent {
  readonly profile: AgentProfile;
  readonly catalog: RuleCatalog;
}

/** What knows agents, and what programs show. */
export interface KnownAgents {
  readonly agents: AgentCatalog;
  readonly catalog: RuleCatalog;
}

/** The agent of a role; undefined where the role has none, or none that is known. */
export function typedAgent(
  { agent }: Pick<PlanRole, "agent">,
  { agents, catalog }: KnownAgents,
): TypedAgent | undefined {
  const profile = agent && agents.of(agent.use);
  return profile && { profile, catalog };
}

/** Whether what stands in its composer can be read: what it is typed cannot be proved otherwise. */
export function readsComposer({ profile, catalog }: TypedAgent): boolean {
  return catalog.named(profile.rules)?.composer !== undefined;
}
