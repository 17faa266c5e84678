import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addNote } from "../../../src/core/acts/addNote";
import { answerQuestion, type AnswerQuestionRequest } from "../../../src/core/acts/answerQuestion";
import { claimQuestion } from "../../../src/core/acts/claimQuestion";
import { retryTask, type RetryTaskResult } from "../../../src/core/acts/retryTask";
import { seeQuestion } from "../../../src/core/acts/seeQuestion";
import { snoozeQuestion } from "../../../src/core/acts/snoozeQuestion";
import { stopProject, type StopProjectResult } from "../../../src/core/acts/stopProject";
import { ActScene } from "./actingFakes";
import { noTerminals } from "../../support/noTerminals";

let scene: ActScene;
beforeEach(async () => {
  scene = await ActScene.open();
});
afterEach(() => scene.close());

const never = new AbortController().signal;
const kinds = (): string[] => scene.shared.entries.map(({ kind, event }) => (event === undefined ? kind : event));

describe("an answer", () => {
  const answer = async (
    question: string,
    more: Partial<Pick<AnswerQuestionRequest, "resume" | "wait">> & { readonly text?: string } = {},
  ) => {
    const request = { question, text: "r", resume: "no", terminals: noTerminals, ...more } as const;
    const given = await answerQuestion(scene.record, scene.by, request);
    if (!given) throw new Error("Nobody was to be asked about it.");
    return given;
  };

  it("is the option that is meant, and is saved where nothing runs", async () => {
    await scene.task("failed", "failed");
    const { id } = await scene.question("build");
    const given = await answer(id);
    expect(given).toMatchObject({ entry: { kind: "answer", answer: "retry", task_id: "build" } });
    expect(given.follows).toBe("saved_not_running");
    await expect(answer(id)).rejects.toMatchObject({ code: "already_answered" });
  });

  it("resumes the project for who wants that, once a task waits for it", async () => {
    await scene.task("failed", "failed");
    const [about, loose] = [await scene.question("build"), await scene.question()];
    expect((await answer(about.id, { resume: "if_it_waits" })).follows).toBe("resume_here");
    expect((await answer(loose.id, { resume: "if_it_waits" })).follows).toBe("nothing");
    const other = await scene.question();
    expect((await answer(other.id, { resume: "yes" })).follows).toBe("resume_here");
  });

  it("is for the process that runs the project, and for nobody else when that is waited for and ends first", async () => {
    await scene.task("failed", "failed");
    await scene.runs(7);
    const [first, second] = [await scene.question("build"), await scene.question("build")];
    expect((await answer(first.id, { resume: "yes" })).follows).toBe("runner_applies_it");
    const applied = answer(second.id, { resume: "yes", wait: never });
    await scene.pass();
    await scene.task("answered", "pending");
    expect((await applied).follows).toBe("runner_applies_it");
    await scene.task("failed", "failed");
    const late = answer((await scene.question("build")).id, { resume: "yes", wait: never });
    await scene.pass();
    await scene.ends();
    expect((await late).follows).toBe("resume_here");
  });

  it("to do a task is refused where nothing runs and the plan does not have it", async () => {
    await scene.task("failed", "failed");
    const { id } = await scene.question("build");
    scene.shared.plan = "project: alpha\nroles: { w: {} }\ntasks:\n  - { id: other, role: w, run: x }\n";
    await expect(answer(id)).rejects.toMatchObject({
      code: "usage",
      message: "The plan of alpha no longer has build, so what it does is unknown.",
    });
    expect((await answer(id, { text: "skip" })).entry.answer).toBe("skip");
  });

  it("is refused with the options, or when there is no such question", async () => {
    const { id } = await scene.question("build");
    await expect(answer(id, { text: "maybe" })).rejects.toMatchObject({ code: "usage" });
    await expect(answer("E99")).rejects.toMatchObject({ code: "entry_not_found" });
    expect(kinds()).not.toContain("answer");
  });

  it("tells who was first when two answer at the same moment", async () => {
    const { id } = await scene.question("build");
    scene.shared.add({
      kind: "answer",
      actor: "human:bob",
      session_name: null,
      answer: "skip",
      text: "skip",
      refs: [{ type: "entry", id }],
    });
    await expect(answer(id)).rejects.toMatchObject({
      code: "already_answered",
      message: expect.stringMatching(/^bob already answered this question with skip, at/) as string,
    });
  });
});

describe("a note", () => {
  it("is trimmed, and about the session that is named", async () => {
    scene.shared.add({
      kind: "session",
      actor: "engine",
      session_name: "proj-alpha::w::1",
      event: "created",
      state: "idle",
      text: "",
    });
    await scene.pass();
    expect((await addNote(scene.record, scene.by, { text: " new key \n" })).entry).toMatchObject({
      kind: "note",
      actor: "human:ada",
      session_name: null,
      text: "new key",
    });
    expect((await addNote(scene.record, scene.by, { text: "look", session: "w::1" })).entry.session_name).toBe(
      "proj-alpha::w::1",
    );
  });

  it("is refused when it is empty or about nothing", async () => {
    await expect(addNote(scene.record, scene.by, { text: " \n" })).rejects.toMatchObject({ code: "usage" });
    await expect(addNote(scene.record, scene.by, { text: "x", session: "w::9" })).rejects.toMatchObject({
      code: "session_not_found",
    });
    expect(scene.shared.entries).toEqual([]);
  });
});

