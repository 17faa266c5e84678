import { afterEach, describe, expect } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { AgentWorld, agentStartMs } from "../support/model/agentWorld";
import type { ModelFailure, Scenario } from "../support/model/scenario";
import { wantedAgents } from "../support/model/wantedAgents";
import { PtyCli } from "../support/ptyCli";
import { until } from "../support/until";

const story =
  "The road goes over seven hills and along a river, past a mill, a church and two old farms, down to the sea.";

const scenarios: readonly Scenario[] = [
  { match: /ended with an error|usage limit|was interrupted/u, steps: [{ say: "Now it is mended." }] },
  {
    match: /Speak slowly/u,
    steps: [{ say: Array.from({ length: 30 }, (_, day) => `Day ${day}: ${story}`).join("\n"), slow: true }],
  },
  { match: /mend it/u, steps: [{ say: story }] },
];

let world: AgentWorld | undefined;
afterEach(async () => {
  await world?.run(["stop", "live"]);
  await world?.close();
  world = undefined;
});

describe.each(wantedAgents)("a plan whose agent fails: $title", ({ name, test }) => {
  const plan = {
    project: "live",
    roles: { coder: { agent: { use: name, mode: "ask" }, count: 2 } },
    tasks: [{ id: "mend", role: "coder", prompt: "Please mend it." }],
  };
  const open = async (): Promise<AgentWorld> => (world = await AgentWorld.open([name], scenarios));
  const turns = (here: AgentWorld): ContextEntry["turn"][] => here.results("live").map(({ turn }) => turn);
  const turnEnded = (here: AgentWorld, count = 1): Promise<unknown> =>
    until(`${count} turns have ended`, () => here.results("live").length >= count, agentStartMs);
  const isDone = (here: AgentWorld): Promise<unknown> =>
    until(
      "the project is done",
      () => here.entries("live").some(({ kind, state }) => kind === "project" && state === "done"),
      agentStartMs,
    );
  const done = async (here: AgentWorld): Promise<void> => {
    await isDone(here);
    expect(here.entries("live").findLast(({ task_id, kind }) => kind === "task" && task_id === "mend")).toMatchObject({
      state: "succeeded",
      attempt: 1,
    });
  };

  test("without its service: it continues by itself once that is back, without an attempt", async () => {
    const here = await open();
    await here.model.stop();
    await here.begin(plan);
    // Codex waits for it by itself.
    await until(
      "its prompt was sent",
      () => here.entries("live").some(({ typed_as }) => typed_as === "prompt"),
      agentStartMs,
    );
    if (name !== "codex") {
      await turnEnded(here);
      expect(turns(here)).toMatchObject([{ state: "failed", state_kind: "network" }]);
    }
    await here.model.resume();
    await done(here);
  });

  const failing: [string, ModelFailure, object][] = [
    ["a stream that is cut", { cut: true }, { state: "failed", state_kind: "network" }],
    ["a server that is overloaded", { status: 529 }, { state: "failed", state_kind: "server" }],
  ];
  test.each(failing)("with %s: it is tried again by itself, without an attempt", async (_what, how, turn) => {
    const here = await open();
    here.model.fail(how);
    await here.begin(plan);
    await turnEnded(here);
    expect(turns(here)).toMatchObject([turn]);
    here.model.fail();
    await done(here);
  });

  const asking: [string, ModelFailure, object][] = [
    ["a login that is gone", { status: 401 }, { state: "failed", state_kind: "auth" }],
    // Anthropic tells used-up credit as a bad request.
    [
      "a quota that is used up",
      { status: name === "claude" ? 400 : 429, quota: true },
      { state: "limited", state_kind: "quota" },
    ],
  ];
  test.each(asking)(
    "with %s: a person is asked once, and all tasks continue with the answer",
    async (_what, how, turn) => {
      const here = await open();
      here.model.fail(how);
      await here.begin({
        ...plan,
        tasks: [...plan.tasks, { id: "other", role: "coder", prompt: "Please mend it, too." }],
      });
      const question = await here.asked("live");
      expect(question.text).toContain(" is blocked: ");
      expect(turns(here).filter((each) => each !== undefined)).toContainEqual(expect.objectContaining(turn));
      expect(question).toMatchObject({ kind: "blocked", options: ["retry", "skip"] });
      here.model.fail();
      await here.json(["answer", question.id, "retry"]);
      await isDone(here);
      expect(
        here.entries("live").filter(({ kind, human_attention_needed: asks }) => asks === true && kind === "blocked"),
      ).toHaveLength(1);
    },
  );

  test("with a login that is gone, in a run that waits for nobody: it ends, and the answer resumes all of it", async () => {
    const here = await open();
    here.model.fail({ status: 401 });
    const tasks = [...plan.tasks, { id: "other", role: "coder", prompt: "Please mend it, too." }];
    const file = here.write("live.yaml", JSON.stringify({ ...plan, tasks }));
    const { code, stdout } = await here.run(["do", "live", "--plan", file]);
    const question = await here.asked("live");
    expect([code, stdout]).toEqual([3, expect.stringContaining(question.text)]);
    expect(stdout).toMatch(/ answer \S+ \S+ --resume/u);
    here.model.fail();
    await here.run(["answer", question.id, "retry", "--resume"]);
    await isDone(here);
    const kinds = here.entries("live").map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "blocked")).toHaveLength(1);
  });

  // Its screen tells minutes: the limit may end up to a minute later.
  const usage = name === "codex" ? ["with a usage limit that names its end: it continues by itself then, unasked"] : [];
  test.each(usage)("%s", async () => {
    const here = await open();
    const end = Date.now() + 70_000;
    here.model.fail({ status: 429, resetsAt: Math.floor(end / 1000) });
    await here.begin(plan);
    await turnEnded(here);
    expect(turns(here)).toMatchObject([{ state: "limited", state_kind: "quota" }]);
    expect(turns(here)[0]).toHaveProperty("not_before");
    const told = (): ContextEntry | undefined => here.entries("live").find(({ event }) => event === "agent_limited");
    expect(await until("its limit is told", told, agentStartMs)).toHaveProperty("not_before");
    await until("its limit is over", () => Date.now() >= end, agentStartMs);
    here.model.fail();
    await isDone(here);
    expect(here.entries("live").filter(({ human_attention_needed }) => human_attention_needed === true)).toEqual([]);
  });

  test("that a person stops in its terminal: the person is asked, and it continues", async () => {
    const here = await open();
    await here.begin({ ...plan, tasks: [{ id: "mend", role: "coder", prompt: "Speak slowly." }] });
    await until("its prompt was taken", () => here.taken("Speak slowly.") > 0, agentStartMs);
    // The log says that it works from the moment in which its prompt is sent; what is seen of it is asked for.
    const seen = async (): Promise<string> =>
      ((await here.json(["explain", "live::coder::1"])) as { readonly state: string }).state;
    await until("it is seen at work", async () => (await seen()) === "working", agentStartMs);
    const terminal = new PtyCli(["attach", "live::coder::1"], {
      env: here.env(),
      cwd: here.workspace,
      cols: 120,
      rows: 40,
    });
    await until("its words are seen", () => terminal.written.includes("Day 0"), agentStartMs);
    terminal.type("\x1b");
    const question = await here.asked("live");
    expect(question).toMatchObject({ kind: "blocked", options: ["continue", "done", "skip"] });
    terminal.kill();
    await here.json(["answer", question.id, "continue"]);
    await here.run(["do", "live", "--detach"]);
    await done(here);
  });
});
