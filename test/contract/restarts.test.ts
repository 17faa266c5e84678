import { agentCatalog } from "../../src/core/session/agentCatalog";
import { expect } from "vitest";
import { requestRestart } from "../../src/core/people/runnerRequests";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import { restartSession } from "../../src/core/session/sessionRestart";
import { createFolders } from "../../src/adapters/machine/folders";
import { createIds } from "../../src/adapters/ledger/ids";
import { parsePlan } from "../../src/core/model/plan";
import { putLauncher } from "../../src/adapters/machine/cliLauncher";
import { hardCases, statesOf } from "../support/hardCases";
import { temporaryFolder } from "../support/localAddresses";
import type { ProjectHarness } from "../support/projectHarness";
import { type FatalPoint, runUntilDeath } from "../support/suddenDeath";
import { silentLogger, systemClock } from "../support/systemClock";
import { join } from "node:path";
import { readFile, writeFile } from "node:fs/promises";
import { openRoles } from "../support/policies";

const first = ({ project }: ProjectHarness): string => `proj-${project.project_id}::w::1`;

/** The first session of role w. */
async function restart(harness: ProjectHarness, session_name = first(harness)): Promise<string> {
  const { server, project } = harness;
  const record = await ProjectRecord.open(await harness.ledger(), silentLogger, { start: "beginning" });
  try {
    const [info, ids, folders] = [await server.info(), createIds(), createFolders()];
    const plan = parsePlan(
      `project: ${project.name}\nroles: { w: { shell: bash } }\ntasks: [{ id: one, role: w, run: ls }]`,
    );
    return await restartSession(
      {
        record,
        server,
        info,
        clock: systemClock,
        ids,
        folders,
        logger: silentLogger,
        project,
        plan,
        roles: openRoles(),
        agents: agentCatalog(),
        agentMachine: undefined,
        workspaceTag: "ws-test",
        defaultShell: "bash",
        commandLine: undefined,
        session_name,
        actor: "human:test",
      },
      new AbortController().signal,
    );
  } finally {
    await record.close();
  }
}

async function askFor(harness: ProjectHarness, session_name: string): Promise<void> {
  const record = await ProjectRecord.open(await harness.ledger(), silentLogger, { start: "beginning" });
  try {
    await requestRestart(record, session_name, "human:test");
  } finally {
    await record.close();
  }
}

async function eventsOf(harness: ProjectHarness, name: string): Promise<(string | undefined)[]> {
  return (await harness.entries("session")).filter((entry) => entry.session_name === name).map((entry) => entry.event);
}

hardCases("a session that is started anew", ({ test, project }) => {
  test("keeps its name, has a shell of its own, and is used by the next run", async () => {
    const run = await project();
    const plan = (id: string): string =>
      `roles: { w: { shell: bash } }\ntasks: [{ id: ${id}, role: w, run: "echo $$ > ${id}" }]`;
    await run.run(plan("one"));
    expect(await restart(run)).toBe(first(run));
    await run.run(plan("two"));
    const [one, two] = await Promise.all(["one", "two"].map((file) => readFile(join(run.workspace, file), "utf8")));
    expect(two).not.toBe(one);
    const events = (await run.entries("session")).map(
      ({ event, session_name }) => `${session_name?.split("::").slice(1).join("::")} ${event}`,
    );
    expect(events).toEqual([
      "w::1 starting",
      "w::1 created",
      "w::1 ended",
      "w::1 starting",
      "w::1 created",
      "w::1 reused",
    ]);
  });

  test("is started anew by the runner that there is, free or with a command, which ends with it", async () => {
    const run = await project();
    const ask = (name: string): Promise<void> => askFor(run, name);
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
          if (entry.kind === "task" && entry.event === "finished" && entry.task_id === "last")
            asked.push(ask(free), ask(busy));
          if (entry.kind === "session" && entry.event === "created" && asked.length > 0 && entry.session_name === free)
            asked.push(writeFile(join(run.workspace, "go"), ""));
        },
      },
    );
    await Promise.all(asked);
    expect(statesOf(result)).toMatchObject({ first: "succeeded", last: "succeeded", more: "succeeded" });
    expect(["failed", "unknown"]).toContain(statesOf(result).between);
    const events = (name: string): Promise<(string | undefined)[]> => eventsOf(run, name);
    expect(await events(free)).toEqual(["starting", "created", "restart_requested", "ended", "starting", "created"]);
    expect(await events(busy)).toEqual(["starting", "created", "restart_requested", "ended", "starting", "created"]);
    expect(
      (await run.entries("command")).filter((entry) => entry.task_id === "more").map((entry) => entry.session_name),
    ).toContain(busy);
  });
});

