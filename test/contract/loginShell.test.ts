import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askLoginShell, loginTimeoutMs } from "../../src/adapters/machine/loginVariables";
import { CliWorld } from "../support/cliWorld";
import { temporaryFolder } from "../support/localAddresses";

/** A shell as a script, which is given the flags and the command of the question. */
async function fakeShell(script: string): Promise<string> {
  const path = join(await temporaryFolder(), "fakeshell");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const env = { PATH: process.env.PATH, HOME: "/nowhere" };
const answers = 'shift 3; MADE=here; export MADE; eval "$1"';

describe("a login shell that is asked for its environment", () => {
  it.each(["bash", "zsh", "fish", "sh"].filter((name) => found(name)))("answers when it is %s", async (name) => {
    const home = await temporaryFolder();
    for (const file of [".profile", ".bash_profile", ".zprofile"])
      writeFileSync(join(home, file), 'export PATH="/only/login:$PATH"\n');
    const answer = await askLoginShell({ shell: name, env: { ...env, HOME: home, ZDOTDIR: home } });
    expect(answer).toHaveProperty("variables.HOME", home);
    // The system's own start-up files may put the usual folders in the place of those that were there.
    const path = expect.stringMatching(name === "fish" ? "." : /^\/only\/login:/) as unknown;
    expect(answer).toMatchObject({ variables: { PATH: path } });
    expect(answer).not.toHaveProperty("variables.VSCODE_RESOLVING_ENVIRONMENT");
  });

  it("may print what it likes before and after, and leave something running", async () => {
    const shell = await fakeShell(
      `echo '{"PATH":"wrong"} welcome'; sleep 60 & shift 3; A='x}y{' export A; eval "$1"; echo bye`,
    );
    expect(await askLoginShell({ shell, env })).toHaveProperty("variables.PATH", env.PATH);
  });

  it("has its values as they are", async () => {
    const shell = await fakeShell(answers);
    const odd = "a\nPATH=/evil\n\"quoted\" 'too' \u{1f600} }{";
    expect(await askLoginShell({ shell, env: { ...env, ODD: odd } })).toHaveProperty("variables.ODD", odd);
    expect(await askLoginShell({ shell, env })).toHaveProperty("variables.MADE", "here");
  });

  it.each([
    ["hangs", "sleep 60", "did not answer within 0.3 s"],
    ["becomes another program, which ends", "exec sh -c 'exit 3'", "ended with exit code 3 before it answered"],
    ["prints without an end", "exec yes", "printed too much"],
  ])("is given up when it %s", async (_, script, problem) => {
    const shell = await fakeShell(script);
    const timeoutMs = problem.startsWith("did not") ? 300 : loginTimeoutMs;
    expect(await askLoginShell({ shell, env, timeoutMs })).toEqual({ problem });
  });

  it("is given up when it is missing, and not asked when nobody logs in with it", async () => {
    expect(await askLoginShell({ shell: "/no/such/shell", env })).toEqual({ problem: "could not be started" });
    expect(await askLoginShell({ shell: "/usr/sbin/nologin", env })).toEqual({ problem: undefined });
  });
});

describe("a run that cron starts", () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });
  afterEach(() => world.close());
  const run = ["do", "nightly", "--run", "echo $PATH > path.txt"];

  it("finds what only the login shell puts on PATH, also in the background", async () => {
    writeFileSync(join(world.root, "home/.bash_profile"), 'PATH="$HOME/bin:$PATH"\n');
    for (const [project, more] of [
      ["here", []],
      ["behind", ["--detach"]],
    ] as const) {
      const args = ["do", project, "--run", `echo $PATH > ${project}.txt`, ...more];
      expect(await world.run(args, { env: { TERM: undefined, PATH: "/usr/bin:/bin" } })).toMatchObject({ code: 0 });
      await world.run(["wait", project]);
      const path = readFileSync(join(world.workspace, `${project}.txt`), "utf8");
      expect(path.split(":")[0]).toBe(join(world.root, "home/bin"));
    }
  });

  it("goes on with what there is when the login shell does not answer, and says so", async () => {
    const shell = await fakeShell("exit 7");
    const result = await world.run([...run, "--role", "r"], { env: { TERM: undefined, SHELL: shell } });
    expect(result.stderr).toContain(
      `The login shell ${shell} ended with exit code 7 before it answered, so new sessions have the PATH of this process.`,
    );
  });

  it("does not ask where somebody has a terminal", async () => {
    writeFileSync(join(world.root, "home/.bash_profile"), 'PATH="$HOME/bin:$PATH"\n');
    expect(await world.run(run, { env: { TERM: "xterm" } })).toMatchObject({ code: 0 });
    expect(readFileSync(join(world.workspace, "path.txt"), "utf8")).not.toContain("home/bin");
  });
});

function found(name: string): boolean {
  try {
    execFileSync("which", [name]);
    return true;
  } catch {
    return false;
  }
}
