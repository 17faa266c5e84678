import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { createIds } from "../../src/adapters/ledger/ids";
import { CommandRunner } from "../../src/core/command/commandRunner";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import { sessionSize } from "../../src/core/session/sessionSize";
import { ShellSession } from "../../src/core/session/shellSession";
import type { ContextEntry } from "../../src/core/model/entry";
import type { RunResult } from "../../src/core/run/projectRun";
import { briefly, hardCases, resultsOf, statesOf, yamlText } from "../support/hardCases";
import { type ProjectHarness } from "../support/projectHarness";
import { allowAll } from "../support/policies";
import { rowsOf } from "../support/sessionProbe";
import { silentLogger, systemClock } from "../support/systemClock";
import { needsResize } from "../support/servers";
import { until } from "../support/until";

/** The first session of role `w`, as its server calls it. */
const wireOf = (project: ProjectHarness): string => `proj-${project.project.project_id}.w.1`;

/** A line that somebody began while the intent went to the disk is in the record, and was not sent. */
const wasTyped = (result: ContextEntry): boolean => result.outcome !== "not_sent";

async function shows(project: ProjectHarness, text: string | RegExp): Promise<void> {
  await until(`the session shows ${String(text)}`, async () => {
    const screen = await project.server.screen(wireOf(project), "plain").catch(() => undefined);
    return screen && rowsOf(screen).some((row) => (typeof text === "string" ? row.includes(text) : text.test(row)));
  });
}

/** Runs one task, and types what a person types: each text once the session shows what comes before it. */
async function withPerson(
  project: ProjectHarness,
  yaml: string,
  person: readonly (readonly [shown: string | RegExp, typed: string])[],
): Promise<{ result: RunResult; results: ContextEntry[] }> {
  const running = project.run(yaml);
  for (const [shown, typed] of person) {
    await shows(project, shown);
    await project.server.sendInput(wireOf(project), typed);
  }
  const result = await running;
  return { result, results: resultsOf(await project.entries(), "a") };
}

