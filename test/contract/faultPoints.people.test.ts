import { allowAll } from "../support/policies";
import { describe, expect } from "vitest";
import type { SessionServer } from "../../src/core/ports/sessions";
import type { Policy } from "../../src/core/ports/safety";
import { overriding } from "../support/projectHarness";
import { serverKinds } from "../support/servers";
import { type FatalPoint, runUntilDeath } from "../support/suddenDeath";
import { answer, append, fatalRuns, questions, ran, states, three, typing } from "../support/fatalRuns";

describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))("a runner that dies on $title", (kind) => {
  const { test, shellTest, client, harness, dies } = fatalRuns(kind);

  describe("beside a command that a person has to allow", () => {
    const asking: Policy = {
      ...allowAll,
      decide: (command) => ({
        verdict: command.includes("two") ? "ask" : "allow",
        reason: "It is two.",
        rule: "test",
      }),
    };

    test.each<[string, FatalPoint]>([
      ["before the question", append("before", { kind: "approval_needed" })],
      ["after the question", append("after", { kind: "approval_needed" })],
    ])("%s: it is asked once", async (_, point) => {
      const project = await harness(asking);
      await dies(project, three, point);
      for (let round = 0; round < 2; round++) expect((await project.run(three)).status).toBe("waiting");
      expect(await questions(project)).toHaveLength(1);
      await answer(project, (await questions(project))[0], "run");
      expect((await project.run(three)).status).toBe("done");
      expect(await ran(project)).toEqual(["one", "two", "three"]);
    });

    test.each<[string, FatalPoint]>([
      ["the task is started", append("after", { kind: "task", event: "started" })],
      ["it is written that it will be typed", append("after", { kind: "command", step: 1 })],
      ["it is typed", typing("after", "two")],
    ])("that was allowed, once %s: nobody is asked again", async (_, point) => {
      const project = await harness(asking);
      expect((await project.run(three)).status).toBe("waiting");
      await answer(project, (await questions(project))[0], "run");
      await dies(project, three, point);
      expect((await project.run(three)).status).toBe("done");
      expect(await questions(project)).toHaveLength(1);
      expect(await ran(project)).toEqual(["one", "two", "three"]);
    });

    shellTest("zsh", "whose danger only its own shell shows: what ran before it does not run again", async () => {
      const project = await harness({
        ...allowAll,
        decide: (command, { shell }) => ({
          verdict: shell === "zsh" && command.includes("two") ? "ask" : "allow",
          reason: "It is two.",
          rule: "test",
        }),
      });
      const plan = three.replace("{ shell: bash }", "{ env: { SHELL: /bin/zsh } }");
      await dies(project, plan, append("after", { kind: "approval_needed" }));
      await answer(project, (await questions(project))[0], "run");
      expect((await project.run(plan)).status).toBe("done");
      expect(await ran(project)).toEqual(["one", "two", "three"]);
    });
  });

  describe.each([
    ["a shell without our marks", "sh", (server: SessionServer): SessionServer => server],
    [
      "a server that cannot resize",
      "bash",
      (server: SessionServer): SessionServer =>
        overriding(server, {
          info: async () => {
            const info = await server.info();
            return { ...info, capabilities: { ...info.capabilities, resize: false } };
          },
          resize: () => Promise.reject(new Error("This server cannot resize.")),
        }),
    ],
  ])("with %s", (_, shell, limited) => {
    const plan = `roles: { w: { shell: ${shell} } }\ntasks: [{ id: a, role: w, run: [echo one >> ran, echo two >> ran; sleep 2, echo three >> ran] }, { id: other, role: w, run: echo other >> other }]`;

    const keys: [string, FatalPoint, readonly string[]][] = [
      ["after the keys", typing("after", "two"), ["one", "two", "three"]],
      ["before the result", append("before", { kind: "result", step: 1 }), ["one", "two", "three"]],
    ];
    // A shell without marks is asked for the end mark that it printed last, or prints it while it is waited for.
    const asked = shell === "sh" ? [] : keys;

    test.each<[string, FatalPoint, readonly string[]]>([
      ["between the command and its keys", append("after", { kind: "command", step: 1 }), ["one", "three"]],
      ...asked,
    ])("%s: a person is asked, nothing is typed again, and other tasks go on", async (__, point, expected) => {
      const project = await harness();
      const { server } = project;
      project.server = limited(server);
      await runUntilDeath(project, limited(client()), plan, point);
      expect(states(await project.run(plan))).toEqual({ a: "unknown", other: "succeeded" });
      expect(await questions(project)).toMatchObject([{ kind: "blocked", task_id: "a" }]);
      await answer(project, (await questions(project))[0], "done");
      expect((await project.run(plan)).status).toBe("done");
      expect(await ran(project)).toEqual(expected);
    });

    test.each(keys.filter((point) => !asked.includes(point)))(
      "%s: its end is known, nobody is asked, and nothing is typed again",
      async (__, point, expected) => {
        const project = await harness();
        project.server = limited(project.server);
        await runUntilDeath(project, limited(client()), plan, point);
        expect(states(await project.run(plan))).toEqual({ a: "succeeded", other: "succeeded" });
        expect(await questions(project)).toEqual([]);
        expect(await ran(project)).toEqual(expected);
      },
    );
  });
});
