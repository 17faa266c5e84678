import { describe, expect, it } from "vitest";
import type { RoleAgent } from "../../../src/core/model/plan";
import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { withAgent } from "../../../src/core/session/agentStart";
import type { RoleDecision } from "../../../src/core/ports/safety";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { environmentRules } from "../../../src/core/safety/environmentRules";

const policy = createDefaultPolicy();
const decide = (env: Readonly<Record<string, string>>, program?: string): RoleDecision =>
  policy.decideRole({ name: "builder", env, ...(program === undefined ? {} : { program }) }, { workspace: "/site" });
const variable = (text: string): RoleDecision => {
  const at = text.indexOf("=");
  return decide({ [text.slice(0, at)]: text.slice(at + 1) });
};

describe.each(environmentRules.map((rule) => [rule.id, rule] as const))("variables: %s", (id, rule) => {
  it("ask and are allowed as its examples say", () => {
    expect(rule.asks.length).toBeGreaterThanOrEqual(2);
    expect(rule.allows.length).toBeGreaterThanOrEqual(1);
    for (const text of rule.asks)
      expect([text, variable(text)]).toEqual([
        text,
        expect.objectContaining({ verdict: "ask", rule: `environment-${id}`, text }),
      ]);
    for (const text of rule.allows) expect([text, variable(text).verdict]).toEqual([text, "allow"]);
  });

  it("have a reason that follows a name in a sentence", () => {
    expect(rule.reason).toMatch(/^(?:which|whose|where|from which) [^.]+$/);
    for (const text of rule.asks) expect(variable(text).reason).toMatch(/^The role builder sets [\w%]+, .+\.$/);
  });
});

it("no two rules have one id, and no pattern takes a name that another rule has", () => {
  expect(new Set(environmentRules.map((rule) => rule.id)).size).toBe(environmentRules.length);
});

it.each([
  ["CI", "1"],
  ["NODE_ENV", "production"],
  ["DEBUG", "app:*"],
  ["LANG", "de_DE.UTF-8"],
  ["LC_ALL", "C"],
  ["TZ", "UTC"],
  ["PORT", "8080"],
  ["HOST", "0.0.0.0"],
  ["FORCE_COLOR", "1"],
  ["NO_COLOR", "1"],
  ["DATABASE_URL", "postgres://localhost/x"],
  ["RUST_LOG", "debug"],
  ["APP_GREETING", "$(rm -rf x)"],
  ["VITEST", "true"],
  ["AWS_PROFILE", "dev"],
  ["COMPOSE_PROJECT_NAME", "x"],
  ["API_TOKEN", "x"],
  ["TERM", "xterm-256color"],
  ["COLUMNS", "80"],
  ["LOG_LEVEL", "info"],
  ["VERSION", "1.2"],
])("%s=%s is no more than data", (name, value) => {
  expect(decide({ [name]: value })).toEqual({ verdict: "allow", reason: "", rule: "", text: "" });
});

describe("a program", () => {
  it.each(["python3", "node server.js", "psql -U me app", "npm run dev", "ssh host", "bash", "tail -f log.txt"])(
    "%s is allowed",
    (program) => expect(decide({}, program).verdict).toBe("allow"),
  );

  it.each(["sh -c 'rm -rf v1'", "true; rm -rf v1", 'sh -c "$CODE"', "r\u0085m x", "env sh -c 'git clean -fdx'"])(
    "%s is asked about",
    (program) => {
      expect(decide({}, program)).toMatchObject({ verdict: "ask", text: `program: ${program}` });
    },
  );
});

it("shows all that it asks about at once, and says why", () => {
  const decision = decide(
    { CI: "1", PROMPT_COMMAND: "rm -rf v1", PAGER: "sh -c 'git push -f'", LD_PRELOAD: "./x.so" },
    "sh -c 'rm -rf v2'",
  );
  expect(decision.text.split("\n")).toEqual([
    "program: sh -c 'rm -rf v2'",
    "PROMPT_COMMAND=rm -rf v1",
    "PAGER=sh -c 'git push -f'",
    "LD_PRELOAD=./x.so",
  ]);
  expect(decision.reason).toBe(
    'The program of the role builder: "rm -rf v2" deletes files or whole folders without asking. ' +
      'The role builder sets PROMPT_COMMAND, which a shell runs by itself: "rm -rf v1" deletes files or whole folders without asking. ' +
      "The role builder sets PAGER, which other programs run as a command, or take as its options: " +
      '"git push -f" overwrites or deletes branches or tags on the server. ' +
      "The role builder sets LD_PRELOAD, which loads code or tables into every program, or writes to a file.",
  );
});

it("takes well below a millisecond", () => {
  const env = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`VARIABLE_${index}`, "x".repeat(200)]));
  decide(env);
  const started = performance.now();
  for (let index = 0; index < 100; index++) decide(env);
  expect((performance.now() - started) / 100).toBeLessThan(5);
});

describe("the agent of a role", () => {
  const agent = (settings: Partial<RoleAgent>): RoleDecision =>
    policy.decideRole(
      // What starts it has an id that is another one each time.
      { name: "coder", env: {}, agent: { use: "claude", ...settings }, program: "claude --session-id 1234" },
      { workspace: "/site" },
    );

  it("starts without a question where it asks itself", () => {
    for (const mode of [undefined, "ask", "edits", "plan"] as const)
      expect(agent(mode === undefined ? {} : { mode }).verdict).toBe("allow");
    expect(agent({ model: "opus" }).verdict).toBe("allow");
  });

  it("needs a person's yes to decide by itself, and for arguments, whatever they are", () => {
    expect(agent({ mode: "auto" })).toMatchObject({
      verdict: "ask",
      rule: "agent-decides",
      text: "agent: claude, mode: auto",
      reason: "The role coder starts the agent claude and lets it decide by itself what it runs.",
    });
    expect(agent({ mode: "ask", arguments: ["--mcp-config", "a b.json"] })).toMatchObject({
      verdict: "ask",
      rule: "agent-arguments",
      text: "agent: claude, mode: ask, arguments: --mcp-config 'a b.json'",
    });
  });

  it("is not given what it may do, or another place for what it sends, by variables", () => {
    const env = { ANTHROPIC_BASE_URL: "https://example.org" };
    expect(policy.decideRole({ name: "coder", env, agent: { use: "claude" } }, { workspace: "/site" })).toMatchObject({
      verdict: "ask",
      text: "ANTHROPIC_BASE_URL=https://example.org",
    });
  });

  it.each([...agentCatalog().names])("%s starts in its own modes without a question about its profile", (use) => {
    for (const mode of ["ask", "edits", "plan"] as const) {
      if (agentCatalog().of(use)?.modes[mode] === undefined) continue;
      const role = withAgent({ name: "coder", env: {}, count: 1, agent: { use, mode } }, agentCatalog());
      expect(policy.decideRole(role, { workspace: "/site" })).toMatchObject({ verdict: "allow" });
    }
  });
});
