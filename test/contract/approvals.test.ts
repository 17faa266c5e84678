import { plansHere } from "../../src/core/run/plansHere";
import { writeFile, access } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerQuestion } from "../../src/core/acts/answerQuestion";
import { createProcesses } from "../../src/adapters/machine/processes";
import { systemClock } from "../../src/adapters/machine/systemClock";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import type { ContextEntry } from "../../src/core/model/entry";
import { createDefaultPolicy } from "../../src/core/safety/defaultPolicy";
import { ProjectHarness } from "../support/projectHarness";
import { type RunningServer, serverKinds } from "../support/servers";
import { silentLogger } from "../support/systemClock";
import { noTerminals } from "../support/noTerminals";

const plan = `
roles: { worker: { shell: bash }, other: { shell: bash } }
tasks:
  - { id: clean, role: worker, run: [rm -rf old, rm -rf older] }
  - { id: behind, role: worker, needs: [clean], run: touch behind }
  - { id: independent, role: other, run: touch independent }
`;

let running: RunningServer;
let count = 0;

beforeAll(async () => {
  const [kind] = serverKinds;
  if (!kind) throw new Error("no server");
  running = await kind.start();
});
afterAll(() => running.stop());

async function harness(): Promise<ProjectHarness> {
  const project = await ProjectHarness.create(running.client(), {
    name: `approvals-${++count}`,
    policy: createDefaultPolicy(),
  });
  await writeFile(join(project.workspace, "old"), "");
  await writeFile(join(project.workspace, "older"), "");
  return project;
}

/** Answers as another process does: through the record. */
async function answerAll(project: ProjectHarness, questions: readonly ContextEntry[], text: string): Promise<void> {
  const record = await ProjectRecord.open(await project.ledger(), silentLogger, { start: "beginning" });
  try {
    const by = {
      actor: "human:elsewhere",
      processes: await createProcesses(),
      clock: systemClock,
      consents: project.consents,
      plans: plansHere,
      insideSession: undefined,
      runsHere: false,
    };
    for (const question of questions)
      await answerQuestion(record, by, { question: question.id, text, resume: "no", terminals: noTerminals });
  } finally {
    await record.close();
  }
}

const exists = (project: ProjectHarness, name: string): Promise<boolean> =>
  access(join(project.workspace, name)).then(
    () => true,
    () => false,
  );
const states = (result: { tasks: readonly { id: string; state: string }[] }): Record<string, string> =>
  Object.fromEntries(result.tasks.map((task) => [task.id, task.state]));

describe("a command that destroys something", () => {
  it("is not typed before somebody said yes to each; the rest goes on, and later it does too", async () => {
    const project = await harness();
    const first = await project.run(plan);
    expect(first.status).toBe("waiting");
    expect(states(first)).toEqual({ clean: "blocked", behind: "pending", independent: "succeeded" });
    expect(await exists(project, "old")).toBe(true);
    const questions = await project.entries("approval_needed");
    expect(questions.map((entry) => entry.input)).toEqual(["rm -rf old", "rm -rf older"]);
    expect(questions[0]).toMatchObject({
      human_attention_needed: true,
      options: ["run", "skip"],
      task_id: "clean",
      step: 0,
    });

    await answerAll(project, questions.slice(0, 1), "run");
    expect((await project.run(plan)).status).toBe("waiting");
    expect(await exists(project, "old")).toBe(true);
    expect(await project.entries("approval_needed")).toHaveLength(2);

    await answerAll(project, questions.slice(1), "yes");
    const last = await project.run(plan);
    expect(last.status).toBe("done");
    expect([await exists(project, "old"), await exists(project, "older"), await exists(project, "behind")]).toEqual([
      false,
      false,
      true,
    ]);
    const command = (await project.entries("command")).find((entry) => entry.input === "rm -rf old");
    expect(command?.refs).toContainEqual({ type: "entry", id: questions[0]?.id });
  });

  it("runs while the runner waits, as soon as the answers come from elsewhere", async () => {
    const project = await harness();
    const asked: ContextEntry[] = [];
    const result = await project.run(plan, {
      waitForAnswers: true,
      onEntry: (entry) => {
        if (entry.kind !== "approval_needed") return;
        asked.push(entry);
        if (asked.length === 2) void answerAll(project, asked, "run");
      },
    });
    expect(result.status).toBe("done");
    expect(await exists(project, "old")).toBe(false);
  });

  it("is skipped with everything behind it when somebody says no", async () => {
    const project = await harness();
    await project.run(plan);
    await answerAll(project, (await project.entries("approval_needed")).slice(0, 1), "no");
    const result = await project.run(plan);
    expect(states(result)).toEqual({ clean: "skipped", behind: "skipped", independent: "succeeded" });
    expect(await exists(project, "old")).toBe(true);
  });

  it("is asked about anew when it has changed, and when it is to be done again", async () => {
    const project = await harness();
    await project.run(plan);
    await answerAll(project, await project.entries("approval_needed"), "run");
    await project.run(plan.replace("rm -rf older", "rm -rf oldest"));
    expect((await project.entries("approval_needed")).map((entry) => entry.input)).toEqual([
      "rm -rf old",
      "rm -rf older",
      "rm -rf old",
      "rm -rf oldest",
    ]);
    expect(await exists(project, "old")).toBe(true);
  });

  it("has one answer: who comes second is told who was first", async () => {
    const project = await harness();
    await project.run(plan);
    const questions = (await project.entries("approval_needed")).slice(0, 1);
    await answerAll(project, questions, "run");
    await expect(answerAll(project, questions, "skip")).rejects.toMatchObject({
      code: "already_answered",
      message: expect.stringContaining("elsewhere already answered this question with") as string,
    });
  });
});
