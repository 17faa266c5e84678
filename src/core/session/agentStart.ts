import type { AgentCatalog, AgentProfile, AgentStart } from "../model/agentProfile";
import { OrchestratorError } from "../model/errors";
import type { Plan, PlanRole, RoleAgent } from "../model/plan";
import { advice } from "../model/remedy";
import { listed } from "../model/sentences";
import { didYouMean } from "../model/suggestion";
import { shellWord } from "../sense/shellWord";

/** The conversation that an agent is started with: one that it begins under an id of ours, or one of its own. */
export interface Conversation {
  readonly id: string;
  readonly how: "given" | "resumed";
}

/**
 * The role as its sessions are started: an agent is a program with arguments and variables. Throws `plan_invalid` for an
 * agent or a mode that nobody knows.
 */
export function withAgent(role: PlanRole, agents: AgentCatalog): PlanRole {
  const { agent } = role;
  if (agent === undefined) return role;
  const profile = agents.of(agent.use);
  if (!profile)
    throw new OrchestratorError(
      "plan_invalid",
      `The role ${role.name} uses the agent ${agent.use}, which is not known${didYouMean(agent.use, agents.names)}.`,
      advice(`Name one of ${listed(agents.names)}.`),
    );
  const starts = startsOf(role, profile, agent);
  return {
    ...role,
    agentTitle: profile.title,
    program: agentCommand(profile, agent, starts),
    // What the person wrote counts.
    env: Object.fromEntries([...starts.flatMap(({ env = {} }) => Object.entries(env)), ...Object.entries(role.env)]),
  };
}

/** All roles of the plan as their sessions are started. Throws as `withAgent`. */
export function withAgents(plan: Plan, agents: AgentCatalog): Plan {
  return plan.roles.every(({ agent }) => agent === undefined)
    ? plan
    : { ...plan, roles: plan.roles.map((role) => withAgent(role, agents)) };
}

/** A role that `withAgent` gave, started with that conversation. As it is where its agent has no way to. */
export function withConversation(role: PlanRole, profile: AgentProfile, { id, how }: Conversation): PlanRole {
  const { agent } = role;
  const start = how === "given" ? profile.conversation?.given : profile.resume;
  if (agent === undefined || start === undefined) return role;
  return {
    ...role,
    program: agentCommand(profile, agent, [start, ...startsOf(role, profile, agent)], id),
    env: { ...start.env, ...role.env },
  };
}

function startsOf(role: PlanRole, profile: AgentProfile, { mode, model }: RoleAgent): AgentStart[] {
  const asked = mode === undefined ? {} : profile.modes[mode];
  if (asked === undefined)
    throw new OrchestratorError(
      "plan_invalid",
      `The role ${role.name} wants ${profile.title} in the mode ${String(mode)}, which it does not have.`,
      advice(`Name one of ${listed(Object.keys(profile.modes))}.`),
    );
  if (model !== undefined && profile.model === undefined)
    throw new OrchestratorError(
      "plan_invalid",
      `The role ${role.name} names a model, and ${profile.title} takes none.`,
      advice("Leave out the model."),
    );
  return [profile.signals ?? {}, model === undefined ? {} : (profile.model ?? {}), asked];
}

function agentCommand({ command }: AgentProfile, agent: RoleAgent, starts: readonly AgentStart[], id = ""): string {
  const words = starts
    .flatMap((start) => start.arguments ?? [])
    .map((word) => word.replaceAll("{model}", () => agent.model ?? "").replaceAll("{id}", () => id));
  return [command, ...[...words, ...(agent.arguments ?? [])].map(shellWord)].join(" ");
}
