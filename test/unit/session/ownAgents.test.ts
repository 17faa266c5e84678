import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { agentFileJsonSchema, agentFileSchema } from "../../../src/core/model/agentFileSchema";
import type { AgentProfile } from "../../../src/core/model/agentProfile";
import { linePatternProblem } from "../../../src/core/model/linePattern";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { withAgent } from "../../../src/core/session/agentStart";
import { OwnAgentCatalog } from "../../../src/core/session/ownAgentCatalog";
import { ownAgents } from "../../../src/core/session/ownAgents";

const shipped = agentCatalog();

function read(...texts: string[]) {
  return ownAgents(
    texts.map((text, index) => ({ file: `${index}.yaml`, text })),
    shipped,
  );
}

function profileOf(text: string): AgentProfile {
  const [file] = read(text);
  if (!file?.profile) throw file?.error ?? new Error("nothing was read");
  return file.profile;
}

describe("the agents that are shipped", () => {
  const profiles = shipped.names.flatMap((name) => shipped.of(name) ?? []);

  it("are those of the plan's documentation", () => {
    expect(shipped.names).toEqual(["codex", "claude", "gemini", "qwen", "opencode", "copilot", "cline"]);
  });

  it.each(profiles.map((profile) => [profile.name, profile] as const))(
    "%s is what a file could say",
    (_name, profile) => {
      expect(agentFileSchema.safeParse(profile).error?.issues).toBeUndefined();
      const { resume, conversation, version } = profile;
      const patterns = [resume?.from, conversation?.id, conversation?.cwd, conversation?.began, version.matches];
      for (const pattern of patterns.filter((each) => each !== undefined))
        expect(linePatternProblem(pattern), pattern).toBeUndefined();
    },
  );

  it.each(profiles.map(({ name, rules }) => [name, rules]))("%s has rules for its screens: %s", (_name, rules) => {
    expect(shippedCatalog.shipped.map(({ program }) => program)).toContain(rules);
  });
});

describe("a file with an agent of one's own", () => {
  it("adds to a shipped agent, and is sensed by its rules", () => {
    const own = profileOf(`
name: mycodex
extends: codex
command: /opt/codex
arguments: [-c, 'model="o3"']
env: { CODEX_HOME: /data/codex }
modes: { auto: { arguments: [-a, never] } }
`);
    expect(own).toMatchObject({
      name: "mycodex",
      title: "Codex (mycodex)",
      rules: "codex",
      submit: shipped.of("codex")?.submit,
      resume: shipped.of("codex")?.resume,
    });
    const role = { name: "coder", env: {}, count: 1, agent: { use: "mycodex", mode: "auto" as const } };
    expect(withAgent(role, agentCatalog([own]))).toMatchObject({
      program: `/opt/codex -c 'model="o3"' -a never`,
      env: { CODEX_HOME: "/data/codex" },
    });
    expect(Object.keys(own.modes)).toEqual([...Object.keys(shipped.of("codex")?.modes ?? {}), "auto"]);
  });

  it("takes the place of a shipped agent of its name", () => {
    const own = profileOf("name: codex\nextends: codex\ncommand: /opt/codex --no-daemon\n");
    const catalog = agentCatalog([own]);
    expect(catalog.names).toEqual(shipped.names);
    expect(catalog.of("codex")).toMatchObject({ command: "/opt/codex --no-daemon", rules: "codex" });
  });

  it("is a whole agent by its name alone", () => {
    expect(profileOf("name: pi\n")).toMatchObject({
      title: "pi",
      command: "pi",
      rules: "pi",
      submit: { pause_ms: 1000, keys: "\r" },
      quit: { keys: "\x03" },
    });
    expect(
      profileOf('name: pi\nsubmit: { pause_ms: 50 }\nquit: { text: /bye }\ninterrupt: "\\x1b\\x1b"\n'),
    ).toMatchObject({
      submit: { pause_ms: 50, keys: "\r" },
      quit: { text: "/bye" },
      interrupt: "\x1b\x1b",
    });
  });

  it("is told with line and column where something is wrong, and takes no other down", () => {
    const [broken, right] = read(
      'name: mine\nextends: codx\ncomand: x\nresume: { arguments: [resume], from: "(a" }\nsubmit: { pause_ms: -1 }\n',
      "name: pi\n",
    );
    expect(right?.profile?.name).toBe("pi");
    expect(broken?.error?.message).toBe(
      'The agent in 0.yaml is not used: line 3, column 1: unknown key "comand"; did you mean "command"?; line 4, column 38: resume.from: must be a regular expression: Unterminated group; line 5, column 21: submit.pause_ms: must not be negative.',
    );
    expect(broken?.error?.remedy).toEqual({ kind: "correct_rules", file: "0.yaml", line: 3, column: 1 });
    expect(read("name: mine\nextends: codx\n")[0]?.error?.message).toBe(
      'The agent in 0.yaml is not used: line 2, column 10: extends: no agent "codx" is shipped; did you mean "codex"?',
    );
  });

  it.each([
    ["", "the file is empty"],
    ["name: a\n---\nname: b\n", "a file has one agent; a second YAML document begins here"],
    ["name: [a\n", "line 2, column 1"],
    [`name: a\ntitle: ${"x".repeat(10_000)}\n`, "the file is too large; it may have 10000 characters"],
    ["name: -rf\n", "must be 1 to 48 letters"],
    ["title: x\n", '"name" is missing'],
  ])("is not used as %j", (text, message) => {
    expect(read(text)[0]?.error?.message).toContain(message);
  });

  it("is the only one of its name", () => {
    expect(read("name: pi\n", "name: pi\n")[1]?.error?.message).toContain("name: the agent pi is in 0.yaml already");
  });

  it("is told once until it changes", async () => {
    const told: string[] = [];
    let text = "nme: pi\n";
    const own = new OwnAgentCatalog(
      () =>
        Promise.resolve([
          { file: "a.yaml", text },
          { file: "b.yaml", unreadable: "EACCES" },
        ]),
      ({ file }) => told.push(file),
    );
    expect((await own.catalog()).names).toEqual(shipped.names);
    await own.catalog();
    expect(told).toEqual(["a.yaml", "b.yaml"]);
    text = "name: pi\n";
    expect((await own.catalog()).names).toContain("pi");
    text = "nme: pi\n";
    await own.catalog();
    expect(told).toEqual(["a.yaml", "b.yaml", "a.yaml"]);
  });
});

describe("the schema of such a file", () => {
  it("is what media/agent-profile.schema.json holds", async () => {
    await expect(
      `${JSON.stringify(agentFileJsonSchema(), null, 2)}\n`,
      "media/agent-profile.schema.json is not of this version of the schema. Run: npm run schema",
    ).toMatchFileSnapshot("../../../media/agent-profile.schema.json");
  });

  it("is known to editors", () => {
    const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
      contributes: { yamlValidation: { fileMatch: string; url: string }[] };
    };
    expect(contributes.yamlValidation).toContainEqual({
      fileMatch: "**/wsh-orchestrator/agents/*.{yaml,yml}",
      url: "./media/agent-profile.schema.json",
    });
  });
});
