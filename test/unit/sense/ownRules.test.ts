import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { ProgramRules } from "../../../src/core/sense/programRules";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { mostProblems } from "../../../src/core/model/planError";
import type { RulesError } from "../../../src/core/model/rulesError";
import { OwnCatalog } from "../../../src/core/sense/ownCatalog";
import { checkRules } from "../../../src/core/sense/checkRules";
import { ownRules } from "../../../src/core/sense/ownRules";
import { rulesHere } from "../../../src/core/sense/rulesHere";
import { RuleCatalog, senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";
import { recordings } from "../../support/recordedScreens";

const deploy = `program: deploy
role: tool
regions:
  last: { bottom: 1 }
rules:
  - name: stage
    state: waiting
    kind: confirm
    when:
      - { in: last, matches: '(?i)^type the name of the stage' }
examples:
  - screen: |
      Deploying 3 services
      Type the name of the stage to go on:
    expect: { state: waiting, kind: confirm, rule: stage }
`;

function shown(started: string, ...lines: string[]): TerminalFacts {
  const cursor = { row: lines.length - 1, col: lines.at(-1)?.length ?? 0, visible: true };
  return { lines, cols: 80, cursor, alternate: false, started };
}

/** The catalog with these files, by name. */
function withFiles(files: Readonly<Record<string, string>>): { catalog: RuleCatalog; errors: RulesError[] } {
  const catalog = new RuleCatalog(shippedCatalog.shipped, shippedCatalog.anyAgent);
  const texts = Object.entries(files).map(([file, text]) => ({ file, text }));
  // As what comes from another thread.
  const read = ownRules(structuredClone(checkRules(texts, catalog)), catalog);
  catalog.useOwn(read.flatMap(({ program }) => (program ? [program] : [])));
  return { catalog, errors: read.flatMap(({ error }) => (error ? [error] : [])) };
}

function problems(text: string): string[] {
  const { errors } = withFiles({ "f.yaml": text });
  return (errors[0]?.problems ?? []).map(
    ({ line, column, place, message }) => `${line}:${column} ${place === "" ? "" : `${place}: `}${message}`,
  );
}

describe("a person's own rules", () => {
  const stage = shown("deploy", "Type the name of the stage to go on:");

  it("tell what a program asks that nothing was known of", () => {
    const { catalog, errors } = withFiles({ "deploy.yaml": deploy });
    expect(errors).toEqual([]);
    expect(senseTerminal(stage, catalog)).toMatchObject({
      state: "waiting",
      kind: "confirm",
      confidence: "high",
      program: { name: "deploy" },
      evidence: [{ signal: "screen", rule: "deploy/stage", lines: ["Type the name of the stage to go on:"] }],
    });
    expect(catalog.writtenAt("deploy/stage")).toEqual({ file: "deploy.yaml", line: 6 });
    expect(catalog.writtenAt("claude/permission")).toBeUndefined();
  });

  it("say how what is asked is answered", () => {
    const [before, after] = deploy.split("    when:\n");
    const answer = "    answer: line\n    choices: [staging, production]\n    secret: false\n    when:\n";
    const { catalog, errors } = withFiles({ "deploy.yaml": [before, after].join(answer) });
    expect(errors).toEqual([]);
    const asked = { form: "line", choices: ["staging", "production"], secret: false };
    expect(catalog.askedBy("deploy/stage", stage)).toMatchObject(asked);
    expect(withFiles({ "deploy.yaml": deploy }).catalog.askedBy("deploy/stage", stage)?.form).toBeUndefined();
  });

  it("replace what is shipped for a program", () => {
    const text = "program: claude\nrole: agent\nrules:\n  - {name: all, state: idle, when: [{in: screen}]}\n";
    const { catalog, errors } = withFiles({ "claude.yaml": text });
    expect(errors).toEqual([]);
    for (const { facts } of recordings("claude"))
      expect(senseTerminal(facts, catalog).evidence.map(({ rule }) => rule)).not.toContain("claude/permission");
    expect(catalog.programs.filter(({ program }) => program === "claude")).toHaveLength(1);
  });

  it("replace one rule of what is shipped, add another, and leave the others", () => {
    const text = `program: claude
extends: shipped
rules:
  - { name: permission, state: waiting, kind: question, priority: 90, when: [{ in: dialog, matches: '^Do you want to ' }], unless: [{ in: composer }] }
  - { name: mine, state: idle, priority: 999, when: [{ in: screen, matches: '^MY OWN' }] }
`;
    const { catalog, errors } = withFiles({ "claude.yaml": text });
    expect(errors).toEqual([]);
    const counts = { replaced: 0, others: 0 };
    for (const { facts } of recordings("claude")) {
      const before = senseTerminal(facts, shippedCatalog);
      const now = senseTerminal(facts, catalog);
      if (before.evidence[0]?.rule === "claude/permission") {
        expect(now).toMatchObject({ state: "waiting", kind: "question" });
        counts.replaced++;
      } else {
        expect(now.state).toBe(before.state);
        counts.others++;
      }
    }
    expect(counts.replaced).toBeGreaterThan(0);
    expect(counts.others).toBeGreaterThan(10);
    expect(senseTerminal(shown("claude", "MY OWN line"), catalog).evidence[0]?.rule).toBe("claude/mine");
  });

  it("leave how a shipped program's input and transcript are read", () => {
    const names = shippedCatalog.programs.filter(({ composer }) => composer).map(({ program }) => program);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const { catalog, errors } = withFiles({ [`${name}.yaml`]: `program: ${name}\nextends: shipped\nrules: []\n` });
      expect(errors).toEqual([]);
      const { own, ...read } = catalog.named(name) ?? {};
      expect(own).toBeDefined();
      expect(read).toEqual(expect.objectContaining(withoutRules(shippedCatalog.named(name))));
    }
  });

  it("leave every recorded screen of other programs as it is", () => {
    const { catalog } = withFiles({ "deploy.yaml": deploy });
    for (const tool of ["claude", "codex", "gemini", "non-agent"])
      for (const { facts } of recordings(tool))
        expect(senseTerminal(facts, catalog)).toEqual(senseTerminal(facts, shippedCatalog));
  });

  it("tell when a limit ends and which version it is, by a group", () => {
    const text = `program: helper
role: agent
recorded: ['1.0.0']
version: { in: screen, matches: 'helper v(\\d+\\.\\d+\\.\\d+)' }
rules:
  - { name: rate, state: limited, kind: rate, when: [{ in: screen, matches: '^Limit' }], until: { in: screen, matches: 'until (.+?)\\.?$' } }
`;
    const { catalog, errors } = withFiles({ "helper.yaml": text });
    expect(errors).toEqual([]);
    expect(senseTerminal(shown("helper", "helper v2.0.1", "Limit reached until 3:40 pm."), catalog)).toMatchObject({
      state: "limited",
      confidence: "medium",
      program: { name: "helper", version: "2.0.1" },
      until: "3:40 pm",
    });
  });
});

