import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { answer, questions, ran, states } from "../support/fatalRuns";
import { overriding, ProjectHarness } from "../support/projectHarness";
import { type RunningServer, serverKinds } from "../support/servers";
import { runUntilDeath } from "../support/suddenDeath";
import { until } from "../support/until";

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))(
  "a $title that is killed",
  ({ start, missing }) => {
    const test = missing ? it.skip : it;
    let running: RunningServer;
    let client: WshServer | undefined;
    let count = 0;

    beforeAll(async () => {
      if (!missing) running = await start();
    });
    afterEach(async () => {
      if (!missing) await running.restart();
    });
    afterAll(async () => {
      if (!missing) await running.stop();
    });

    const harness = (): Promise<ProjectHarness> => {
      client = running.client();
      return ProjectHarness.create(client, { name: `server-${++count}` });
    };
    /** Whoever runs a project has heard its server just before. */
    const restarted = async (): Promise<void> => {
      await running.restart();
      client?.heard();
    };
    /** What the project's newest sessions are, by the record. */
    const sessionEvents = async (project: ProjectHarness): Promise<string[]> =>
      (await project.entries("session")).map((entry) => entry.event ?? "");

    /** One task in the middle of a command, one between two, one that only waits for its turn, one done. */
    const plan = `
roles: { w: { shell: bash }, v: { shell: zsh }, u: { shell: bash } }
tasks:
  - { id: done, role: w, run: echo done >> ran }
  - { id: open, role: w, needs: [done], run: [echo one >> ran, echo two >> ran; sleep 60, echo three >> ran] }
  - { id: also, role: v, needs: [done], run: echo also >> ran; sleep 60 }
  - { id: later, role: u, needs: [open], run: echo later >> ran }
`;
    const sleeping = async (project: ProjectHarness): Promise<unknown> =>
      until("both run", async () => (await ran(project)).includes("two") && (await ran(project)).includes("also"));

    async function goesOn(project: ProjectHarness): Promise<void> {
      for (let round = 0; round < 2; round++)
        expect(states(await project.run(plan))).toMatchObject({ done: "succeeded", open: "unknown", also: "unknown" });
      expect((await questions(project)).map((entry) => [entry.kind, entry.task_id]).sort()).toEqual([
        ["blocked", "also"],
        ["blocked", "open"],
      ]);
      expect([...(await ran(project))].sort()).toEqual(["also", "done", "one", "two"]);
      // Where the server has no id, a session that is gone may as well have ended by itself.
      const { restarts } = (await project.server.info()).capabilities;
      expect(
        (await sessionEvents(project)).filter((event) => event === "lost" || (!restarts && event === "ended")),
      ).toHaveLength(2);
      for (const question of await questions(project)) await answer(project, question, "done");
      expect((await project.run(plan)).status).toBe("done");
      expect([...(await ran(project))].sort()).toEqual(["also", "done", "later", "one", "three", "two"]);
      expect(await questions(project)).toHaveLength(2);
    }

    test("while a runner waits for commands: they are unknown, a person is asked once for each, and the rest goes on in new sessions", async () => {
      const project = await harness();
      const run = project.run(plan);
      await sleeping(project);
      await restarted();
      const result = await run;
      expect(states(result)).toMatchObject({ done: "succeeded", open: "unknown", also: "unknown" });
      await goesOn(project);
    });

    test("when its runner is dead too, as after a power cut: the sessions are lost, and nothing is typed twice", async () => {
      const project = await harness();
      await runUntilDeath(
        project,
        running.client(),
        plan,
        { when: "before", append: (draft) => draft.kind === "heartbeat" },
        { heartbeatMs: 1500 },
      );
      await sleeping(project);
      await restarted();
      await goesOn(project);
    });

    test("between two commands of a task: none of those before is typed again, and the next one only when it provably did not arrive", async () => {
      const project = await harness();
      const twoSteps =
        "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: [echo one >> ran, echo two >> ran] }]";
      const { server } = project;
      let killed = false;
      project.server = overriding(server, {
        sendInput: async (name, data) => {
          if (!killed && data.toString().includes("two")) {
            killed = true;
            await running.crash();
          }
          await server.sendInput(name, data);
        },
      });
      const result = await project.run(twoSteps);
      expect(result.problem).toMatchObject({ code: "server_unreachable" });
      await restarted();
      project.server = server;
      const { a } = states(await project.run(twoSteps));
      // Keys that went into a connection of a server that had just died may have arrived, as far as anybody can tell:
      // then a person is asked.
      expect(["succeeded", "unknown"]).toContain(a);
      expect(await ran(project)).toEqual(a === "succeeded" ? ["one", "two"] : ["one"]);
      expect(await questions(project)).toHaveLength(a === "succeeded" ? 0 : 1);
    });

    test("while sessions are made: the next run makes them", async () => {
      const project = await harness();
      const one = "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: echo one >> ran }]";
      await runUntilDeath(project, running.client(), one, { when: "after", call: (method) => method === "create" });
      await restarted();
      expect((await project.run(one)).status).toBe("done");
      expect(await ran(project)).toEqual(["one"]);
      expect(await sessionEvents(project)).toEqual(["starting", "lost", "starting", "created"]);
    });
  },
);
