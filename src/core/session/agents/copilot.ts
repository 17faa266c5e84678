import type { AgentProfile } from "../../model/agentProfile";

/** Copilot CLI 1.0.102: submit, modes and resume as they were seen with the real program. */
export const copilot: AgentProfile = {
  name: "copilot",
  rules: "copilot",
  title: "Copilot CLI",
  command: "copilot",
  model: { arguments: ["--model", "{model}"] },
  modes: {
    ask: {},
    plan: { arguments: ["--plan"] },
  },
  resume: { arguments: ["--resume={id}"], from: "copilot --resume[= ](\\S+)" },
  conversation: { given: { arguments: ["--session-id", "{id}"] }, files: "session-state/{id}/events.jsonl" },
  folder: { path: ".copilot" },
  submit: { pause_ms: 1000, keys: "\r" },
  // It cuts blanks off what it gets, but not this: a word joiner, which is not seen and has no width.
  literal: { "/": "\u2060", "!": "\u2060", "@": "", "#": "", exit: "\u2060", quit: "\u2060" },
  interrupt: "\x1b\x1b",
  clear: "\x15",
  quit: { text: "/exit" },
  version: { arguments: ["--version"], matches: "(\\d+\\.\\d+\\.\\d+)" },
  credentials: { env: ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"], files: ["config.json"] },
  install: "npm install -g @github/copilot",
};
