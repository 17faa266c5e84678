import { describe, expect, it } from "vitest";
import type { SessionContext } from "../../../src/core/model/session";
import type { PlanRole } from "../../../src/core/model/plan";
import { type AgentMachine, type ConversationFile, startedWord } from "../../../src/core/ports/agents";
import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { AgentSessions } from "../../../src/core/session/agentSessions";
import { withAgent } from "../../../src/core/session/agentStart";

const agents = agentCatalog();
const given = "c0ffee00-1111-4222-8333-444444444444";

function role(use: string, more: Partial<PlanRole["agent"]> = {}): PlanRole {
  return withAgent({ name: "coder", env: {}, count: 1, agent: { use, ...more } }, agents);
}

/** What is asked of the machine is kept in `asked`. */
function sessions(files: readonly ConversationFile[] = [], { programs = ["/bin/codex"], env = {} } = {}) {
  const asked: string[] = [];
  const machine: AgentMachine = {
    programFile: (word, path) => {
      asked.push(`${word} in ${path}`);
      return Promise.resolve(programs.find((each) => each.endsWith(`/${word}`)));
    },
    conversationFiles: (folder, pattern) => {
      asked.push(`${folder} ${pattern}`);
      return Promise.resolve(files);
    },
  };
  const made = new AgentSessions(
    { agents, agentMachine: machine },
    {
      ids: { next: () => "id", secret: (bytes) => "c0ffee0011112222f333444444444444".slice(0, bytes * 2) },
      folders: { resolve: (base, path) => `${base}/${path}`, isSame: (one, other) => Promise.resolve(one === other) },
      environment: { variables: { HOME: "/home/me", PATH: "/bin", ...env }, whole: true, fingerprints: {} },
    },
  );
  return { made, asked };
}

function session(more: Partial<SessionContext>): SessionContext {
  return { session_name: "proj-a::coder::1", role: "coder", cwd: "/site", ...more } as SessionContext;
}

describe("the start of an agent's session", () => {
  it("gives a conversation its id where the agent takes one, in front of its other arguments", () => {
    const { made } = sessions();
    const claude = role("claude", { mode: "ask", model: "opus", arguments: ["--verbose"] });
    const conversation = made.newConversation(claude);
    expect(conversation).toEqual({ id: "c0ffee00-1111-4222-b333-444444444444", how: "given" });
    expect(made.started(claude, conversation).program).toBe(
      "claude --session-id c0ffee00-1111-4222-b333-444444444444 --model opus --permission-mode manual --verbose",
    );
    expect(made.newConversation(role("codex"))).toBeUndefined();
    expect(made.started(role("codex"), undefined).program).toBe("codex --no-daemon");
  });

  it.each([
    ["codex", "codex --no-daemon resume ID -m gpt -s read-only -c 'a=\"b c\"'"],
    ["claude", "claude --resume ID --model gpt --permission-mode manual -c 'a=\"b c\"'"],
    ["gemini", "gemini --resume ID --model gpt --approval-mode default -c 'a=\"b c\"'"],
    ["qwen", "qwen --resume ID --model gpt --approval-mode default -c 'a=\"b c\"'"],
    ["copilot", "copilot --resume=ID --model gpt -c 'a=\"b c\"'"],
    ["opencode", "opencode -s ID --model gpt -c 'a=\"b c\"'"],
  ])("continues a conversation of %s with all that its role asks for", (use, program) => {
    const { made } = sessions();
    const asks = role(use, { mode: "ask", model: "gpt", arguments: ["-c", 'a="b c"'] });
    expect(made.started(asks, { id: "ID", how: "resumed" }).program).toBe(program);
  });

  it("says what is not installed, and how it is", async () => {
    const { made, asked } = sessions([], { programs: ["/bin/codex"] });
    await expect(made.requireInstalled(role("codex"), "proj-a::coder::1", "/site")).resolves.toBeUndefined();
    await expect(made.requireInstalled(role("claude"), "proj-a::coder::1", "/site")).rejects.toMatchObject({
      code: "session_not_ready",
      message: "Claude Code is not installed: coder::1 finds no program claude on its PATH.",
      remedy: { kind: "install_agent", title: "Claude Code", install: "npm install -g @anthropic-ai/claude-code" },
    });
    expect(asked).toEqual(["codex in /bin", "claude in /bin"]);
  });

  it("looks on the role's own PATH, and says nothing of one that only a shell knows", async () => {
    const { made, asked } = sessions([], { programs: [] });
    const own = (PATH: string): PlanRole => ({ ...role("codex"), env: { PATH } });
    await expect(made.requireInstalled(own("/opt/bin"), "proj-a::coder::1", "/site")).rejects.toThrow("not installed");
    await expect(made.requireInstalled(own("/opt/bin:$PATH"), "proj-a::coder::1", "/site")).resolves.toBeUndefined();
    expect(asked).toEqual(["codex in /opt/bin"]);
  });

  it.each([
    ["codex --no-daemon", "codex"],
    ["/opt/codex", "/opt/codex"],
    ["NO_COLOR=1 codex", "codex"],
    ["~/bin/codex", undefined],
    ["$HOME/bin/codex", undefined],
    ["'/opt/my codex'", undefined],
    ["", undefined],
  ])("knows which word of %j is looked for", (command, word) => {
    expect(startedWord(command)).toBe(word);
  });
});