describe("a file of rules with something wrong", () => {
  it("says each thing with its place, in the order of the text", () => {
    expect(
      problems(`program: deploy
role: tol
regions:
  last: { botom: 1 }
rules:
  - name: stage
    state: waiting
    kind: rate
    wehn: [{ in: screen }]
    when: [{ in: screen, matches: '(a' }]
  - { name: stage, state: exited, when: [] }
`),
    ).toEqual([
      expect.stringMatching(/^2:7 role: must be one of agent, .*; did you mean "tool"\?$/) as string,
      '4:11 regions.last: unknown key "botom"; did you mean "bottom"?',
      '8:11 rule "stage": kind: must be one of permission, question, plan, trust, login, password, confirm in the state waiting',
      '9:5 rule "stage": unknown key "wehn"; did you mean "when"?',
      expect.stringMatching(
        /^10:35 rule "stage": when\[0\]\.matches: must be a regular expression: Unterminated group/,
      ) as string,
      '11:13 rules[1].name: there are two rules "stage"',
      expect.stringMatching(/^11:27 rule "stage": state: must be one of starting, working/) as string,
      '11:41 rule "stage": when: must have a condition',
    ]);
  });

  it.each([
    ["", "1:1 the file is empty"],
    ["- a\n", "1:1 the file must be a map (key: value), not a list"],
    ["program: x\nrole: tool\n", '1:1 "rules" is missing'],
    ["program: x\nrules: []\n", '1:1 "role" is missing; a program whose shipped rules are extended needs none'],
    [
      "program: claud\nextends: shipped\nrules: []\n",
      '1:10 program: no rules are shipped for "claud"; did you mean "claude"?',
    ],
    [
      "program: x\nrole: tool\nrules:\n  - {name: a, state: idle, when: [{in: scren}]}\n",
      '4:40 rule "a": when[0].in: there is no region "scren"; did you mean "screen"?',
    ],
    [
      "program: x\nrole: tool\nrules:\n  - {name: a, state: idle, when: [{in: screen, matches: '(?=a)'}]}\n",
      '4:57 rule "a": when[0].matches: must not look ahead or behind, or set flags: (?…) is only for groups, as (?:a|b)',
    ],
    ["program: x\nprogram: y\nrole: tool\nrules: []\n", "2:1 this key appears twice"],
    ["program: x\nrole: tool\nrules: [\n", '4:1 not valid YAML: a list is not closed; its "]" is missing'],
    [
      "program: x\nrole: tool\nrules: []\n---\nprogram: y\n",
      "4:1 a file has the rules of one program; a second YAML document begins here",
    ],
  ])("says what is wrong with %j", (text, wanted) => {
    expect(problems(text)[0]).toEqual(wanted);
  });

  it("is not used when an example shows something else, and says what was found", () => {
    const wrong = deploy.replace("expect: { state: waiting, kind: confirm, rule: stage }", "expect: { state: idle }");
    const { catalog, errors } = withFiles({ "deploy.yaml": wrong });
    expect(errors[0]).toMatchObject({
      code: "rules_invalid",
      message:
        "The rules in deploy.yaml are not used: line 15, column 13: examples[0].expect: must be idle, but waiting (confirm) " +
        'is found by the rule deploy/stage, in "Type the name of the stage to go on:".',
      remedy: { kind: "correct_rules", file: "deploy.yaml", line: 15, column: expect.any(Number) as number },
    });
    expect(catalog.named("deploy")).toBeUndefined();
  });

  it("takes no other file down", () => {
    const { catalog, errors } = withFiles({
      "a.yaml": "program: [",
      "b.yaml": deploy,
      "c.yaml": deploy,
      "d.yaml": `a: ${"[".repeat(50_000)}`,
      "e.yaml": "a".repeat(300_000),
    });
    expect(errors.map(({ file }) => file)).toEqual(["a.yaml", "c.yaml", "d.yaml", "e.yaml"]);
    expect(errors[1]?.message).toContain("the rules of deploy are in b.yaml already");
    expect(catalog.named("deploy")).toBeDefined();
  });
});

