import type { AgentCatalog, AgentProfile } from "../model/agentProfile";
import { claude } from "./agents/claude";
import { cline } from "./agents/cline";
import { codex } from "./agents/codex";
import { copilot } from "./agents/copilot";
import { gemini } from "./agents/gemini";
import { opencode } from "./agents/opencode";
import { qwen } from "./agents/qwen";

const shipped: readonly AgentProfile[] = [codex, claude, gemini, qwen, opencode, copilot, cline];

/** The agents that are shipped, and those of a person: one with the name of another takes its place. */
export function agentCatalog(own: readonly AgentProfile[] = []): AgentCatalog {
  const profiles = new Map([...shipped, ...own].map((profile) => [profile.name, profile]));
  return { names: [...profiles.keys()], of: (name) => profiles.get(name) };
}
