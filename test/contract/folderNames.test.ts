import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { quotedWord } from "../../src/core/sense/shellWord";
import { shellTest } from "../support/shellTest";

const names = [
  "a'b",
  "'",
  "back\\slash",
  "at the end\\",
  "both\\'s",
  "two\\\\'' of each",
  "new\nline",
  "ends in a newline\n.",
  "tab\tand  blanks ",
  "$HOME",
  "$(touch ran)`touch ran`",
  "bang! bang!!",
  '"quoted"',
  "-",
  "--help",
  "~",
  "#tidy",
  "%d *?[a] {b,c} ;&|<>()^",
  "žluťoučký kůň",
];

describe.each(["bash", "zsh", "fish"])("a folder with any name is entered in %s", (shell) => {
  shellTest(shell, "as it is typed", async (pty) => {
    const root = realpathSync(pty.home);
    const seen: string[] = [];
    for (const [index, name] of names.entries()) {
      const folder = join(root, name);
      mkdirSync(folder);
      const { status, text } = await pty.run(`cd ${quotedWord(folder)}`);
      expect([name, status, text]).toEqual([name, 0, ""]);
      await pty.run(`/bin/pwd > ${root}/place${index}`);
      seen.push(readFileSync(join(root, `place${index}`), "utf8").slice(root.length + 1, -1));
    }
    expect(seen).toEqual(names);
  });
});