describe("patterns that take too long", () => {
  const slow = `program: slow
role: tool
regions: { all: { bottom: 200 } }
rules:
  - name: hang
    state: waiting
    kind: confirm
    when: [{ in: all, matches: '(?:a?b?c?d?e?){30}X' }]
`;
  const big = shown("slow", ...Array<string>(40).fill("abcde".repeat(40)));

  it("are switched off with their file, told once, and no other rule with them", async () => {
    const told: RulesError[] = [];
    const own = new OwnCatalog(
      () =>
        Promise.resolve([
          { file: "deploy.yaml", text: deploy },
          { file: "slow.yaml", text: slow },
        ]),
      rulesHere,
      (error) => told.push(error),
    );
    const catalog = await own.catalog();
    expect(told).toEqual([]);
    for (let look = 0; look < 3; look++) expect(senseTerminal(big, catalog).state).toBe("unclear");
    expect(told.map(({ message, remedy }) => [message, remedy])).toEqual([
      [
        "The rules in slow.yaml are switched off: line 8, column 1: the pattern (?:a?b?c?d?e?){30}X took too long on one " +
          "screen; make it shorter, or look at fewer lines.",
        { kind: "correct_rules", file: "slow.yaml", line: 8, column: 1 },
      ],
    ]);
    expect(catalog.named("slow")).toBeUndefined();
    expect(catalog.named("deploy")).toBeDefined();
  });

  it("never hang where JavaScript would", () => {
    const { catalog, errors } = withFiles({
      "slow.yaml": slow.replace("(?:a?b?c?d?e?){30}X", "^(a+)+$"),
    });
    expect(errors).toEqual([]);
    expect(senseTerminal(shown("slow", `${"a".repeat(5000)}!`), catalog).state).toBe("unclear");
    expect(senseTerminal(shown("slow", "a".repeat(500)), catalog).state).toBe("waiting");
    expect(catalog.named("slow")?.own?.budget.spent).toBeLessThan(20_000);
  });
});

