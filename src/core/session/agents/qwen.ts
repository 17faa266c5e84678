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
  literal: { "!": " ", "@": "", "#": "" },
  interrupt: "\x1b",
  clear: "\x15",
  quit: { text: "/quit" },
  version: { arguments: ["--version"], matches: "^(\\d\\S*)" },
  credentials: { env: ["OPENAI_API_KEY", "DASHSCOPE_API_KEY"], files: ["oauth_creds.json"] },
  install: "npm install -g @qwen-code/qwen-code",
};
