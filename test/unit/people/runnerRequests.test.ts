import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { parsePlan } from "../../../src/core/model/plan";
import { requestRetry } from "../../../src/core/people/runnerRequests";
import { SharedRecord } from "../../support/sharedRecord";

const plan = parsePlan(`
project: alpha
goal: test
roles: { worker: {} }
tasks: [{ id: one, role: worker, run: [ask this, ask that] }]`);

/** A record in which a person was asked about two commands of a task. */
class Scene {
  readonly shared = new SharedRecord();
  readonly questions: readonly ContextEntry[];

  constructor() {
    this.task("blocked");
    this.questions = [0, 1].map((step) => this.#asks("approval_needed", ["run", "skip"], step));
  }

  task(state: string): void {
    const event = state === "running" ? "started" : state;
    this.shared.add({ kind: "task", actor: "engine", session_name: null, task_id: "one", event, state, text: "" });
  }

  blocks(): void {
    this.task("blocked");
    this.#asks("blocked", ["retry", "skip"]);
  }

  allow(question: ContextEntry | undefined): void {
    const refs = [{ type: "entry", id: question?.id ?? "" }];
    const about = { actor: "human:other", session_name: null, task_id: "one", answer: "run", text: "" };
    this.shared.add({ ...about, kind: "answer", refs });
  }

  async retry(): Promise<ContextEntry> {
    const record = await this.shared.record();
    return requestRetry(record, plan, "one", "human:test").finally(() => record.close());
  }

  #asks(kind: string, options: string[], step = 0): ContextEntry {
    const about = { actor: "engine", session_name: null, task_id: "one", human_attention_needed: true, text: "" };
    return this.shared.add({ ...about, kind, options, step });
  }
}

describe("a task once more", () => {
  it("is refused while a person is asked about a command of it, and names the question that has no answer", async () => {
    const scene = new Scene();
    const [first, second] = scene.questions;
    scene.allow(second);
    await expect(scene.retry()).rejects.toMatchObject({
      code: "usage",
      remedy: { kind: "answer_question", entry_id: first?.id, options: ["run", "skip"] },
    });
  });

  it("is refused while what was allowed only waits for a run, which is what helps", async () => {
    const scene = new Scene();
    for (const question of scene.questions) scene.allow(question);
    await expect(scene.retry()).rejects.toMatchObject({
      code: "usage",
      remedy: { kind: "run_project", project: "alpha" },
    });
  });

  it("is possible when it was blocked after all of its commands were allowed", async () => {
    const scene = new Scene();
    for (const question of scene.questions) scene.allow(question);
    scene.task("running");
    scene.blocks();
    expect((await scene.retry()).event).toBe("retry_requested");
  });
});
