import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import type { Hit } from "../../../src/core/ports/targets";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { FakeProject } from "../../support/fakeProject";
import { projectOf } from "../../support/heldCommands";

function judged(): FakeProject {
  const project = projectOf();
  project.policy = createDefaultPolicy();
  return project;
}

const asked = ({ entries }: FakeProject): readonly ContextEntry[] =>
  entries.filter(({ kind }) => kind === "approval_needed");

const wholeRecord: Hit = {
  records: [{ effect: "delete", workspace: undefined, isWhole: true, project_ids: ["a"] }],
  files: [],
  overwritten: { files: [], count: 0 },
  changes: { names: [], count: 0 },
  stashes: { lost: 0, of: 0 },
};

const plan = (env: string): string => `
roles: { worker: { env: ${env} }, other: {} }
tasks:
  - { id: one, role: worker, run: one }
  - { id: two, role: worker, run: two }
  - { id: free, role: other, run: free }`;

const risky = plan('{ PROMPT_COMMAND: "rm -rf v1", CI: "1" }');

describe("a role whose settings run something", () => {
  it("is asked about once, whole, before there is a session of it; other roles go on", async () => {
    const project = judged();
    const result = await project.run(risky);
    expect(result.status).toBe("waiting");
    expect(asked(project)).toHaveLength(1);
    expect(asked(project)[0]).toMatchObject({
      input: "PROMPT_COMMAND=rm -rf v1",
      role: "worker",
      task_id: "one",
      rule: "environment-runs-at-prompt",
      options: ["run", "skip"],
      text: expect.stringMatching(
        /^one needs approval to start sessions of the role worker: The role worker sets PROMPT_COMMAND/,
      ) as string,
    });
    expect((await project.server.list()).map(({ name }) => name)).toEqual(["proj-alpha.other.1"]);
    expect(project.commands).toEqual(["free"]);
  });

  it("says what its program would hit", async () => {
    const project = judged();
    const looked: unknown[] = [];
    project.folders.hitBy = (targets) => {
      looked.push(...targets);
      return Promise.resolve(wholeRecord);
    };
    await project.run(`
roles: { worker: { program: "sh -c 'rm -rf .orchestrator'" } }
tasks: [{ id: one, role: worker, run: one }]`);
    expect(looked).toEqual([expect.objectContaining({ kind: "files", effect: "delete", recursive: true })]);
    expect(asked(project)[0]?.reason).toMatch(
      /It would delete the \.orchestrator folder with the logs of 1 project \(a\)\.$/,
    );
  });

  it("starts once a person said yes, for all tasks of the role", async () => {
    const project = judged();
    const run = await project.begin(risky, { waitForAnswers: true });
    await project.until(run, () => asked(project).length > 0);
    project.answer(project.question("one"), "run");
    expect((await run.result).status).toBe("done");
    expect([...project.commands].sort()).toEqual(["free", "one", "two"]);
    expect(asked(project)).toHaveLength(1);
  });

  it("starts in the next run for an answer that was given between, and is asked about anew in a later one", async () => {
    const project = judged();
    await project.run(risky);
    project.answer(project.question("one"), "run");
    expect((await project.run(risky)).status).toBe("done");
    expect(asked(project)).toHaveLength(1);
    for (const { name } of await project.server.list()) await project.server.kill(name);
    expect((await project.run(risky, { again: true })).status).toBe("waiting");
    expect(asked(project)).toHaveLength(2);
  });

  it("uses a session that was allowed and still lives without another question", async () => {
    const project = judged();
    await project.run(risky);
    project.answer(project.question("one"), "run");
    await project.run(risky);
    expect((await project.run(risky, { again: true })).status).toBe("done");
    expect(asked(project)).toHaveLength(1);
  });

  it("is skipped with its tasks when a person says no", async () => {
    const project = judged();
    const run = await project.begin(risky, { waitForAnswers: true });
    await project.until(run, () => asked(project).length > 0);
    project.answer(project.question("one"), "skip");
    const result = await run.result;
    expect(FakeProject.states(result)).toEqual({ one: "skipped", two: "skipped", free: "succeeded" });
    expect((await project.server.list()).map(({ name }) => name)).toEqual(["proj-alpha.other.1"]);
  });

  it("is asked about anew when its settings changed, and when the answer came with a clone", async () => {
    const project = judged();
    await project.run(risky);
    project.answer(project.question("one"), "run");
    expect((await project.run(plan('{ PROMPT_COMMAND: "rm -rf v2" }'))).status).toBe("waiting");
    expect(asked(project).at(-1)).toMatchObject({ input: "PROMPT_COMMAND=rm -rf v2" });

    const foreign = judged();
    await foreign.run(risky);
    const { id } = foreign.question("one");
    foreign.shared.add({
      kind: "answer",
      actor: "human:mallory",
      session_name: null,
      text: "mallory allowed it.",
      answer: "run",
      task_id: "one",
      refs: [{ type: "entry", id }],
    });
    expect((await foreign.run(risky)).status).toBe("waiting");
    expect(asked(foreign)).toHaveLength(2);
    expect(asked(foreign)[1]?.reason).toMatch(/mallory allowed it in the log, but not as you on this machine/);
    expect((await foreign.server.list()).map(({ name }) => name)).toEqual(["proj-alpha.other.1"]);
  });

  it.each(['{ CI: "1", NODE_ENV: test }', "{ EDITOR: vim, PAGER: cat, PATH: /opt/x/bin:/bin }"])(
    "is no role with %s",
    async (env) => {
      const project = judged();
      expect((await project.run(plan(env))).status).toBe("done");
      expect(asked(project)).toHaveLength(0);
    },
  );

  it("may have a program, which is judged as the command that it is", async () => {
    const project = judged();
    await project.run(`
roles: { worker: { program: "sh -c 'rm -rf v1'" } }
tasks: [{ id: one, role: worker, run: one }]`);
    expect(asked(project)[0]).toMatchObject({ input: "program: sh -c 'rm -rf v1'" });
    expect(await project.server.list()).toEqual([]);
  });
});
