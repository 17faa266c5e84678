import type { AgentProfile } from "../../model/agentProfile";

const permissions = (bash: string, edit: string): string => JSON.stringify({ bash, edit, webfetch: bash });

/** OpenCode 1.18: submit, modes and resume as they were seen with the real program. */
export const opencode: AgentProfile = {
  name: "opencode",
  rules: "opencode",
  title: "OpenCode",
  command: "opencode",
  model: { arguments: ["--model", "{model}"] },
  modes: {
    ask: { env: { OPENCODE_PERMISSION: permissions("ask", "ask") } },
    edits: { env: { OPENCODE_PERMISSION: permissions("ask", "allow") } },
    plan: { arguments: ["--agent", "plan"] },
  },
  resume: { arguments: ["-s", "{id}"], from: "opencode .*-s (\\S+)" },
  folder: { path: ".local/share/opencode" },
  submit: { pause_ms: 500, keys: "\r" },
  // A word joiner, which is not seen and has no width, stays where blanks are cut off.
  literal: { "/": " ", "!": " ", "@": "", "#": "", exit: "\u2060", quit: "\u2060", ":q": "\u2060" },
  interrupt: "\x1b\x1b",
  clear: "\x15",
  quit: { text: "/exit" },
  version: { arguments: ["--version"], matches: "^(\\d\\S*)" },
  credentials: { env: [], files: ["auth.json"] },
  install: "npm install -g opencode-ai",
};
