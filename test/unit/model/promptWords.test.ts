import { describe, expect, it } from "vitest";
import { promptInBrief, promptWords } from "../../../src/core/model/promptWords";

const asked = { kind: "blocked", event: "terminal_asks", answer_form: "line" } as const;

describe("what a program asks, in one line", () => {
  it("is the line that asks, of all that its screen shows", () => {
    const text = promptWords("npm init asks a question.", ["Press ^C at any time to quit.", "package name: (shop)"]);
    expect(promptInBrief(asked, text)).toBe('npm init asks a question. "package name: (shop)"');
  });

  it("is the question above a list", () => {
    const lines = ["? Which protocol?  [Use arrows to move]", "> HTTPS", "SSH"];
    const text = promptWords("GitHub CLI asks to log in.", lines);
    const brief = 'GitHub CLI asks to log in. "? Which protocol?  [Use arrows to move]"';
    expect(promptInBrief({ ...asked, answer_form: "list" }, text)).toBe(brief);
  });

  it.each([
    ["it lets something happen", { ...asked, kind: "approval_needed" }, ["rm -rf build", "Proceed? "]],
    ["the line says nothing", asked, ["1) red", "2) green", "#?"]],
    ["no line of a list asks", { ...asked, answer_form: "list" }, ["> red", "green"]],
    ["no program asks it", { ...asked, event: "quiet_asks" }, ["a", "Continue?"]],
    ["it has one line", asked, ["Continue? [y/N]"]],
  ] as const)("is all of it where %s", (_why, entry, lines) => {
    const text = promptWords("bash asks for confirmation.", lines);
    expect(promptInBrief(entry, text)).toBe(text);
  });
});
