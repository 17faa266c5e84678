import type { AgentProfile } from "../../model/agentProfile";

/** Gemini CLI 0.61: submit, modes and resume as they were seen with the real program. */
export const gemini: AgentProfile = {
  name: "gemini",
  rules: "gemini",
  title: "Gemini CLI",
  command: "gemini",
  model: { arguments: ["--model", "{model}"] },
  modes: {
    ask: { arguments: ["--approval-mode", "default"] },
    edits: { arguments: ["--approval-mode", "auto_edit"] },
    plan: { arguments: ["--approval-mode", "plan"] },
  },
  resume: { arguments: ["--resume", "{id}"], from: "gemini --resume '?([0-9a-f-]+)" },
  conversation: { given: { arguments: ["--session-id", "{id}"] }, files: "tmp/*/chats/session-*-{id8}.jsonl" },
  folder: { path: ".gemini" },
  submit: { pause_ms: 1000, keys: "\r" },
  // It cuts blanks off what it gets, but not this: a word joiner, which is not seen and has no width.
  literal: { "/": "\u2060", "!": "\u2060", "@": "", "#": "" },
  interrupt: "\x1b",
  clear: "\x15",
  quit: { text: "/quit" },
  version: { arguments: ["--version"], matches: "^(\\d\\S*)" },
  credentials: { env: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], files: ["oauth_creds.json"] },
  install: "npm install -g @google/gemini-cli",
};
