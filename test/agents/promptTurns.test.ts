import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

/** Whether a file of its conversations says that; elsewhere in its home files come and go meanwhile. */
function hasKept(home: string, text: string): boolean {
  return [".claude/projects", ".codex/sessions"]
    .map((conversations) => join(home, conversations))
    .filter((conversations) => existsSync(conversations))
    .flatMap((conversations) =>
      readdirSync(conversations, { recursive: true, encoding: "utf8" }).map((each) => join(conversations, each)),
    )
    .some((file) => file.endsWith(".jsonl") && readFileSync(file, "utf8").includes(text));
}

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
    expect(results[0]?.output).toBe("The parser is mended.");
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

  test("that meets a rate limit waits for its end, told once", async () => {
    world = await AgentWorld.open([name], [{ match: /mend it/u, steps: [{ fail: { status: 429, retryAfter: 1 } }] }]);
    const here = world;
    await here.begin(plan(name));
    const limits = (): string[] =>
      here.entries("live").flatMap(({ event, text }) => (event === "agent_limited" ? [text] : []));
    await until("its limit is told", () => limits().length > 0, agentStartMs);
    expect(limits()).toEqual([
      expect.stringMatching(/ has reached its rate limit .* mend continues by itself then\.$/u),
    ]);
    expect(here.results("live").map(({ turn }) => turn)).toMatchObject([{ state: "limited", state_kind: "rate" }]);
    expect(here.entries("live").filter(({ human_attention_needed }) => human_attention_needed)).toEqual([]);
  });

  test("continues in its conversation, once, after the agent was killed", async () => {
    world = await AgentWorld.open(
      [name],
      [
        { match: /ended in the middle/u, steps: [{ say: "It is mended." }] },
        {
          match: /mend it/u,
          steps: [
            { say: "I begin." },
            { tool: "write", path: "begun.txt", content: "yes\n" },
            { say: "It goes over hills and through valleys. ".repeat(60), slow: true },
          ],
        },
      ],
    );
    const here = world;
    await here.begin(plan(name));
    // One that is killed before it has kept what was said has no conversation to continue.
    await until("it has kept what it did", () => hasKept(here.home, "begun.txt"), agentStartMs);
    const pids = [...here.processes()].filter(([, command]) => command.includes(name) && !command.includes("cli.js"));
    for (const [pid] of pids) process.kill(pid, "SIGKILL");
    expect(await ended(here)).toBe("done");
    expect(here.entries("live").filter(({ event }) => event === "agent_resumed")).toHaveLength(1);
    expect(here.taken("ended in the middle")).toBe(1);
    expect(here.taken("mend it")).toBe(1);
    const both = here.model.requests.filter(({ said }) =>
      ["mend it", "ended in the middle"].every((part) => said.some((text) => text.includes(part))),
    );
    expect(both).not.toEqual([]);
  });
});
