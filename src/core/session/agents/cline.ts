import type { AgentProfile } from "../../model/agentProfile";

/** Cline 3.0.65: submit, modes and resume as they were seen with the real program. */
export const cline: AgentProfile = {
  name: "cline",
  rules: "cline",
  title: "Cline",
  command: "cline",
  model: { arguments: ["--model", "{model}"] },
  modes: {
    ask: { arguments: ["--auto-approve", "false"] },
    plan: { arguments: ["--plan"] },
  },
  resume: { arguments: ["--id", "{id}"], from: "cline .*--id (\\S+)" },
  conversation: {
    files: "sessions/*/*.json",
    id: "/([0-9]+_[A-Za-z0-9]+)[.]json$",
    cwd: '"cwd": "([^"]+)"',
    began: '"started_at": "([^"]+)"',
  },
  folder: { path: ".cline/data" },
  submit: { pause_ms: 1000, keys: "\r" },
  // It cuts blanks off what it gets, but not this: a word joiner, which is not seen and has no width.
  literal: { "/": "\u2060", "!": "\u2060", "@": "", "#": "" },
  interrupt: "\x1b",
  clear: "\x15",
  quit: { keys: "\x03" },
  version: { arguments: ["--version"], matches: "(\\d+\\.\\d+\\.\\d+)" },
  credentials: { env: [], files: ["settings/providers.json"] },
  install: "npm install -g cline",
};
