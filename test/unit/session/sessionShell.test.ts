import { describe, expect, it } from "vitest";
import { expectedShell, readerOfCommand } from "../../../src/core/session/sessionShell";

describe("what reads the text that is typed to a command", () => {
  it.each([
    ["zsh", "zsh"],
    ["/usr/bin/zsh -il", "zsh"],
    ["exec fish", "fish"],
    ["env TERM=dumb bash --norc", "bash"],
    ["LANG=C dash", "dash"],
    ["bash --rcfile x", "unknown"],
    ["sh -c 'claude --continue'", "unknown"],
    ["bash -lc top", "unknown"],
    ["bash run.sh", "unknown"],
    ["ssh build@host", "unknown"],
    ["sudo -i", "unknown"],
    ["docker run -it node bash", "unknown"],
    ["claude", "program"],
    ["python3 -i", "program"],
    ["vim x.zsh", "program"],
    ["", "program"],
  ])("%j: %s", (command, reader) => {
    expect(readerOfCommand(command)).toBe(reader);
  });
});

describe("what is expected of a role's sessions", () => {
  it("is the shell or program that it names, then the default one, else any of the Bourne family", () => {
    expect(expectedShell({ shell: "zsh" }, "fish")).toBe("zsh");
    expect(expectedShell({ program: "zsh" }, "fish")).toBe("zsh");
    expect(expectedShell({ program: "claude" }, "fish")).toBe("program");
    expect(expectedShell({}, "fish")).toBe("fish");
    expect(expectedShell({}, undefined)).toBe("posix");
  });
});
