import type { AgentProfile } from "../../model/agentProfile";

/** Claude Code 2.1.330: submit, modes and resume as they were seen with the real program. */
export const claude: AgentProfile = {
  name: "claude",
  rules: "claude",
  title: "Claude Code",
  command: "claude",
  model: { arguments: ["--model", "{model}"] },
  modes: {
    ask: { arguments: ["--permission-mode", "manual"] },
    edits: { arguments: ["--permission-mode", "acceptEdits"] },
    auto: { arguments: ["--permission-mode", "auto"] },
    plan: { arguments: ["--permission-mode", "plan"] },
  },
  resume: { arguments: ["--resume", "{id}"], from: "claude .*--resume (\\S+)" },
  conversation: { given: { arguments: ["--session-id", "{id}"] }, files: "projects/*/{id}.jsonl" },
  folder: { path: ".claude", variable: "CLAUDE_CONFIG_DIR" },
  submit: { pause_ms: 500, keys: "\r" },
  newline: "\\\r",
  // It takes a long paste as one, whatever it begins with; from a short one it takes off the blanks.
  literal: {
    ...{ "/": "\n\n\n\n", "!": " ", "@": "", "#": "" },
    ...{ exit: "\n\n\n\n", quit: "\n\n\n\n", ":q": "\n\n\n\n" },
  },
  interrupt: "\x1b",
  clear: "\x15",
  quit: { text: "/exit" },
  version: { arguments: ["--version"], matches: "^(\\d\\S*) \\(Claude Code\\)" },
  credentials: {
    env: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
    files: [".credentials.json"],
  },
  install: "npm install -g @anthropic-ai/claude-code",
};
