import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { isTold, phraseWords } from "../../../src/core/safety/callPhrases";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { dryRuns, isDryRun } from "../../../src/core/safety/dryRuns";
import { callOf } from "../../../src/core/safety/policyConditions";
import { policyRules } from "../../../src/core/safety/policyRules";
import { destructive } from "./destructiveCommands";
import { ordinary } from "./ordinaryCommands";
import { patternAlternatives } from "./patternAlternatives";
import { lookAlikes, spelledOut } from "./spellings";

const policy = createDefaultPolicy();
const decide = (command: string): ReturnType<typeof policy.decide> =>
  policy.decide(command, { shell: "bash", cwd: "/site" });

/** Commands that meet a phrase: one for each form of each of its words, the others in their first form. */
function told(program: string, phrase: readonly (readonly string[])[]): string[][] {
  const meant = phrase.filter(([first = ""]) => !first.startsWith("!"));
  return meant.flatMap((forms, at) =>
    forms.map((form) => [
      program,
      ...meant.flatMap((other, index) => {
        const word = index === at ? form : (other[0] ?? "");
        return word === "**" ? [] : [word.replaceAll("*", "x").replaceAll("?", "y")];
      }),
    ]),
  );
}

const calls = policyRules.flatMap((rule) =>
  "calls" in rule
    ? Object.entries(rule.calls).flatMap(([programs, phrases]) =>
        programs.split(" ").flatMap((program) =>
          phraseWords(phrases)
            .flatMap((phrase) => told(program, phrase))
            .map((words) => ({ rule, phrases, words })),
        ),
      )
    : [],
);

describe("every phrase can be met, with each of its words, in the rule", () => {
  it.each(policyRules.filter((rule) => "calls" in rule).map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
    const own = calls.filter((each) => each.rule === rule);
    expect(own.length).toBeGreaterThan(0);
    for (const { words, phrases } of own) {
      const [program = "", ...args] = words;
      const call = callOf(program, args);
      expect([words, isTold(phrases, call), isDryRun(call)]).toEqual([words, true, false]);
      if (!rule.when) expect([words, decide(words.map((word) => `'${word}'`).join(" ")).rule]).toEqual([words, id]);
    }
  });
});

describe("in other words", () => {
  it("each of them asks", () => {
    for (const command of spelledOut) expect([command, decide(command).verdict]).toEqual([command, "ask"]);
  });

  it("none of those that only look alike asks", () => {
    for (const command of lookAlikes) expect([command, decide(command).verdict]).toEqual([command, "allow"]);
  });
});

describe("a dry run is told from the real one", () => {
  const each = Object.entries(dryRuns).flatMap(([programs, phrases]) =>
    programs.split(" ").flatMap((program) => phraseWords(phrases).flatMap((phrase) => told(program, phrase))),
  );
  it.each(each.map((words) => [words.join(" "), words] as const))("%s", (_text, [program = "", ...args]) => {
    expect(isDryRun(callOf(program, args))).toBe(true);
  });

  it.each(["git clean -f -e -n", "git push --force --dry-run --no-dry-run", "rsync --exclude -n --delete a b"])(
    "no option of it: %s",
    (command) => expect(decide(command).verdict).toBe("ask"),
  );
});

describe("every pattern of a rule is matched by an example, with each of its alternatives", () => {
  const folder = join(__dirname, "../../../src/core/safety");
  const files = readdirSync(folder).filter(
    (name) => /^(?:secretFiles|systemFiles)\.ts$/.test(name) || (name.endsWith("Rules.ts") && readsPolicyRule(name)),
  );
  function readsPolicyRule(name: string): boolean {
    return readFileSync(join(folder, name), "utf8").includes("readonly PolicyRule[]");
  }

  const tried = new Map<string, Set<string>>();
  const test: (this: RegExp, text: string) => boolean = Reflect.get(RegExp.prototype, "test");
  const exec: (this: RegExp, text: string) => RegExpExecArray | null = Reflect.get(RegExp.prototype, "exec");
  const note = (pattern: RegExp, text: string): void => {
    const known = tried.get(pattern.source) ?? new Set();
    tried.set(pattern.source, known.add(text));
  };
  RegExp.prototype.test = function (text) {
    note(this, text);
    return test.call(this, text);
  };
  RegExp.prototype.exec = function (text) {
    note(this, text);
    return exec.call(this, text);
  };
  for (const command of [
    ...policyRules.flatMap((rule) => [...rule.match, ...rule.not_match]),
    ...destructive,
    ...spelledOut,
    ...lookAlikes,
    ...ordinary,
  ])
    decide(command);
  RegExp.prototype.test = test;
  RegExp.prototype.exec = exec;

  const missing = files.flatMap((name) => {
    const found: string[] = [];
    const look = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf("/");
        const { source, flags } = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
        for (const alternative of patternAlternatives(source)) {
          looked++;
          const pattern = new RegExp(alternative, flags);
          if (![...(tried.get(source) ?? [])].some((text) => pattern.test(text))) found.push(alternative);
        }
      }
      ts.forEachChild(node, look);
    };
    let looked = 0;
    look(ts.createSourceFile(name, readFileSync(join(folder, name), "utf8"), ts.ScriptTarget.Latest));
    return [{ name, found, looked }];
  });

  it.each(missing)("in $name", ({ found }) => expect(found).toEqual([]));

  it("finds them all, and tells what no text matches", () => {
    expect(missing.reduce((sum, { looked }) => sum + looked, 0)).toBeGreaterThan(200);
    expect(patternAlternatives("^(?:a|b(?:c|d)?)$")).toEqual(["^(?:a)$", "^(?:b(?:c))$", "^(?:b(?:d))$"]);
    expect(patternAlternatives("^(?!x|y)[a|b]\\|z")).toEqual(["^(?!x|y)[a|b]\\|z"]);
  });
});
