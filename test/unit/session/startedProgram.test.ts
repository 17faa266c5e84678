import { describe, expect, it } from "vitest";
import { startedProgram } from "../../../src/core/session/startedProgram";

describe("the program that a command line starts", () => {
  it.each([
    ["claude", "claude"],
    ["/usr/local/bin/claude --resume", "claude"],
    ["cd site && claude 'fix it; and more'", "claude"],
    ["FORCE_COLOR=1 codex", "codex"],
    ["env -u CI FORCE_COLOR=1 codex", "codex"],
    ["sudo -u web less /var/log/syslog", "less"],
    ["exec zsh", "zsh"],
    ["npx -y @google/gemini-cli@0.61.0", "gemini-cli"],
    ["export A=1; python3 -i", "python3"],
    ["env", "env"],
  ])("%s: %s", (text, program) => {
    expect(startedProgram(text)).toBe(program);
  });

  it.each(["npm ci && vim notes", "git log | less", "$EDITOR notes", "", "A=1", "npx $(cat tool)"])(
    "%s: nobody knows",
    (text) => {
      expect(startedProgram(text)).toBeUndefined();
    },
  );
});