describe("the file in the README", () => {
  it("is used, and its example shows what it expects", () => {
    const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
    const text = /```yaml\n(# deploy\.yaml\n.*?)```/s.exec(readme)?.[1] ?? "";
    expect(problems(text)).toEqual([]);
    expect(withFiles({ "deploy.yaml": text }).catalog.named("deploy")?.rules).toHaveLength(1);
  });
});

describe("a file that is no file of rules", () => {
  it.each([
    ["quotes", '"'.repeat(20_000)],
    ["lists that are closed and never begun", "a: ]\n".repeat(4_000)],
    ["lists in lists", `x: ${"[".repeat(5_000)}${"]".repeat(5_000)}\n`],
    ["a million aliases", `a: &a [x]\n${"b: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n".repeat(1_000)}`],
  ])("has a bounded number of problems: %s", (_what, text) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(mostProblems);
  });

  it("may not have patterns that are large together", () => {
    const when = Array.from({ length: 200 }, () => "      - { in: screen, matches: '.{0,190}x' }").join("\n");
    const rules = `program: big\nrole: tool\nrules:\n  - name: one\n    state: working\n    when:\n${when}\n`;
    expect(problems(rules)).toEqual([expect.stringContaining("the patterns are too large together")]);
  });
});

describe("the rules of a settings folder", () => {
  it("are read when they are first asked for, and again when a file has changed", async () => {
    let text = deploy;
    let reads = 0;
    const told: string[] = [];
    const own = new OwnCatalog(
      () => {
        reads++;
        return Promise.resolve([{ file: "deploy.yaml", text }]);
      },
      rulesHere,
      ({ message }) => told.push(message),
    );
    await own.reload();
    expect(reads).toBe(0);
    const catalog = await own.catalog();
    expect(await own.catalog()).toBe(catalog);
    expect(reads).toBe(1);
    expect(senseTerminal(shown("deploy", "Which stage?"), catalog).evidence[0]?.rule).not.toBe("deploy/stage");

    text = deploy
      .replaceAll(/type the name of the stage/gi, "Which stage")
      .replace("Which stage to go on", "Which stage");
    await own.reload();
    expect(told).toEqual([]);
    expect(senseTerminal(shown("deploy", "Which stage?"), catalog).evidence[0]?.rule).toBe("deploy/stage");

    text = "program: deploy\n";
    await own.reload();
    await own.reload();
    expect(told).toHaveLength(1);
    expect(catalog.named("deploy")).toBeUndefined();

    text = deploy;
    await own.reload();
    text = "program: deploy\n";
    await own.reload();
    expect(told).toHaveLength(2);
  });

  it("are used as they were read last, however long a check takes", async () => {
    const texts = [deploy, "program: deploy\n", deploy];
    const waiting: (() => void)[] = [];
    let isSlow = false;
    const own = new OwnCatalog(
      () => Promise.resolve([{ file: "deploy.yaml", text: texts.shift() ?? "" }]),
      {
        checkRules: async (files) => {
          if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
          return rulesHere.checkRules(files);
        },
      },
      () => undefined,
    );
    const catalog = await own.catalog();
    isSlow = true;
    const [first, second] = [own.reload(), own.reload()];
    for (const reload of [first, second]) {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
      waiting.pop()?.();
      await reload;
    }
    expect(catalog.named("deploy")).toBeDefined();
  });

  it("leave the shipped ones in use where they cannot be checked", async () => {
    const told: string[] = [];
    const own = new OwnCatalog(
      () => Promise.resolve([{ file: "deploy.yaml", text: deploy }]),
      { checkRules: () => Promise.reject(new Error("The thread ended.")) },
      ({ message }) => told.push(message),
    );
    expect((await own.catalog()).named("less")).toBeDefined();
    expect(told).toEqual([expect.stringContaining("it cannot be checked: The thread ended.")]);
  });
});

function withoutRules(program: ProgramRules | undefined): Partial<ProgramRules> {
  if (!program) return {};
  const { rules, known, ...rest } = program;
  expect([rules.length > 0, known.commands.length > 0]).toEqual([true, true]);
  return rest;
}
