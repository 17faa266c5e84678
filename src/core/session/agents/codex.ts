import type { AgentProfile } from "../../model/agentProfile";

/** Codex 0.169: submit, modes and resume as they were seen with the real program. */
export const codex: AgentProfile = {
  name: "codex",
  rules: "codex",
  title: "Codex",
  // Without it each home gets a process in the background, which goes on when the session is over.
  command: "codex --no-daemon",
  model: { arguments: ["-m", "{model}"] },
  modes: {
    ask: { arguments: ["-s", "read-only"] },
    edits: {},
  },
  resume: { arguments: ["resume", "{id}"], from: "codex resume (\\S+)" },
  conversation: {
    files: "sessions/*/*/*/rollout-*.jsonl",
    id: "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[.]jsonl$",
    cwd: '"cwd":"([^"]+)"',
    began: '"payload":[{].*"timestamp":"([^"]+)","cwd"',
  },
  folder: { path: ".codex", variable: "CODEX_HOME" },
  submit: { pause_ms: 500, keys: "\r" },
  newline: "\n",
  literal: { "/": " ", "!": " ", "@": "", "#": "" },
  interrupt: "\x1b",
  clear: "\x15",
  quit: { text: "/quit" },
  version: { arguments: ["--version"], matches: "codex-cli (\\S+)" },
  credentials: { env: ["OPENAI_API_KEY", "CODEX_API_KEY"], files: ["auth.json"] },
  install: "npm install -g @openai/codex",
};
