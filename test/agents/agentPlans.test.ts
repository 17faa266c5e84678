import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect } from "vitest";
import { AgentWorld } from "../support/model/agentWorld";
import type { Scenario } from "../support/model/scenario";
import { wantedAgents } from "../support/model/wantedAgents";

const scenarios: readonly Scenario[] = [
  {
    match: /NOT GOOD YET/u,
    steps: [
      { say: "I see what is missing." },
      { tool: "shell", command: "echo good > good.txt", outsideSandbox: "to write the file" },
      { say: "Now it is good." },
    ],
  },
  { match: /Write good\.txt/u, steps: [{ say: "It is written." }] },
  {
    match: /Make a file/u,
    steps: [
      { say: "I will run it." },
      { tool: "shell", command: "touch made.txt", outsideSandbox: "to make a file" },
      { say: "Made it." },
    ],
  },
  {
    match: /Tell a story/u,
    steps: [{ say: "A road goes over seven hills and along a river, and then down to the sea.", slow: true }],
  },
];

let world: AgentWorld | undefined;
afterEach(async () => {
  await world?.run(["stop", "live"]);
  await world?.close();
  world = undefined;
});

describe.each(wantedAgents)("a plan's prompts: $title", ({ name, test }) => {
  test("each is taken once, asks where the agent asks, and goes back where its check fails", async () => {
    world = await AgentWorld.open([name], scenarios);
    const here = world;
    await here.begin({
      project: "live",
      roles: { coder: { agent: { use: name, mode: "ask" } } },
      tasks: [
        { id: "story", role: "coder", prompt: "Tell a story.\n  It may be short,\nand it ends at the sea." },
        { id: "file", role: "coder", needs: ["story"], prompt: "Make a file.", check: "test -f made.txt" },
        {
          id: "fix",
          role: "coder",
          needs: ["file"],
          prompt: "Write good.txt",
          check: "grep -q good good.txt || { echo NOT GOOD YET; exit 1; }",
          attempts: 2,
        },
      ],
    });
    const first = await here.asked("live");
    expect(first).toMatchObject({ kind: "approval_needed", event: "terminal_asks", state_kind: "permission" });
    expect(first.input).toContain("touch made.txt");
    expect(here.taken("It may be short")).toBe(1);
    expect(here.taken("Make a file")).toBe(1);
    await here.approve(first);
    const second = await here.asked("live", [first]);
    expect(second.input).toContain("echo good > good.txt");
    expect(here.taken("NOT GOOD YET")).toBe(1);
    await here.approve(second);
    expect(await here.ended("live")).toMatchObject({ state: "done" });
    expect(readFileSync(join(here.workspace, "good.txt"), "utf8")).toBe("good\n");
  });
});
