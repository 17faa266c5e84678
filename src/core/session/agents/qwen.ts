import type { AgentProfile } from "../../model/agentProfile";

/** Qwen Code 0.24: submit, modes and resume as they were seen with the real program. */
export const qwen: AgentProfile = {
  name: "qwen",
  rules: "qwen",
  title: "Qwen Code",
  command: "qwen",
  model: { arguments: ["--model", "{model}"] },
  modes: {
    ask: { arguments: ["--approval-mode", "default"] },
    edits: { arguments: ["--approval-mode", "auto-edit"] },
    auto: { arguments: ["--approval-mode", "auto"] },
    plan: { arguments: ["--approval-mode", "plan"] },
  },
  resume: { arguments: ["--resume", "{id}"], from: "qwen .*--resume (\\S+)" },
  conversation: { given: { arguments: ["--session-id", "{id}"] }, files: "projects/*/chats/{id}.jsonl" },
  folder: { path: ".qwen" },
  submit: { pause_ms: 1000, keys: "\r" },
  // It cuts blanks off what it gets, but not this: a word joiner, which is not seen and has no width.
  literal: { "/": "\u2060", "!": "\u2060", "@": "", "#": "", exit: "\u2060", quit: "\u2060", ":q": "\u2060" },
  interrupt: "\x1b",
  clear: "\x15",
  quit: { text: "/quit" },
  version: { arguments: ["--version"], matches: "^(\\d\\S*)" },
  credentials: { env: ["OPENAI_API_KEY", "DASHSCOPE_API_KEY"], files: ["oauth_creds.json"] },
  install: "npm install -g @qwen-code/qwen-code",
};
