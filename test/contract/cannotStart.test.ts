import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliOptions, CliWorld } from "../support/cliWorld";
import { testWithShell } from "../support/shellTest";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

/** What is said of a project whose only session cannot begin: by `do`, in the log, and by `status`. */
async function said(project: string, role: object, env: CliOptions["env"] = {}): Promise<string> {
  const plan = { project, roles: { one: role }, tasks: [{ id: "a", role: "one", run: "echo hi" }] };
  const began = performance.now();
  const run = await world.run(["do", project, "--plan", world.write(`${project}.yaml`, JSON.stringify(plan))], { env });
  // Far below the time that a prompt is waited for.
  expect(performance.now() - began).toBeLessThan(12_000);
  expect(run.code).toBe(3);
  const question = world.entries(project).find(({ kind }) => kind === "blocked")?.text ?? "";
  const status = await world.run(["status", project]);
  expect(status.stdout).toContain(question.slice(0, 60));
  expect(run.stdout + run.stderr + question).not.toMatch(/no session|no such session/i);
  return question;
}

describe("a session that cannot begin says what was started, how it ended and what to do", () => {
  it("when the caller's SHELL does not exist", async () => {
    const shell = join(world.root, "bin/nosuchsh");
    expect(await said("noshell", {}, { SHELL: shell })).toMatch(
      new RegExp(`\\(${shell}\\) ended before its first prompt with exit code 12[67]: .*Last output: .*set SHELL`),
    );
  });

  it("when its shell cannot be executed", async () => {
    const shell = join(world.root, "notexecutable");
    writeFileSync(shell, "");
    chmodSync(shell, 0o644);
    expect(await said("noexec", {}, { SHELL: shell })).toMatch(
      /exit code 126: it cannot be executed.*Make it executable/,
    );
  });

  it("when its role's program is not there, and when it ends at once", async () => {
    expect(await said("noprogram", { program: "nosuch --x" })).toMatch(
      /\(nosuch --x\) ended as soon as it was started with exit code 127: there is no such program.*correct the program/,
    );
    expect(await said("endsatonce", { program: "sh -c 'echo no such config; exit 7'" })).toMatch(
      /with exit code 7\. Last output: "no such config"\./,
    );
  });

  testWithShell("zsh", "when a start-up file ends its shell", async () => {
    const folder = join(world.root, "zdotdir");
    mkdirSync(folder);
    writeFileSync(join(folder, ".zshrc"), "echo leaving now; exit 4\n");
    expect(await said("endedzsh", {}, { SHELL: "/bin/zsh", ZDOTDIR: folder })).toMatch(
      /ended before its first prompt with exit code 4\. Last output: "leaving now"\. Check its start-up file/,
    );
  });

  it("when .bashrc ends its shell", async () => {
    writeFileSync(join(world.root, "home/.bashrc"), "echo not today; exit 3\n");
    expect(await said("endedbash", {})).toMatch(/exit code 3\. Last output: "not today"\. .*WSH_ORCHESTRATOR_SESSION/);
  });

  it("when .bashrc starts something else in its place, named while it is waited for", async () => {
    writeFileSync(join(world.root, "home/.bashrc"), "exec sleep 1000\n");
    const run = world.start(["do", "replaced", "--run", "true"]);
    await expect
      .poll(() => run.stdout() + run.stderr(), { timeout: 30_000 })
      .toMatch(/has not shown a prompt yet: sleep runs in front of it\. .*WSH_ORCHESTRATOR_SESSION/);
    run.child.kill("SIGINT");
    await run.done;
  });
});

describe("doctor", () => {
  const doctor = async (shell: string, rc: string): Promise<string> => {
    writeFileSync(join(world.root, "home/.bashrc"), rc);
    const { stdout } = await world.run(["doctor"], { env: { SHELL: shell } });
    return stdout;
  };

  it("says what sessions get, and what is wrong with it", async () => {
    expect(await doctor("/bin/bash", "PS1='$ '\n")).toMatch(/✓ shell +sessions get \/bin\/bash/);
    expect(await doctor("/bin/bash", "echo not today; exit 3\n")).toMatch(
      /✗ shell +\/bin\/bash ends with exit code 3 before it runs anything\. Last output: "not today"/,
    );
    expect(await doctor("/bin/bash", "exec sleep 1000\n")).toMatch(/✗ shell +\/bin\/bash does not show a prompt/);
    expect(await doctor("/bin/bash", '[ -n "$WSH_ORCHESTRATOR_SESSION" ] || exec sleep 1000\n')).toMatch(/✓ shell/);
    expect(await doctor(join(world.root, "nosuch"), "")).toMatch(/✗ shell +.*nosuch cannot be started/);
  });
});
