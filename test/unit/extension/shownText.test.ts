import { describe, expect, it } from "vitest";
import { buttonTitle, documentName, shown, shownLines, shownList, withIcon } from "../../../src/extension/shownText";

/** A word joiner: not seen, not spoken. */
const joiner = "\u2060";
const spoken = (text: string): string => text.replaceAll(joiner, "");

/** What a stranger may have written, and what a person sees of it in one line. */
const hostile: readonly (readonly [what: string, text: string, seen: string])[] = [
  ["a command as a link", "[Update](command:workbench.action.quit)", "[Update](command:workbench.action.quit)"],
  ["a link with a title", '[a](https://evil.example "x") b', '[a](https://evil.example "x") b'],
  ["a link whose parts an invisible character parts", "[a]\u200b(command:x)", "[a](command:x)"],
  ["a link of which a sequence is a part", "[a]\u001b[0m(command:x)", "[a](command:x)"],
  ["a link over two lines", "[a\n](command:x)", "[a ](command:x)"],
  ["an icon", "$(trash) rm", "$(trash) rm"],
  ["an icon that moves", "$(sync~spin)", "$(sync~spin)"],
  ["a substitution of a shell", "rm -rf $(ls -l)", "rm -rf $(ls -l)"],
  ["one that is escaped already", "\\$(pwd)", "\\$(pwd)"],
  ["an icon that an invisible character parts", "$\u2060(trash)", "$(trash)"],
  ["text that turns round", "run \u202etxt.exe\u202c", "run txt.exe"],
  ["isolates", "\u2066a\u2069\u061c", "a"],
  ["text that is hidden", "\u001b[8mhidden\u001b[0m a\u200bb\ufeff", "hidden ab"],
  ["a title of a terminal", "\u001b]0;evil\u0007name", "name"],
  ["controls of 8 bits", "r\u0085m \u009b31mred", "rm red"],
  ["lines", "one\r\ntwo\tthree", "one two three"],
  ["half a character", "a\ud800b", "a\ufffdb"],
  ["markup", "**a** `b` <img src=x onerror=alert(1)> ![x](https://evil.example/x.png)", ""],
];

describe("a text of a stranger", () => {
  it.each(hostile)("%s is one line that nothing takes for a link, a command or an icon", (_what, text, seen) => {
    for (const made of [shown(text), shownList([text]), buttonTitle(text), withIcon("watch", shown(text))]) {
      const own = made.replace(/^\$\(watch\) /, "");
      expect(own).not.toMatch(
        /\]\(|\$\(|[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
      );
      expect(spoken(own)).toBe(seen === "" ? text : seen);
    }
    expect(shown(shown(text))).toBe(shown(text));
  });

  it.each(hostile)("%s is lines without characters that hide or reorder something", (_what, text) => {
    expect(shownLines(text)).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\ufeff]/,
    );
  });

  it.each(hostile)("%s names no document but by plain characters", (_what, text) => {
    expect(documentName(text)).toMatch(/^[\w.:-]{1,100}$/);
  });

  it("has a bearable length, also where it is endless", () => {
    const began = performance.now();
    const endless = "\u001b[31mx".repeat(2_000_000);
    expect(shown(endless)).toHaveLength(600);
    expect(shownLines(endless).length).toBeLessThanOrEqual(10_001);
    expect(documentName(endless)).toHaveLength(100);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it("is the same where it is harmless", () => {
    for (const text of ["build", "npm test && npm run lint", "a [1] (b) $HOME ${x} 消す 👩‍💻"])
      expect([shown(text), shownLines(text)]).toEqual([text, text]);
  });

  it("keeps line breaks where there is room for them, and what a person may copy", () => {
    expect(shownLines("rm $(pwd)\n\n[a](b)")).toBe("rm $(pwd)\n\n[a](b)");
  });

  it("marks no key of a button", () => expect(spoken(buttonTitle("a && b"))).toBe("a && b"));
});
