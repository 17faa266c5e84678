import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { FaultProxy } from "../support/faultProxy";
import { overriding, ProjectHarness } from "../support/projectHarness";
import { needsResize, type RunningServer, serverKinds } from "../support/servers";
import { rowsOf, untilRow } from "../support/sessionProbe";
import { testWithShell } from "../support/shellTest";
import { until } from "../support/until";

const states = (result: { tasks: readonly { id: string; state: string }[] }): Record<string, string> =>
  Object.fromEntries(result.tasks.map((task) => [task.id, task.state]));
const ran = (project: ProjectHarness): Promise<string> =>
  readFile(join(project.workspace, "ran"), "utf8").catch(() => "");

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))(
  "a project on the $title while the way to it is bad",
  ({ start, missing }) => {
    const test = missing === undefined ? it : it.skip;
    const shellTest =
      missing === undefined ? testWithShell : (_shell: string, name: string): unknown => it.skip(name, () => undefined);
    let running: RunningServer;
    let server: WshServer;
    let proxy: FaultProxy;
    let count = 0;

    beforeAll(async () => {
      if (missing !== undefined) return;
      running = await start();
      server = running.client();
    });
    beforeEach(async (context) => {
      if (missing !== undefined) return;
      proxy = await FaultProxy.start(running.address);
      await needsResize(context, server);
    });
    afterEach(async () => {
      if (missing === undefined) await proxy.stop();
    });
    afterAll(async () => {
      if (missing === undefined) await running.stop();
    });

    const harness = (client: WshServer = running.client(proxy.address)): Promise<ProjectHarness> =>
      ProjectHarness.create(client, { name: `faults-${++count}` });
    const events = async (project: ProjectHarness, event: string): Promise<number> =>
      (await project.entries("state")).filter((entry) => entry.event === event).length;
    const wireOf = (project: ProjectHarness): string => `proj-${project.project.project_id}.w.1`;

    for (const shell of ["bash", "zsh", "fish"]) {
      shellTest(
        shell,
        `${shell}: a break in the middle of a command loses neither its end nor its output, and says that bytes were missed`,
        async () => {
          const project = await harness();
          const run = project.run(
            `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: "echo x >> ran; echo before; sleep 1; echo after; sleep 1; sh -c 'exit 4'" }]`,
          );
          await until("it runs", async () => (await ran(project)) !== "");
          for (const line of ["before", "after"]) {
            await untilRow(server, wireOf(project), line);
            proxy.cut();
          }
          expect(states(await run)).toEqual({ a: "failed" });
          expect(await ran(project)).toBe("x\n");
          const result = (await project.entries("result")).at(-1);
          expect(result).toMatchObject({ outcome: "exited", exit_code: 4, complete: false });
          expect(result?.output).toMatch(/before\n(.*\n)*after/);
        },
      );

      shellTest(shell, `${shell}: an end that came while the connection was away is asked of the prompt`, async () => {
        const project = await harness();
        const run = project.run(
          `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: "echo x >> ran; sleep 0.5; sh -c 'exit 5'; echo y >> ran; sh -c 'exit 6'" }]`,
        );
        await until("it runs", async () => (await ran(project)) !== "");
        proxy.mode = "refuse";
        proxy.cut();
        await until("it has ended", async () => (await ran(project)).includes("y"));
        await until(
          "the prompt is back",
          async () =>
            rowsOf(await server.screen(wireOf(project), "plain"))
              .at(-1)
              ?.endsWith("y >> ran; sh -c 'exit 6'") !== true,
        );
        proxy.mode = "pass";
        expect(states(await run)).toEqual({ a: "failed" });
        expect((await project.entries("result")).at(-1)).toMatchObject({
          outcome: "exited",
          exit_code: 6,
          known_by: "probe",
        });
      });

      shellTest(
        shell,
        `${shell}: keys that were lost on the way are typed again, those of which only the answer was lost are not`,
        async () => {
          for (const mode of ["lose_requests", "lose_answers"] as const) {
            const project = await harness();
            await project.run(`roles: { w: { shell: ${shell} } }\ntasks: [{ id: first, role: w, run: "true" }]`);
            proxy.only = "/input ";
            const { server: client } = project;
            let faulty = 2;
            project.server = overriding(client, {
              sendInput: async (name, data, signal) => {
                if (faulty-- > 0) proxy.mode = mode;
                await client.sendInput(name, data, signal).finally(() => (proxy.mode = "pass"));
              },
            });
            const result = await project.run(
              `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: ["echo one >> ran", "echo two >> ran"] }]`,
            );
            expect([mode, states(result), await ran(project)]).toEqual([mode, { a: "succeeded" }, "one\ntwo\n"]);
            proxy.only = "";
          }
        },
      );
    }

    test("waits for a server that is away, and says so once in each record; what ran goes on", async () => {
      const client = running.client(proxy.address);
      const projects = [await harness(client), await harness(client)];
      const runs = projects.map((project) =>
        project.run(
          "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: [echo one >> ran; sleep 1, echo two >> ran, echo three >> ran; sleep 3] }]",
        ),
      );
      await until("both run", async () => (await Promise.all(projects.map(ran))).every((text) => text !== ""));
      proxy.mode = "refuse";
      proxy.cut();
      await until("it is said", async () =>
        (await Promise.all(projects.map((project) => events(project, "server_away")))).every((times) => times === 1),
      );
      proxy.mode = "pass";
      for (const [index, project] of projects.entries()) {
        expect(states((await runs[index]) ?? { tasks: [] })).toEqual({ a: "succeeded" });
        expect(await ran(project)).toBe("one\ntwo\nthree\n");
        expect([
          await events(project, "server_away"),
          await events(project, "server_back"),
          await events(project, "server_gone"),
        ]).toEqual([1, 1, 0]);
      }
    });

    test("a session whose name somebody else took meanwhile is not ours: nothing is typed there", async () => {
      const project = await harness();
      const run = project.run(
        "roles: { w: { shell: bash } }\ntasks:\n  - { id: a, role: w, run: [echo one >> ran; sleep 30, echo two >> ran] }\n  - { id: b, role: w, run: echo b >> ran }",
      );
      await until("it runs", async () => (await ran(project)) !== "");
      proxy.mode = "refuse";
      proxy.cut();
      const wire = wireOf(project);
      await server.kill(wire);
      await until("the name is free", async () => (await server.get(wire)) === undefined);
      await server.create({ name: wire, command: "stty -echo; echo READY; cat" });
      await untilRow(server, wire, "READY");
      proxy.mode = "pass";
      expect(states(await run)).toEqual({ a: "unknown", b: "succeeded" });
      expect((await project.entries("blocked")).map((entry) => entry.task_id)).toEqual(["a"]);
      expect(await ran(project)).toBe("one\nb\n");
      expect(rowsOf(await server.screen(wire, "plain"))).toEqual(["READY"]);
      await server.kill(wire);
    });

    test("a session that vanishes between two calls takes no line with it: another one runs it, once", async () => {
      const project = await harness();
      const { server: client } = project;
      let killed = false;
      project.server = overriding(client, {
        sendInput: async (name, data, signal) => {
          if (!killed && data.toString().includes("echo one")) {
            killed = true;
            await client.kill(name);
          }
          await client.sendInput(name, data, signal);
        },
      });
      const result = await project.run(
        "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: echo one >> ran }]",
      );
      expect([killed, states(result), await ran(project)]).toEqual([true, { a: "succeeded" }, "one\n"]);
    });
  },
);