hardCases("with a person at the same session", ({ shell, test, project }) => {
  const plan = (run: string | readonly string[], id = "a"): string =>
    `roles: { w: { shell: ${shell} } }\ntasks: [{ id: ${id}, role: w, run: ${yamlText(run)} }]`;
  const script = async (run: ProjectHarness, text: string): Promise<string> => {
    await writeFile(join(run.workspace, "script.sh"), text);
    return "sh script.sh";
  };

  /** Gives the role's shell a start-up file of its own; the answer is the environment that makes it read that. */
  const startUpFiles = async (run: ProjectHarness, line: string): Promise<string> => {
    const home = run.workspace;
    const file = { bash: ".bashrc", zsh: ".zshrc", fish: "fish/config.fish" }[shell];
    await mkdir(join(home, "fish"), { recursive: true });
    await writeFile(join(home, file), `${line}\n`);
    return { bash: `HOME: ${home}`, zsh: `ZDOTDIR: ${home}`, fish: `XDG_CONFIG_HOME: ${home}` }[shell];
  };

  test("their Ctrl-C is the end that the shell tells, and nothing is typed in their place", async () => {
    const run = await project();
    const { result, results } = await withPerson(run, plan(await script(run, "echo begun; exec sleep 60")), [
      ["begun", "\x03"],
    ]);
    expect(statesOf(result)).toEqual({ a: "failed" });
    expect(results.map(briefly)).toEqual(["exited 130 mark"]);
  });

  test("their Ctrl-Z suspends, and the task waits for a person", async () => {
    const run = await project();
    const { result, results } = await withPerson(run, plan(await script(run, "echo begun; exec sleep 60")), [
      ["begun", "\x1a"],
    ]);
    expect(statesOf(result)).toEqual({ a: "blocked" });
    expect(results.map(briefly)).toEqual(["suspended 148 mark"]);
    expect(results[0]?.text).toContain("stopped job");
    expect((await run.run(plan("echo next", "b"))).status).toBe("waiting");
  });

  test("a nested shell, or another machine that asks for a password, is waited for and never typed into", async () => {
    const run = await project();
    const command = await script(
      run,
      "stty -echo; printf 'password: '; read -r word; stty echo; echo; PS1='remote$ ' exec sh -i\n",
    );
    const { result, results } = await withPerson(run, plan(command), [
      ["password:", "secret\r"],
      [/^remote\$$/, "exit 3\r"],
    ]);
    expect(statesOf(result)).toEqual({ a: "failed" });
    expect(results.map(briefly)).toEqual(["exited 3 mark"]);
  });

  test("a program that reads from the terminal gets their answer", async () => {
    const run = await project();
    const { result, results } = await withPerson(
      run,
      plan(await script(run, "printf 'name? '; read -r name; echo got $name")),
      [["name?", "Ada\r"]],
    );
    expect(statesOf(result)).toEqual({ a: "succeeded" });
    expect(results[0]?.output).toContain("got Ada");
  });

  test("Ctrl-D at the prompt ends the session, and the next task gets another one", async () => {
    const run = await project();
    await run.run(plan("echo one"));
    await run.server.sendInput(wireOf(run), "\x04");
    await until("the session is gone", async () => (await run.server.get(wireOf(run))) === undefined);
    const result = await run.run(plan("echo two", "b"));
    expect(statesOf(result)).toEqual({ b: "succeeded" });
    expect((await run.entries("session")).some((entry) => entry.event === "lost" || entry.event === "ended")).toBe(
      true,
    );
  });

  test("a draft is not typed into, whatever it is, and the task is blocked with that reason", async () => {
    const run = await project();
    const draft = shell === "fish" ? "echo my draft" : "echo 'my draft";
    const running = run.run(
      `roles: { w: { shell: ${shell} }, o: { shell: ${shell} } }\ntasks:\n  - { id: first, role: w, run: echo first }\n  - { id: wait, role: o, needs: [first], run: "sh -c 'while [ ! -e go ]; do sleep 0.1; done'" }\n  - { id: a, role: w, needs: [wait], run: echo never }`,
    );
    await until("the first task is done", async () =>
      (await run.entries("task")).some((entry) => entry.task_id === "first" && entry.state === "succeeded"),
    );
    // bash and zsh ask for more after it.
    await run.server.sendInput(wireOf(run), shell === "fish" ? draft : `${draft}\r`);
    await shows(run, "my draft");
    await writeFile(join(run.workspace, "go"), "");
    const result = await running;
    expect(statesOf(result)).toEqual({ first: "succeeded", wait: "succeeded", a: "blocked" });
    const [blocked] = await run.entries("blocked");
    expect(blocked?.text).toContain("There is unsent text at the prompt");
    expect(resultsOf(await run.entries(), "a").filter(wasTyped)).toEqual([]);
    await run.server.sendInput(wireOf(run), shell === "fish" ? "\r" : "'\r");
    await shows(run, /^my draft$/);
  });

  test("a draft is told of at once to who does not want to wait for it, and is not touched", async (context) => {
    const run = await project();
    await needsResize(context, run.server);
    await run.run(plan("echo one"));
    const [started] = await run.entries("session");
    const record = await ProjectRecord.open(await run.ledger(), silentLogger, { start: "beginning" });
    const session = new ShellSession(run.server, systemClock, {
      name: started?.session_name ?? "",
      wire: wireOf(run),
      key: started?.k ?? "",
      ...sessionSize(undefined),
    });
    try {
      await session.open();
      await run.server.sendInput(wireOf(run), "echo my draft");
      await shows(run, "my draft");
      await session.probe();
      const begun = performance.now();
      const sending = new CommandRunner(record, run.server, allowAll, systemClock, createIds(), () =>
        Promise.resolve(),
      ).run({ text: "echo never", session, mode: "marks", role: "w", cwd: run.workspace, actor: "human:test" });
      await expect(sending).rejects.toMatchObject({ code: "draft_on_line" });
      // Measured 0.6 s; half of what a task waits for a person leaves room for a machine that has no time.
      expect(performance.now() - begun).toBeLessThan(5000);
    } finally {
      session.dispose();
      await record.close();
    }
    expect((await run.entries("result")).filter(wasTyped).map((entry) => entry.output)).toEqual(["one"]);
    await run.server.sendInput(wireOf(run), "\r");
    await shows(run, /^my draft$/);
  });

  test("a shell that asks something before its first prompt is told of, and goes on after the answer", async () => {
    const run = await project();
    const ask =
      shell === "fish" ? "read -P 'Update now? [y/N] ' answer" : "printf 'Update now? [y/N] '; read -r answer";
    const env = await startUpFiles(run, ask);
    const yaml = `roles: { w: { shell: ${shell}, env: { ${env} } } }\ntasks: [{ id: a, role: w, run: echo alive }]`;
    const running = run.run(yaml);
    await shows(run, "Update now?");
    await until(
      "the record says so",
      async () =>
        (await run.entries("state")).some((entry) => entry.state === "unclear" && entry.text.includes("Update now?")),
      40_000,
    );
    await run.server.sendInput(wireOf(run), "n\r");
    expect(statesOf(await running)).toEqual({ a: "succeeded" });
    const typed = (await run.entries("command")).map((entry) => entry.input);
    expect(typed).toEqual(["echo alive"]);
  });

  test("start-up files that become another shell leave a session that works with end marks", async () => {
    const run = await project();
    const other = shell === "fish" ? "bash --norc" : "fish";
    const env = await startUpFiles(run, `exec ${other}`);
    const result = await run.run(
      `roles: { w: { shell: ${shell}, env: { ${env} } } }\ntasks:\n  - { id: a, role: w, run: "sh -c 'exit 4'" }\n  - { id: b, role: w, run: "echo it''s fine" }`,
    );
    expect(statesOf(result)).toEqual({ a: "failed", b: "succeeded" });
    expect(resultsOf(await run.entries(), "a").map(briefly)).toEqual(["exited 4 sentinel"]);
  });
});
