import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { agentCatalog } from "../../src/core/session/agentCatalog";
import { type AgentName, agentPrograms } from "../support/model/agentPrograms";
import { AgentWorld, agentStartMs } from "../support/model/agentWorld";
import type { Scenario } from "../support/model/scenario";
import { wantedAgents } from "../support/model/wantedAgents";
import { until } from "../support/until";

const journey =
  "The road goes over seven hills and along a river, past a mill, a church and two old farms, and then down to the sea.";

const scenarios: readonly Scenario[] = [
  {
    match: /make a file/u,
    steps: [
      { say: "I will run it." },
      { tool: "shell", command: "touch made.txt", outsideSandbox: "to make a file" },
      { say: "Made it." },
    ],
  },
  // Some agents stop a model that repeats itself.
  { match: /speak slowly/u, steps: [{ say: journey, slow: true }] },
];

/** How a permission is given in its dialog. */
const approve: Readonly<Record<AgentName, string>> = {
  codex: "y",
  claude: "1",
  gemini: "1",
  opencode: "\r",
  qwen: "1",
  copilot: "1",
  cline: "y",
};

const session = "live::agent::1";

let world: AgentWorld | undefined;
afterEach(async () => {
  await world?.run(["stop", "live"]);
  await world?.close();
  world = undefined;
});

describe.each(wantedAgents)("an agent in a shell: $title", ({ name, test }) => {
  test("is seen at rest, at work, asking and done, as the model has it", async () => {
    world = await AgentWorld.open([name], scenarios);
    const here = world;
    const profile = agentCatalog().of(name);
    const { arguments: asks = [], env = {} } = profile?.modes.ask ?? {};
    // As a person sets them up for their shells, whose files may set them anew.
    const { command, environment } = agentPrograms[name](here.place);
    const variables = Object.entries({ ...environment, ...env, PATH: here.env().PATH });
    appendFileSync(join(here.home, ".bashrc"), variables.map(([key, value]) => `export ${key}='${value}'\n`).join(""));
    await here.begin({
      project: "live",
      roles: { agent: { shell: "bash" } },
      tasks: [{ id: "work", role: "agent", run: [command, ...asks].join(" ") }],
    });
    const told = (): string[] =>
      here
        .entries("live")
        .filter(({ event, session_name }) => event === "sensed" && session_name?.includes("agent") === true)
        .map(({ state, state_kind }: ContextEntry) => [state, state_kind].filter(Boolean).join(" "));
    const is = (...states: string[]): Promise<true> =>
      until(
        () => `${name} is ${states.join(" or ")}, after ${told().join(", ")}`,
        () => states.includes(told().at(-1) ?? ""),
        agentStartMs,
      );
    const send = async (...args: string[]): Promise<void> => {
      expect(await here.run(["send", session, ...args])).toMatchObject({ code: 0 });
    };
    await is("idle");
    await send("make a file");
    await is("waiting permission");
    expect(here.taken("make a file")).toBe(1);
    await send(approve[name], "--no-enter");
    await is("idle", "done_unseen");
    const before = told().length;
    await send("speak slowly");
    await is("working");
    await is("idle", "done_unseen");
    // Its words are no dialog.
    expect(
      told()
        .slice(before)
        .filter((state) => state.startsWith("waiting")),
    ).toEqual([]);
    if (!profile || !("text" in profile.quit)) return;
    await send(profile.quit.text);
    await until("its task is over", () => here.results("live").length > 0, agentStartMs);
  });
});
