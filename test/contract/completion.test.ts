import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { printCompletion } from "../../src/cli/commands/completion";
import type { Container } from "../../src/cli/container";
import { shellTest, testWithShell } from "../support/shellTest";

const description = "Don't say \"x\", 'y' or a\\b: $HOME; `date` 100%";

function script(shell: string): string {
  const root = new Command("wsh-orchestrator");
  root.command("build").description(description).option("--fast", description);
  root.command("bring").description("Plain");
  let text = "";
  printCompletion({ output: { raw: (part: string) => (text += part) } } as unknown as Container, root, shell);
  return text;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (shell: string, more: string): string[] => {
  const file = join(folder, "script");
  writeFileSync(file, `${script(shell)}\n${more}\n`);
  return execFileSync(shell, shell === "fish" ? ["--no-config", file] : [file], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");
};

describe("a description with quotes", () => {
  testWithShell("fish", "is shown as it is by fish", () => {
    expect(run("fish", "complete -C 'wsh-orchestrator b'")).toEqual(["bring\tPlain", `build\t${description}`]);
    expect(run("fish", "complete -C 'wsh-orchestrator build --f'")).toEqual([`--fast\t${description}`]);
    return Promise.resolve();
  });

  const compinit = "autoload -U compinit; compinit -u";
  for (const [where, home] of [
    ["after compinit", { ".zshrc": `${compinit}\n${script("zsh")}\n` }],
    ["before compinit", { ".zshrc": `${script("zsh")}\n${compinit}\n` }],
    ["without compinit", { ".zshrc": `${script("zsh")}\n` }],
    ["as a file of the fpath", { ".zshrc": `fpath+=(~)\n${compinit}\n`, "_wsh-orchestrator": script("zsh") }],
  ] as const) {
    shellTest(
      "zsh",
      `is shown as it is by zsh, ${where}`,
      async (pty) => {
        await pty.ready();
        expect(pty.visible).not.toContain("not found");
        pty.write("wsh-orchestrator b\t\t");
        await pty.until("the description", () => pty.visible.includes(`-- ${description}`));
      },
      { home },
    );
  }

  testWithShell("bash", "harms nothing in bash", () => {
    const words =
      "COMP_WORDS=(wsh-orchestrator b); COMP_CWORD=1; __wsh_orchestrator; printf '%s\\n' \"${COMPREPLY[@]}\"";
    expect(run("bash", words).sort()).toEqual(["bring", "build"]);
    return Promise.resolve();
  });
});
