import { expect } from "vitest";
import { requestRestart } from "../../src/core/engine/driverRequests";
import { Journal } from "../../src/core/engine/journal";
import { restartSession } from "../../src/core/engine/sessionRestart";
import { createFolders } from "../../src/adapters/machine/folders";
import { createIds } from "../../src/adapters/ledger/ids";
import { parsePlan } from "../../src/core/model/plan";
import { putLauncher } from "../../src/adapters/machine/cliLauncher";
import { hardCases, statesOf } from "../support/hardCases";
import { temporaryFolder } from "../support/localAddresses";
import type { ProjectHarness } from "../support/projectHarness";
import { silentLogger, systemClock } from "../support/systemClock";
import { join } from "node:path";
import { readFile, writeFile } from "node:fs/promises";

const first = ({ project }: ProjectHarness): string => `proj-${project.project_id}::w::1`;

/** The first session of role w. */
async function restart(harness: ProjectHarness, session_name = first(harness)): Promise<string> {
  const { server, project } = harness;
  const journal = new Journal(await harness.ledger(), silentLogger);
  await journal.open();
  try {
    const [info, ids, folders] = [await server.info(), createIds(), createFolders()];
    const plan = parsePlan(`project: ${project.name}\nroles: { w: { shell: bash } }\ntasks: [{ id: one, role: w, run: ls }]`);
    return await restartSession(
      { journal, server, info, clock: systemClock, ids, folders, logger: silentLogger, project, plan, workspaceTag: "ws-test", defaultShell: "bash", commandLine: undefined, session_name, actor: "human:test" },
      new AbortController().signal,
    );
  } finally {
    await journal.close();
  }
}

hardCases("a session that is started anew", ({ test, project }) => {
  test("keeps its name, has a shell of its own, and is used by the next run", async () => {
    const run = await project();
    const plan = (id: string): string => `roles: { w: { shell: bash } }\ntasks: [{ id: ${id}, role: w, run: "echo $$ > ${id}" }]`;
    await run.run(plan("one"));
    expect(await restart(run)).toBe(first(run));
    await run.run(plan("two"));
    const [one, two] = await Promise.all(["one", "two"].map((file) => readFile(join(run.workspace, file), "utf8")));
    expect(two).not.toBe(one);
    const events = (await run.entries("session")).map(({ event, session_name }) => `${session_name?.split("::").slice(1).join("::")} ${event}`);
    expect(events).toEqual(["w::1 starting", "w::1 created", "w::1 ended", "w::1 starting", "w::1 created", "w::1 reused"]);
  });

  test("is started anew by the driver that there is, free or with a command, which ends with it", async () => {
    const run = await project();
    const ask = async (name: string): Promise<void> => {
      const journal = new Journal(await run.ledger(), silentLogger);
      await journal.open();
      try {
        if (journal.state.lease) await requestRestart(journal, journal.state.lease, name, "human:test");
      } finally {
        await journal.close();
      }
    };
    const asked: Promise<void>[] = [];
    const [free, busy] = ["w", "o"].map((role) => `proj-${run.project.project_id}::${role}::1`) as [string, string];
    const result = await run.run(
      `roles: { w: { shell: bash }, o: { shell: bash } }
tasks:
  - { id: first, role: w, run: "echo ready" }
  - { id: between, role: o, needs: [first], run: "touch begun; exec sleep 600" }
  - { id: last, role: w, needs: [first], run: "until [ -e begun ]; do sleep 0.1; done; echo $$ > last" }
  - { id: more, role: o, needs: [last], run: "until [ -e go ]; do sleep 0.1; done" }`,
      {
        onEntry: (entry) => {
          if (entry.kind === "task" && entry.event === "finished" && entry.task_id === "last") asked.push(ask(free), ask(busy));
          if (entry.kind === "session" && entry.event === "created" && asked.length > 0 && entry.session_name === free) asked.push(writeFile(join(run.workspace, "go"), ""));
        },
      },
    );
    await Promise.all(asked);
    expect(statesOf(result)).toMatchObject({ first: "succeeded", last: "succeeded", more: "succeeded" });
    expect(["failed", "unknown"]).toContain(statesOf(result).between);
    const events = async (name: string): Promise<(string | undefined)[]> => (await run.entries("session")).filter((entry) => entry.session_name === name).map((entry) => entry.event);
    expect(await events(free)).toEqual(["starting", "created", "restart_requested", "ended", "starting", "created"]);
    expect(await events(busy)).toEqual(["starting", "created", "restart_requested", "ended", "starting", "created"]);
    expect((await run.entries("command")).filter((entry) => entry.task_id === "more").map((entry) => entry.session_name)).toContain(busy);
  });
});

hardCases("the command line in sessions", ({ test, project }) => {
  test("is on the PATH of shells and of programs, behind what stands there, and knows the workspace", async () => {
    const run = await project();
    const folder = join(await temporaryFolder(), "it's here");
    const program = join(run.workspace, "cli.js");
    await writeFile(program, 'require("node:fs").appendFileSync("said", `${process.argv[2]} ${process.env.WSH_ORCHESTRATOR_DIR} ${process.env.WO_PATH}\\n`)');
    await putLauncher({ folder, runtime: process.execPath, program });
    const result = await run.run(
      `roles: { b: { shell: bash }, z: { shell: zsh }, f: { shell: fish } }
tasks:
  - { id: b, role: b, run: wsh-orchestrator bash }
  - { id: z, role: z, needs: [b], run: wsh-orchestrator zsh }
  - { id: f, role: f, needs: [z], run: wsh-orchestrator fish }`,
      { commandLine: { folder, workspace: run.workspace } },
    );
    expect(statesOf(result)).toEqual({ b: "succeeded", z: "succeeded", f: "succeeded" });
    expect(await readFile(join(run.workspace, "said"), "utf8")).toBe(["bash", "zsh", "fish"].map((shell) => `${shell} ${run.workspace} undefined\n`).join(""));
  });
});
