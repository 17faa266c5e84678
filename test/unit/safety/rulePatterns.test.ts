import { describe, expect, it } from "vitest";
import { isTold, phraseWords } from "../../../src/core/safety/callPhrases";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { dryRuns, isDryRun } from "../../../src/core/safety/dryRuns";
import { callOf } from "../../../src/core/safety/policyConditions";
import { policyRules } from "../../../src/core/safety/policyRules";

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