hardCases("a session whose command keeps running after its task", ({ test, project, client }) => {
  const serve = `{ id: serve, role: w, run: "echo >> starts; echo re''ady; sleep 600", until: { screen: ready } }`;
  const plan = (...more: string[]): string =>
    `roles: { w: { shell: bash }, o: { shell: bash } }\ntasks: [${[serve, ...more].join(", ")}]`;
  const starts = (run: ProjectHarness): Promise<string> => readFile(join(run.workspace, "starts"), "utf8");

  /** A runner that is killed while its command lasts. */
  const untilDeath = (run: ProjectHarness): Promise<void> =>
    runUntilDeath(run, client(), plan(), { when: "after", append: ({ event }) => event === "lasts" });
  const later = plan("{ id: later, role: o, needs: [serve], run: 'true' }");

  test("is restarted by hand, and its task is done again for the one that needs it", async () => {
    const run = await project();
    await untilDeath(run);
    expect(await restart(run)).toBe(first(run));
    expect(statesOf(await run.run(later))).toEqual({ serve: "succeeded", later: "succeeded" });
    expect(await starts(run)).toBe("\n\n");
  });

  test("is started anew by the runner that there is", async () => {
    const run = await project();
    const asked: Promise<void>[] = [];
    const result = await run.run(
      plan(
        "{ id: between, role: o, needs: [serve], run: 'until [ -e go ]; do sleep 0.1; done' }",
        "{ id: later, role: w, needs: [between], run: 'true' }",
      ),
      {
        onEntry: ({ kind, event, task_id, session_name }) => {
          if (kind === "command" && task_id === "between" && asked.length === 0) asked.push(askFor(run, first(run)));
          if (kind === "session" && event === "created" && asked.length === 1 && session_name === first(run))
            asked.push(writeFile(join(run.workspace, "go"), ""));
        },
      },
    );
    await Promise.all(asked);
    expect(statesOf(result)).toEqual({ serve: "succeeded", between: "succeeded", later: "succeeded" });
    expect(await starts(run)).toBe("\n");
    const events = ["starting", "created", "restart_requested", "ended", "starting", "created"];
    expect(await eventsOf(run, first(run))).toEqual(events);
  });

  test("is replaced once it was killed, and its task is done again for the one that needs it", async () => {
    const run = await project();
    await untilDeath(run);
    const wire = (await run.entries("session")).find(({ event }) => event === "starting")?.wire_name ?? "";
    await run.server.kill(wire);
    expect(statesOf(await run.run(later))).toEqual({ serve: "succeeded", later: "succeeded" });
    expect(await starts(run)).toBe("\n\n");
    expect(statesOf(await run.run(later, { again: true }))).toEqual({ serve: "succeeded", later: "succeeded" });
    expect(await starts(run)).toBe("\n\n\n");
  });
});

hardCases(
  "a restart that was asked of a runner that is killed",
  ({ test, project, client }) => {
    const endedFor = new Set<string>();
    const yaml = `roles: { w: { shell: bash, count: 2 }, o: { shell: bash } }
tasks:
  - { id: first, role: w, run: "echo $$ > first" }
  - { id: between, role: o, needs: [first], run: "until [ -e go ]; do sleep 0.1; done" }
  - { id: last, role: w, needs: [between], run: "echo $$ > last" }`;

    for (const [title, point] of [
      ["before it has done anything about it", { when: "before", call: (method) => method === "kill" }],
      [
        "when the old session has ended and before there is a new one",
        {
          when: "before",
          append: ({ event, actor, session_name }) =>
            event === "starting" &&
            session_name?.includes("::w::") === true &&
            endedFor.has(session_name) &&
            actor === "engine",
        },
      ],
    ] as const satisfies readonly (readonly [string, FatalPoint])[]) {
      test(`${title} is the next runner's to do, once`, async () => {
        const run = await project();
        const session = first(run);
        const asked: Promise<void>[] = [];
        await runUntilDeath(run, client(), yaml, point, {
          onEntry: (entry) => {
            if (entry.kind === "command" && entry.task_id === "between" && asked.length === 0)
              asked.push(askFor(run, session));
            if (entry.kind === "session" && entry.event === "ended") endedFor.add(entry.session_name ?? "");
          },
        });
        await Promise.all(asked);
        await writeFile(join(run.workspace, "go"), "");
        expect(statesOf(await run.run(yaml))).toEqual({ first: "succeeded", between: "succeeded", last: "succeeded" });
        const events = ["starting", "created", "restart_requested", "ended", "starting", "created"];
        expect(await eventsOf(run, session)).toEqual(events);
        const [before, after] = await Promise.all(
          ["first", "last"].map((file) => readFile(join(run.workspace, file), "utf8")),
        );
        expect(after).not.toBe(before);
        await run.run(yaml);
        expect(await eventsOf(run, session)).toEqual(events);
      });
    }

    test("is done by a runner that has nothing else to do", async () => {
      const run = await project();
      const plan = `roles: { w: { shell: bash } }\ntasks: [{ id: one, role: w, run: "true" }]`;
      await run.run(plan);
      await askFor(run, first(run));
      await run.run(plan);
      expect(await eventsOf(run, first(run))).toEqual([
        "starting",
        "created",
        "restart_requested",
        "ended",
        "starting",
        "created",
      ]);
    });
  },
  ["bash"],
);

hardCases("the command line in sessions", ({ test, project }) => {
  test("is on the PATH of shells and of programs, behind what stands there, and knows the workspace", async () => {
    const run = await project();
    const folder = join(await temporaryFolder(), "it's here");
    const program = join(run.workspace, "cli.js");
    await writeFile(
      program,
      'require("node:fs").appendFileSync("said", `${process.argv[2]} ${process.env.WSH_ORCHESTRATOR_DIR} ${process.env.WO_PATH}\\n`)',
    );
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
    expect(await readFile(join(run.workspace, "said"), "utf8")).toBe(
      ["bash", "zsh", "fish"].map((shell) => `${shell} ${run.workspace} undefined\n`).join(""),
    );
  });
});
