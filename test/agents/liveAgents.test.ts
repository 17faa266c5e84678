import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { CliWorld } from "../support/cliWorld";
import { type AgentName, type AgentProgram, agentPrograms } from "../support/model/agentPrograms";
import { installAgent } from "../support/model/installAgents";
import { ModelServer } from "../support/model/modelServer";
import type { Scenario } from "../support/model/scenario";
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

/** What each is started with so that it asks, and how a permission is given in its dialog. */
const agents: Readonly<Record<AgentName, { readonly asks: string; readonly approve: string; readonly quit: string }>> =
  {
    codex: { asks: "-s read-only", approve: "y", quit: "/quit" },
    claude: { asks: "--permission-mode manual", approve: "1", quit: "/exit" },
    gemini: { asks: "--approval-mode default", approve: "1", quit: "/quit" },
    opencode: { asks: "", approve: "\r", quit: "/exit" },
    qwen: { asks: "--approval-mode default", approve: "1", quit: "/quit" },
    copilot: { asks: "", approve: "1", quit: "/exit" },
    cline: { asks: "--auto-approve false", approve: "y", quit: "" },
  };

/** The first start in a new home takes longest, a minute where the machine has other work. */
const startMs = 90_000;

const wanted = (process.env["AGENTS"]?.split(",") ?? ["codex", "claude"]) as AgentName[];
const session = "live::agent::1";

let world: CliWorld | undefined;
let model: ModelServer | undefined;
afterEach(async () => {
  // What runs in the background writes there until then.
  await world?.run(["stop", "live"]);
  await world?.close();
  await model?.stop();
});

interface LiveAgent {
  readonly world: CliWorld;
  readonly model: ModelServer;
  readonly program: AgentProgram;
}

/** The agent as a person would have it on their machine, with the model behind it. */
async function liveAgent(name: AgentName): Promise<LiveAgent> {
  world = new CliWorld();
  const folder = world.workspace;
  const home = join(world.root, "home");
  execFileSync("git", ["init", "-q", folder]);
  model = await ModelServer.start({ folder, scenarios });
  const program = agentPrograms[name]({ url: model.url, home, folder });
  for (const [path, text] of Object.entries(program.files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return { world, model, program };
}

const installed = await Promise.all(
  wanted.map(async (name) => {
    const { bin = "", missing } = await installAgent(agentPrograms[name]({ url: "", home: "", folder: "" }).package);
    return { name, bin, missing, reason: missing === undefined ? "" : ` [not run: ${missing}]` };
  }),
);

describe.each(installed)("$name$reason", ({ name, bin, missing }) => {
  const test = missing === undefined ? it : it.skip;

  test("is seen at rest, at work, asking and done, as the model has it", async () => {
    const { world: here, model: its, program } = await liveAgent(name);
    const home = join(here.root, "home");
    const { asks, approve, quit } = agents[name];
    // As a person sets them up for their shells.
    const variables = Object.entries({
      ...program.environment,
      PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    });
    appendFileSync(join(home, ".bashrc"), variables.map(([key, value]) => `export ${key}='${value}'\n`).join(""));
    const plan = {
      project: "live",
      roles: { agent: { shell: "bash" } },
      tasks: [{ id: "work", role: "agent", run: `${program.command} ${asks}`.trim() }],
    };
    await here.json(["do", "live", "--plan", here.write("live.yaml", JSON.stringify(plan)), "--detach"]);
    const told = (): string[] =>
      here
        .entries("live")
        .filter(({ event, session_name }) => event === "sensed" && session_name?.includes("agent") === true)
        .map(({ state, state_kind }: ContextEntry) => [state, state_kind].filter(Boolean).join(" "));
    const is = (...states: string[]): Promise<true> =>
      until(
        () => `${name} is ${states.join(" or ")}, after ${told().join(", ")}`,
        () => states.includes(told().at(-1) ?? ""),
        startMs,
      );
    const send = async (...args: string[]): Promise<void> => {
      expect(await here.run(["send", session, ...args])).toMatchObject({ code: 0 });
    };
    await is("idle");
    await send("make a file");
    await is("waiting permission");
    expect(its.said.filter((text) => text.includes("make a file"))).toHaveLength(1);
    await send(approve, "--no-enter");
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
    if (quit !== "") {
      await send(quit);
      await until("its task is over", () => here.entries("live").some(({ kind }) => kind === "result"), startMs);
    }
  });

  test("has done its task when it is at rest again, and tells a question in between", async () => {
    const { world: here, model: its, program } = await liveAgent(name);
    const { asks } = agents[name];
    const plan = {
      project: "live",
      roles: { agent: { program: `${join(bin, program.command)} ${asks}`.trim() } },
      tasks: [
        { id: "slow", role: "agent", run: "speak slowly" },
        { id: "next", role: "agent", needs: ["slow"], run: "make a file" },
      ],
    };
    const env = { ...program.environment };
    await here.json(["do", "live", "--plan", here.write("live.yaml", JSON.stringify(plan)), "--detach"], 0, { env });
    const results = (): ContextEntry[] => here.entries("live").filter(({ kind }) => kind === "result");
    await until("the first task is done", () => results().length === 1, startMs);
    expect(results()[0]).toMatchObject({ outcome: "exited", known_by: "rest" });
    const asked = await until(
      "its permission is asked for",
      () => here.entries("live").find(({ event }) => event === "terminal_asks"),
      startMs,
    );
    expect(asked).toMatchObject({ kind: "approval_needed", state_kind: "permission", session_name: `proj-${session}` });
    expect(asked.input).toMatch(/^(?:\$ )?touch made\.txt$/);
    expect(its.said.filter((text) => text.includes("make a file"))).toHaveLength(1);
    const [yes] = (asked.options ?? []).filter((option) => /\b(?:yes|allow|approve)\b/iu.test(option));
    if (yes === undefined) await here.run(["send", session, agents[name].approve, "--no-enter"]);
    else expect(await here.run(["answer", asked.id, yes])).toMatchObject({ code: 0 });
    await until("the second task is done", () => results().length === 2, startMs);
    expect(results()[1]).toMatchObject({ outcome: "exited", known_by: "rest" });
  });
});
