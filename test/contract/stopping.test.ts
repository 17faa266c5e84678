import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { RunResult } from "../../src/core/run/projectRun";
import { briefly, hardCases, resultsOf, statesOf, yamlText } from "../support/hardCases";
import { overriding, type ProjectHarness } from "../support/projectHarness";
import { needsResize } from "../support/servers";
import { until } from "../support/until";

const text = (project: ProjectHarness, name: string): Promise<string> =>
  readFile(join(project.workspace, name), "utf8").catch(() => "");
const created = async (project: ProjectHarness): Promise<number> =>
  (await project.entries("session")).filter((entry) => entry.event === "created").length;
/**
 * One session for all that ran; where the prompt cannot be asked nobody knows whether it is free, so each run makes its
 * own.
 */
const usedAgain = async (run: ProjectHarness): Promise<void> => {
  if ((await run.server.info()).capabilities.resize) expect(await created(run)).toBe(1);
};

/** Runs a plan and stops it once the file `begun` says that the command runs. */
async function stopOnceBegun(project: ProjectHarness, yaml: string): Promise<RunResult> {
  const stop = new AbortController();
  const running = project.run(yaml, { signal: stop.signal });
  await until("the command runs", async () => (await text(project, "begun")) !== "");
  stop.abort(new Error("stopped by the test"));
  return running;
}

const program = (script: string): string => `sh -c ${script.includes("'") ? JSON.stringify(script) : `'${script}'`}`;
/** Takes no notice of these signals, says that it runs, and stays. */
const stubborn = (signals: string): string =>
  program(`trap : ${signals}; echo x > begun; while :; do sleep 0.05; done`);

hardCases("a stop", ({ shell, test, project }) => {
  const plan = (run: string | readonly string[], more = ""): string =>
    `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: ${yamlText(run)}${more} }]`;

  test("ends a program by Ctrl-C, and the session is used again", async () => {
    const run = await project();
    const result = await stopOnceBegun(run, plan(program("echo x > begun; exec sleep 60")));
    expect(statesOf(result)).toEqual({ a: "cancelled" });
    const [record] = resultsOf(await run.entries(), "a");
    expect(record).toMatchObject({ outcome: "interrupted", means: "ctrl_c", exit_code: 130 });
    expect((await run.run(plan("echo again"))).status).toBe("done");
    await usedAgain(run);
  });

  test("takes Ctrl-\\ when Ctrl-C is ignored", async () => {
    const run = await project();
    await stopOnceBegun(run, plan(stubborn("INT")));
    const [record] = resultsOf(await run.entries(), "a");
    expect(record).toMatchObject({ outcome: "interrupted", means: "ctrl_backslash" });
    expect(record?.text).toContain("Ctrl-\\");
    expect((await run.run(plan("echo again"))).status).toBe("done");
    await usedAgain(run);
  });

  test("ends the session when nothing else helps, says so, and the next task gets a new one", async () => {
    const run = await project();
    await stopOnceBegun(run, plan(stubborn("INT QUIT")));
    const entries = await run.entries();
    expect(resultsOf(entries, "a")[0]).toMatchObject({
      outcome: "interrupted",
      means: "session_end",
      known_by: "session_end",
    });
    expect(entries.find((entry) => entry.kind === "session" && entry.event === "ended")?.text).toContain(
      "could not be stopped",
    );
    expect((await run.run(plan("echo again"))).status).toBe("done");
    expect(await created(run)).toBe(2);
  });

  test("that comes with the line itself never loses a command, and the session stays usable", async () => {
    const run = await project();
    for (let round = 0; round < 6; round++) {
      const stop = new AbortController();
      const { server } = run;
      run.server = overriding(server, {
        sendInput: async (name, data, signal) => {
          const sent = server.sendInput(name, data, signal);
          if (data.toString().includes("sleep 30")) stop.abort(new Error("stopped by the test"));
          await sent;
        },
      });
      const result = await run.run(plan(`echo ${round} >> log; sleep 30`), { signal: stop.signal });
      run.server = server;
      expect(statesOf(result)).toEqual({ a: "cancelled" });
      const record = resultsOf(await run.entries(), "a").at(-1);
      expect(["interrupted ctrl_c", "cancelled withdrawn"]).toContain(`${record?.outcome} ${record?.means}`);
    }
    expect((await run.run(plan("echo again"))).status).toBe("done");
    await usedAgain(run);
  });

  test("while the shell asks for more ends the line only", async (context) => {
    const run = await project();
    if (shell === "fish") await needsResize(context, run.server);
    const stop = new AbortController();
    const result = await run.run(plan("echo begun > begun; while true"), {
      signal: stop.signal,
      onEntry: (entry) =>
        entry.kind === "command" && setTimeout(() => stop.abort(new Error("stopped by the test")), 200),
    });
    expect(statesOf(result)).toEqual({ a: "cancelled" });
    expect(resultsOf(await run.entries(), "a").map(briefly)).toEqual(["cancelled null probe withdrawn"]);
    expect((await run.run(plan("test ! -e begun"))).status).toBe("done");
    await usedAgain(run);
  });
});

