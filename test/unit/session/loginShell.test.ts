import { describe, expect, it } from "vitest";
import { lacksLoginShell, shellToAsk, withLoginVariables } from "../../../src/core/session/loginShell";

describe("whether the login shell is to be asked", () => {
  const cron = { HOME: "/home/a", LOGNAME: "a", PATH: "/usr/bin:/bin", SHELL: "/bin/sh", PWD: "/home/a" };

  it.each([
    ["cron", cron],
    ["a script of cron", { ...cron, SHLVL: "1", TERM: "dumb" }],
    ["a service of systemd", { PATH: "/usr/bin", INVOCATION_ID: "1", USER: "a" }],
    ["a desktop icon", { PATH: "/usr/bin", DISPLAY: ":0", SHELL: "/bin/zsh", XDG_SESSION_TYPE: "wayland" }],
  ])("is so for %s", (_, variables) => {
    expect(lacksLoginShell(variables, false)).toBe(true);
  });

  it.each([
    ["somebody at a terminal", cron, true],
    ["a script whose streams all go elsewhere", { ...cron, TERM: "xterm-256color", SHLVL: "2" }, false],
    ["a child of VS Code, which has asked it", { ...cron, VSCODE_PID: "1" }, false],
  ])("is not so for %s", (_, variables, hasTerminal) => {
    expect(lacksLoginShell(variables, hasTerminal)).toBe(false);
  });

  it("is the shell of the environment, unless cron gives the same to everybody", () => {
    expect(shellToAsk({ SHELL: "/bin/zsh" }, "/bin/bash")).toBe("/bin/zsh");
    expect(shellToAsk(cron, "/bin/bash")).toBe("/bin/bash");
    expect(shellToAsk({}, "/bin/bash")).toBe("/bin/bash");
    expect(shellToAsk(cron, undefined)).toBe("/bin/sh");
    expect(shellToAsk({}, undefined)).toBeUndefined();
  });
});

describe("what the login shell adds", () => {
  it("is its PATH and what the process has not", () => {
    const own = { PATH: "/usr/bin:/bin", SHELL: "/bin/sh", AWS_PROFILE: "of the crontab" };
    const login = { PATH: "/home/a/.nvm/bin:/usr/bin:/bin", AWS_PROFILE: "other", LANG: "C", SHELL: "/bin/bash" };
    expect(withLoginVariables(own, login, "/bin/bash")).toEqual({
      PATH: "/home/a/.nvm/bin:/usr/bin:/bin",
      AWS_PROFILE: "of the crontab",
      LANG: "C",
      SHELL: "/bin/bash",
    });
  });

  it("leaves folders in front that the process alone has, and the shell that was given to it", () => {
    const own = { PATH: "/venv/bin:/usr/bin", SHELL: "/bin/fish" };
    expect(withLoginVariables(own, { PATH: "/usr/local/bin:/usr/bin" }, "/bin/fish")).toEqual({
      PATH: "/venv/bin:/usr/local/bin:/usr/bin",
      SHELL: "/bin/fish",
    });
  });
});