describe("stop", () => {
  it("says that nothing runs, also after a process that is gone", async () => {
    expect(await stopProject(scene.record, scene.by, {})).toEqual({ how: "not_running" });
    await scene.runs(7);
    scene.alive.delete(7);
    expect(await stopProject(scene.record, scene.by, {})).toEqual({ how: "not_running" });
    expect(kinds()).toEqual(["claimed"]);
  });

  it("asks the process that runs the project, and waits when that is wanted", async () => {
    await scene.runs(7);
    expect(await stopProject(scene.record, scene.by, {})).toMatchObject({
      how: "asked",
      runner: "process 7",
      entry: { event: "stop_requested", generation: 1 },
    });
    let result: StopProjectResult | undefined;
    void stopProject(scene.record, scene.by, { wait: never }).then((stopped) => (result = stopped));
    await scene.pass(2000);
    expect(result).toBeUndefined();
    await scene.ends();
    expect(result).toMatchObject({ how: "ended" });
  });

  it("gives up after 30 s, and keeps no timer", async () => {
    await scene.runs(7);
    const stopped = stopProject(scene.record, scene.by, { wait: never });
    const refused = expect(stopped).rejects.toMatchObject({
      code: "timeout",
      message: "alpha did not stop within 30 s; it still runs in process 7.",
    });
    await scene.pass(30_000);
    await refused;
    expect(scene.clock.pending).toBe(0);
  });

  it("stops a run of its own process without a word to the record", async () => {
    await scene.runs(1);
    scene.runsHere = true;
    let stopped = 0;
    expect(await stopProject(scene.record, scene.by, { stopHere: () => stopped++ })).toEqual({ how: "stopped_here" });
    expect([stopped, kinds()]).toEqual([1, ["claimed"]]);
  });
});

describe("a retry", () => {
  const retry = (task = "build", signal = never): Promise<RetryTaskResult> =>
    retryTask(scene.record, scene.by, { task, plan_file: "plan.yaml", signal });
  beforeEach(async () => {
    scene.shared.plan =
      "project: alpha\nroles: { w: {} }\ntasks:\n  - { id: build, role: w, run: make }\n  - { id: ship, role: w, needs: [build], run: ship }\n";
    await scene.task("failed", "failed");
    await scene.task("blocked", "blocked", "ship");
  });

  it("is of the task and what needs it, and whoever asks runs it where nothing does", async () => {
    const { entry, follows } = await retry();
    expect([entry.task_id, entry.state, follows]).toEqual(["build", "pending", "resume_here"]);
    expect([scene.record.state.tasks.get("build")?.state, scene.record.state.tasks.get("ship")?.state]).toEqual([
      "pending",
      "pending",
    ]);
  });

  it("is the process's that runs the project once that has heard of it", async () => {
    await scene.runs(7);
    let result: RetryTaskResult | undefined;
    void retry().then((retried) => (result = retried));
    await scene.pass(1000);
    expect(result).toBeUndefined();
    await scene.task("answered", "pending");
    expect(result?.follows).toBe("runner_applies_it");
  });

  it("is whoever's that asked when that process ends first, with or without a word", async () => {
    await scene.runs(7);
    const released = retry();
    await scene.pass();
    await scene.ends();
    expect((await released).follows).toBe("resume_here");
    await scene.task("failed", "failed");
    await scene.runs(8, 2);
    const died = retry();
    await scene.pass();
    scene.alive.delete(8);
    await scene.pass(1000);
    expect((await died).follows).toBe("resume_here");
  });

  it("is heard at once by a run of this process", async () => {
    await scene.runs(1);
    scene.runsHere = true;
    expect((await retry()).follows).toBe("runner_applies_it");
  });

  it("is left when whoever waits is interrupted", async () => {
    await scene.runs(7);
    const interrupt = new AbortController();
    const waits = retry("build", interrupt.signal);
    await scene.pass();
    interrupt.abort(new Error("Ctrl-C"));
    await expect(waits).rejects.toThrow("Ctrl-C");
  });

  it("is refused where there is nothing to try again", async () => {
    await expect(retry("nope")).rejects.toMatchObject({ code: "usage" });
    await expect(retry("ship")).rejects.toMatchObject({ message: "ship is blocked, because build failed." });
    scene.shared.plan = undefined;
    await expect(retry()).rejects.toMatchObject({
      message: "alpha has no plan, so its tasks cannot be retried.",
    });
    expect(kinds()).not.toContain("retry_requested");
  });
});

describe("what a person knows of a question", () => {
  it("is seen, snoozed, and told by a window, until it has its answer", async () => {
    const question = await scene.question("build");
    const claimed = await claimQuestion(scene.record, scene.by, { question, attempt: 2 });
    expect(claimed.entry).toMatchObject({ event: "delivered", attempt: 2, pid: 1, host: "here" });
    expect((await seeQuestion(scene.record, scene.by, { question })).entry).toMatchObject({ event: "seen" });
    const snoozed = await snoozeQuestion(scene.record, scene.by, { question, forMs: 60_000 });
    expect(snoozed.entry).toMatchObject({
      event: "snoozed",
      expires_at: new Date(scene.clock.now() + 60_000).toISOString(),
    });
    await answerQuestion(scene.record, scene.by, {
      question: question.id,
      text: "skip",
      resume: "no",
      terminals: noTerminals,
    });
    expect(await seeQuestion(scene.record, scene.by, { question })).toEqual({ entry: undefined });
    expect(await snoozeQuestion(scene.record, scene.by, { question, forMs: 1 })).toEqual({ entry: undefined });
  });
});