describe("the conversation of an agent's session", () => {
  const codexFile = (id: string, { cwd = "/site", at = "2026-11-30T18:06:37.317Z" } = {}): ConversationFile => ({
    path: `sessions/2026/11/30/rollout-2026-11-30T18-06-37-${id}.jsonl`,
    beginning: `{"timestamp":"2026-11-30T18:06:50.929Z","ordinal":0,"type":"session_meta","payload":{"account_scoped":true,"session_id":"${id}","id":"${id}","timestamp":"${at}","cwd":${JSON.stringify(cwd)},"originator":"codex-tui"}} {"x":1}`,
  });
  const one = "01a22da3-28c2-7bf3-8bf6-c4da63960c47";
  const other = "01a22da3-28c2-7bf3-8bf6-c4da63960c48";
  const codex = session({ started_at: "2026-11-30T18:06:36.000Z" });

  it("is the one that it was started with, once something was said in it", async () => {
    const known = session({ conversation: given });
    const { made, asked } = sessions([{ path: "projects/x/y.jsonl", beginning: "" }]);
    await expect(made.conversationOf(known, role("claude"))).resolves.toEqual({ id: given });
    await expect(made.conversationOf(known, role("gemini"))).resolves.toEqual({ id: given });
    expect(asked).toEqual([
      `/home/me/.claude projects/*/${given}.jsonl`,
      "/home/me/.gemini tmp/*/chats/session-*-c0ffee00.jsonl",
    ]);
    await expect(sessions().made.conversationOf(known, role("claude"))).resolves.toEqual({
      unknown: "nothing was said in it yet",
    });
  });

  it("is looked for where the agent's own variable says", async () => {
    const { made, asked } = sessions([], { env: { CODEX_HOME: "/data/codex" } });
    await made.conversationOf(codex, role("codex"));
    expect(asked).toEqual(["/data/codex sessions/*/*/*/rollout-*.jsonl"]);
  });

  it("is the only one that was begun in its folder since it started", async () => {
    const found = sessions([
      codexFile(one),
      codexFile(other, { cwd: "/elsewhere" }),
      codexFile(other, { at: "2026-11-30T17:59:00.000Z" }),
    ]);
    await expect(found.made.conversationOf(codex, role("codex"))).resolves.toEqual({ id: one });
  });

  it("is not guessed where there are several", async () => {
    const { made } = sessions([codexFile(one), codexFile(other, { at: "2026-11-30T18:09:00.000Z" })]);
    await expect(made.conversationOf(codex, role("codex"))).resolves.toEqual({
      unknown: "2 conversations were begun in its folder since it started",
    });
  });

  it("is never a word that a file made up", async () => {
    const spoilt = { ...codexFile(one), path: "sessions/2026/11/30/rollout-$(touch x).jsonl" };
    await expect(sessions([spoilt]).made.conversationOf(codex, role("codex"))).resolves.toEqual({
      unknown: "nothing was said in it yet",
    });
  });

  it("is not known of an agent that keeps nothing readable", async () => {
    await expect(sessions().made.conversationOf(codex, role("opencode"))).resolves.toEqual({
      unknown: "OpenCode does not tell which one it was",
    });
  });

  it.each([
    ["codex", ["Token usage: total=1,860", "To continue this session, run:", `codex resume ${one}`], one],
    ["claude", ["Resume this session with:", `claude --permission-mode manual --resume ${given}`], given],
    ["gemini", [`│  To resume this session: gemini --resume ${given}              │`], given],
    ["qwen", ["To continue this session, run", `qwen --resume ${given}`], given],
    ["copilot", ["█ ▘▝ █  Tokens  ↑ 1.8k • ↓ 60", ` ▔▔▔▔    Resume     copilot --resume=${given}`], given],
    [
      "opencode",
      ["Session   Test session", "Continue  opencode -s ses_dd259bbf4ffe0VhEDHojBSqh75"],
      "ses_dd259bbf4ffe0VhEDHojBSqh75",
    ],
    ["cline", ["Cost      $0.00", "Continue  cline --id 1796062219985_szyz0"], "1796062219985_szyz0"],
  ])("is what %s printed at its end", (use, last_lines, id) => {
    const { made } = sessions();
    expect(made.printed(role(use), { exit_code: 0, last_lines })).toBe(id);
    // The words of a model on the screen of one that was killed look the same.
    expect(made.printed(role(use), { exit_code: 137, last_lines })).toBeUndefined();
    expect(made.printed(role(use), { exit_code: null, last_lines })).toBeUndefined();
  });

  it("is never a printed text that is no id", () => {
    expect(
      sessions().made.printed(role("codex"), { exit_code: 0, last_lines: ["codex resume $(id)"] }),
    ).toBeUndefined();
    expect(
      sessions().made.printed(role("codex"), { exit_code: 0, last_lines: ["codex resume --last"] }),
    ).toBeUndefined();
  });
});
