import type { PolicyRule } from "./policyRule";

/** Coding agents that are told to ask nobody: what they run then has passed no person and no policy. */
export const agentRules: readonly PolicyRule[] = [
  {
    id: "agent-without-asking",
    calls: {
      codex: `
        ** --dangerously-bypass-approvals-and-sandbox|--yolo|--full-auto, ** danger-full-access,
        ** --sandbox=danger-full-access|-sdanger-full-access, ** never -a|--ask-for-approval,
        ** --ask-for-approval=never|-anever`,
      claude: `
        ** --dangerously-skip-permissions|--allow-dangerously-skip-permissions,
        ** bypassPermissions|auto|dontAsk --permission-mode,
        ** --permission-mode=bypassPermissions|--permission-mode=auto|--permission-mode=dontAsk`,
      "gemini qwen": `
        ** -y|--yolo, ** yolo|auto --approval-mode, ** --approval-mode=yolo|--approval-mode=auto`,
      copilot: "** --allow-all-tools|--allow-all|--yolo",
      cline: "** -y|--yolo, ** true --auto-approve, ** --auto-approve=true",
      opencode: "** --dangerously-skip-permissions|--yolo",
      aider: "** --yes-always|--yes",
    },
    reason: "lets a coding agent run commands without asking",
    match: [
      "codex --yolo",
      "codex exec --dangerously-bypass-approvals-and-sandbox 'fix it'",
      "codex -a never -s danger-full-access",
      "claude --dangerously-skip-permissions",
      "claude --permission-mode bypassPermissions",
      "claude --permission-mode=auto",
      "gemini --yolo",
      "gemini -y",
      "qwen --approval-mode yolo",
      "copilot --allow-all-tools",
      "cline --auto-approve true",
      "opencode --dangerously-skip-permissions",
      "aider --yes-always",
      "npx codex --full-auto",
    ],
    not_match: [
      "codex",
      "codex -s read-only",
      "claude --permission-mode plan",
      "claude --permission-mode acceptEdits",
      "gemini --approval-mode default",
      "qwen --approval-mode auto-edit",
      "copilot --model gpt-5",
      "cline --auto-approve false",
      "claude -p 'set the pager to auto'",
    ],
  },
];
