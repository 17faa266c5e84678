import { describe, expect, it } from "vitest";
import { sessionEnvironment } from "../../../src/core/session/callerEnvironment";
import { changedVariables, tellingVariables } from "../../../src/core/session/tellingVariables";
import { environmentStart } from "../../../src/core/session/environmentScript";
import { withoutKeptOut } from "../../../src/core/session/keptOutVariables";

const fingerprint = (name: string, value: string): string => `${name.length}-${value.length}`;

describe("what sessions get of the caller's environment", () => {
  it("is the person's own, on their own machine", () => {
    const variables = {
      PATH: "/venv/bin:/bin",
      VIRTUAL_ENV: "/venv",
      SSH_AUTH_SOCK: "/agent",
      TERM: "xterm-kitty",
      GONE: undefined,
      WSH_TOKEN: "secret",
      WSH_ORCHESTRATOR_RUNTIME_DIR: "/run/mine",
      "odd.name": "kept",
    };
    expect(sessionEnvironment({ variables, fingerprint }, { here: true })).toEqual({
      variables: {
        PATH: "/venv/bin:/bin",
        VIRTUAL_ENV: "/venv",
        SSH_AUTH_SOCK: "/agent",
        TERM: "xterm-256color",
        COLORTERM: "truecolor",
        WSH_ORCHESTRATOR_RUNTIME_DIR: "/run/mine",
        "odd.name": "kept",
      },
      whole: true,
      fingerprints: { PATH: "4-14", VIRTUAL_ENV: "11-5", SSH_AUTH_SOCK: "13-6" },
    });
  });

  it("is the language alone where another machine or another user has the server", () => {
    const variables = { PATH: "/bin", AWS_PROFILE: "prod", LANG: "de_DE.UTF-8", LC_TIME: "C", LC_TERMINAL: "iTerm2" };
    expect(sessionEnvironment({ variables, fingerprint }, { here: false })).toEqual({
      variables: { LANG: "de_DE.UTF-8", LC_TIME: "C" },
      whole: false,
      fingerprints: {},
    });
  });

  it("makes no difference of the folder of our own command, nor of folders that stand on PATH twice", () => {
    const of = (PATH: string): unknown =>
      sessionEnvironment(
        { variables: { PATH }, fingerprint: (_, value) => value },
        { here: true, toolFolder: "/tools" },
      ).fingerprints;
    expect(of("/a:/b:/a:/tools")).toEqual({ PATH: "/a:/b" });
    expect(of("/b:/a")).toEqual({ PATH: "/b:/a" });
  });

  it("makes no difference of what extensions of an editor put on PATH in its terminals", () => {
    const of = (PATH: string): unknown =>
      sessionEnvironment({ variables: { PATH }, fingerprint: (_, value) => value }, { here: true }).fingerprints;
    const own = "/home/ada/.vscode-server";
    const put = `${own}/data/User/globalStorage/publisher.chat/debugCommand`;
    expect(of(`${put}:${own}/extensions/publisher.python-debug-2026.1.0/bundled/scripts:/bin`)).toEqual({
      PATH: "/bin",
    });
    expect(of("/w/extensions/bin:/bin")).toEqual({ PATH: "/w/extensions/bin:/bin" });
  });
});

describe("what is kept out of sessions", () => {
  it.each([
    ["GIT_ASKPASS", "/app/extensions/git/dist/askpass.sh", "/usr/bin/ksshaskpass"],
    ["NODE_OPTIONS", "--require /x/ms-vscode.js-debug/src/bootloader.js", "--max-old-space-size=8192"],
  ])("is %s of an editor, and not the person's", (name, editors, own) => {
    expect(withoutKeptOut({ [name]: editors })).toEqual({});
    expect(withoutKeptOut({ [name]: own })).toEqual({ [name]: own });
  });

  it("is what a script of a package manager has, and not the person's settings of it", () => {
    const own = { npm_config_registry: "https://npm.example.com" };
    expect(withoutKeptOut(own)).toEqual(own);
    expect(withoutKeptOut({ ...own, npm_execpath: "/npm", npm_package_name: "x" })).toEqual({});
  });

  it("is what Git sets for a commit, and not the person's own name", () => {
    const own = { GIT_AUTHOR_NAME: "Ann", GIT_EDITOR: "vi", GIT_SSH_COMMAND: "ssh -v" };
    expect(withoutKeptOut(own)).toEqual(own);
    const hook = { ...own, GIT_INDEX_FILE: ".git/index", GIT_EXEC_PATH: "/lib/git", PATH: "/lib/git:/bin" };
    expect(withoutKeptOut(hook)).toEqual({ GIT_SSH_COMMAND: "ssh -v", PATH: "/bin" });
  });

  it("holds keys and settings of no agent", () => {
    const own = { ANTHROPIC_API_KEY: "k", CLAUDE_CODE_USE_BEDROCK: "1", CODEX_HOME: "/c", GEMINI_API_KEY: "g" };
    expect(withoutKeptOut({ ...own, CLAUDECODE: "1", CODEX_SANDBOX_NETWORK_DISABLED: "1", GEMINI_CLI: "1" })).toEqual(
      own,
    );
  });

  it("holds nothing that a session is compared by", () => {
    const all = Object.fromEntries(tellingVariables.map((name) => [name, "x"]));
    expect(withoutKeptOut(all)).toEqual(all);
  });
});

describe("a session that was started with another environment", () => {
  it("is known by the names that differ, in a fixed order", () => {
    const started = { PATH: "1", AWS_PROFILE: "2", SHELL: "3" };
    expect(changedVariables(started, started)).toEqual([]);
    expect(changedVariables(started, { PATH: "9", SHELL: "3", VIRTUAL_ENV: "4" })).toEqual([
      "PATH",
      "VIRTUAL_ENV",
      "AWS_PROFILE",
    ]);
  });

  it("is not known where the record or the caller says nothing", () => {
    expect(changedVariables(undefined, { PATH: "1" })).toEqual([]);
    expect(changedVariables({ PATH: "1" }, {})).toEqual([]);
  });
});

describe("the start of a session whose server only adds variables", () => {
  it("shows neither a name nor a value", () => {
    const { command, env } = environmentStart(["MY_TOKEN"], true);
    expect(command).toBe('eval "$WO_CLEAN"; ');
    expect(env.WO_KEEP).toContain(" MY_TOKEN");
  });
});
