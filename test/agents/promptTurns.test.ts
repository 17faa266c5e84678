import { afterEach, describe, expect } from "vitest";
import { AgentWorld, agentStartMs } from "../support/model/agentWorld";
import type { Scenario } from "../support/model/scenario";
import { wantedAgents } from "../support/model/wantedAgents";
import { until } from "../support/until";

const scenarios: readonly Scenario[] = [
  {
    match: /^The check of this task/u,
    steps: [{ tool: "write", path: "done.txt", content: "yes\n" }, { say: "Now." }],
  },
  { match: /mend it/u, steps: [{ say: "The parser is mended." }] },
];

let world: AgentWorld | undefined;
afterEach(async () => {
  await world?.run(["stop", "live"]);
  await world?.close();
  world = undefined;
});

const plan = (agent: string, more: object = {}) => ({
  project: "live",
  roles: { coder: { agent: { use: agent, mode: "edits" } } },
  tasks: [{ id: "mend", role: "coder", prompt: "Please mend it.", ...more }],
});

describe.each(wantedAgents)("a task's prompt for $title", ({ name, test }) => {
  const ended = async (here: AgentWorld): Promise<string> =>
    until(
      () =>
        `the project has ended: ${here
          .entries("live")
          .slice(-8)
          .map(({ text }) => text)
          .join("\n")}`,
      () =>
        here
          .entries("live")
          .findLast(({ kind, event }) => kind === "project" && (event === "finished" || event === "ended"))?.state,
      agentStartMs,
    );

  test("is done by its check, which goes back once; its last answer is the handoff", async () => {
    world = await AgentWorld.open([name], scenarios);
    await world.begin(plan(name, { check: "test -e done.txt", attempts: 2 }));
    expect(await ended(world)).toBe("done");
    const results = world.results("live").filter(({ step }) => step !== undefined);
    expect(results.map(({ step, attempt, exit_code, known_by }) => [attempt, step, exit_code, known_by])).toEqual([
      [1, 0, null, "rest"],
      [1, 1, 1, "mark"],
      [2, 0, null, "rest"],
      [2, 1, 0, "mark"],
    ]);
    expect(results[0]?.output).toMatch(/^\S The parser is mended\.$/u);
    expect(world.entries("live").findLast(({ kind }) => kind === "handoff")?.text).toMatch(/last answer:\n[^]*Now\.$/u);
  });

  test.each([
    ["a lost login", { status: 401 }, "auth"],
    ["a server that is broken", { status: 500 }, "server"],
  ])("%s is no success", async (_what, fail, kind) => {
    world = await AgentWorld.open([name], [{ match: /mend it/u, steps: [{ fail }] }]);
    const here = world;
    await world.begin(plan(name));
    const result = await until(
      "its turn has ended",
      () => here.results("live").find(({ step }) => step === 0),
      agentStartMs,
    );
    expect(result).toMatchObject({ outcome: "exited", turn: { state: "failed", state_kind: kind } });
  });
});
