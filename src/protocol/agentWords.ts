import type { SessionContext } from "../core/model/session";
import { agentCatalog } from "../core/session/agentCatalog";

let shipped: ReturnType<typeof agentCatalog> | undefined;

/**
 * Which coding agent works in a session and with which model, as far as it is known: `Codex gpt-5.1`. The one that the
 * session was started with, else the one that was seen in it, such as one that a person started in its shell; empty where
 * there is none.
 */
export function agentWords({ agent, program }: Pick<SessionContext, "agent" | "program">): string {
  if (agent !== undefined)
    return [agent.title ?? titleOf(agent.name) ?? agent.name, agent.model]
      .filter((part) => part !== undefined)
      .join(" ");
  return (program && titleOf(program.name)) ?? "";
}

/** The agents of the sessions of one role, each once: all are started alike, and a person may have started another. */
export function agentsWords(sessions: readonly Pick<SessionContext, "agent" | "program">[]): string {
  return [...new Set(sessions.map(agentWords))].filter((words) => words !== "").join(", ");
}

function titleOf(name: string): string | undefined {
  shipped ??= agentCatalog();
  return shipped.of(name)?.title;
}