hardCases("the end of time", ({ shell, test, project }) => {
  test("ends what waits, what asks, what became another program, and says how", async () => {
    const run = await project();
    await writeFile(
      join(run.workspace, "remote.sh"),
      "stty -echo; printf 'password: '; read -r word; stty echo; PS1='remote$ ' exec sh -i\n",
    );
    const session = "timed_out session_end";
    const cases: Readonly<Record<string, readonly [command: string, how: string]>> = {
      // An interactive shell takes no notice of either key; nothing of ours is typed at its prompt.
      nested: ["sh -i", session],
      became: ["exec sh -i", session],
      remote: ["sh remote.sh", "timed_out ctrl_c"],
      reads: [shell === "fish" ? "read answer" : "read -r answer", "timed_out ctrl_c"],
      // Ctrl-C is only a byte there.
      raw: [program("stty raw -echo; exec cat"), session],
      stopped: [shell === "fish" ? "kill -STOP $fish_pid" : "kill -STOP $$", session],
      waits: ["sleep 60", "timed_out ctrl_c"],
    };
    const names = Object.keys(cases);
    const roles = names.map((name) => `  ${name}: { shell: ${shell} }`).join("\n");
    const tasks = names
      .map((name) => `  - { id: ${name}, role: ${name}, run: ${yamlText(cases[name]?.[0] ?? "")}, timeout: 2s }`)
      .join("\n");
    const result = await run.run(`max_sessions: ${names.length}\nroles:\n${roles}\ntasks:\n${tasks}`);
    const entries = await run.entries();
    const how = Object.fromEntries(
      names.map((name) => [
        name,
        resultsOf(entries, name)
          .map((entry) => `${entry.outcome} ${entry.means}`)
          .join(),
      ]),
    );
    expect(how).toEqual(Object.fromEntries(names.map((name) => [name, cases[name]?.[1]])));
    expect(Object.values(statesOf(result))).toEqual(names.map(() => "failed"));
    // What could not be stopped is gone with its session.
    const alive = (await run.server.list())
      .map((each) => each.name)
      .filter((name) => name.startsWith(`proj-${run.project.project_id}.`));
    expect(alive.sort()).toEqual(
      ["reads", "remote", "waits"].map((name) => `proj-${run.project.project_id}.${name}.1`),
    );
  });

  test("of a task that is tried again: each try is interrupted, each reason is in the record, in order", async () => {
    const run = await project();
    const result = await run.run(
      `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: sleep 60, timeout: 500ms, retries: { attempts: 3, backoff: 50ms } }]`,
    );
    expect(statesOf(result)).toEqual({ a: "failed" });
    const order = (await run.entries())
      .filter((entry) => entry.task_id === "a" && (entry.kind === "task" || entry.step === 0))
      .map((entry) => `${entry.kind} ${entry.event ?? entry.outcome ?? ""} ${entry.attempt ?? ""}`.trim());
    const attempt = (number: number, after: string): string[] => [
      `task started ${number}`,
      `command  ${number}`,
      `result timed_out ${number}`,
      `task ${after} ${number}`,
    ];
    expect(order).toEqual([
      "task planned",
      ...attempt(1, "retrying"),
      ...attempt(2, "retrying"),
      ...attempt(3, "failed"),
    ]);
    const retries = (await run.entries("task")).filter((entry) => entry.event === "retrying");
    for (const retry of retries) expect(retry.reason).toBe('"sleep 60" timed out');
  });
});
