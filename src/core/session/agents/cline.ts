import type { AgentProfile } from "../../model/agentProfile";

/** Cline 3.0.65: submit, modes and resume as they were seen with the real program. */
export const cline: AgentProfile = {
  name: "cline",
  title: "Cline",
  command: "cline",
  model: { arguments: ["--model", "{model}"] },
  modes: {
    ask: { arguments: ["--auto-approve", "false"] },
    plan: { arguments: ["--plan"] },
  },
  resume: { arguments: ["--id", "{id}"], from: "cline .*--id (\\S+)" },
  submit: { pause_ms: 1000, keys: "\r" },
  interrupt: "\x1b",
  clear: "\x15",
  quit: { keys: "\x03" },
  version: { arguments: ["--version"], matches: "(\\d+\\.\\d+\\.\\d+)" },
  credentials: { env: [], files: [".cline/data/settings/providers.json"] },
  install: "npm install -g cline",
};
