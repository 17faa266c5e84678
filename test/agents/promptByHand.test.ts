import { afterEach, describe, expect } from "vitest";
import { agentPrograms } from "../support/model/agentPrograms";
import { AgentWorld, agentStartMs } from "../support/model/agentWorld";
import { wantedAgents } from "../support/model/wantedAgents";
import { until } from "../support/until";

interface Answer {
  readonly outcome: string;
  readonly output: string;
  readonly parts: readonly { readonly kind: string; readonly text: string }[];
}

let world: AgentWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe.each(wantedAgents)("prompt to $title in a shell of a person's own", ({ name, test }) => {
  test("prints its last answer alone, as JSON also what it did, and sends nothing once it has left", async () => {
    world = await AgentWorld.open(
      [name],
      [
        {
          match: /mend it/u,
          steps: [{ say: "I look first." }, { tool: "read", path: "parser.txt" }, { say: "The parser is mended." }],
        },
      ],
    );
    const here = world;
    here.write("parser.txt", "x\n");
    const { command } = agentPrograms[name](here.place);
    expect(await here.run(["do", "desk", "--run", "true"])).toMatchObject({ code: 0 });
    expect(await here.run(["prompt", "shell::1", "Please mend it", "--wait"])).toMatchObject({ code: 3, stdout: "" });
    await here.json(["send", "shell::1", command]);
    const isReady = async (): Promise<boolean> => {
      const { state, program } = (await here.json(["explain", "shell::1"])) as { state: string; program?: unknown };
      return state === "idle" && JSON.stringify(program ?? "").includes(name);
    };
    await until("the agent takes a prompt", isReady, agentStartMs);
    const { code, stdout, stderr } = await here.run(["prompt", "shell::1", "Please mend it", "--wait"]);
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: "The parser is mended.\n" });
    const answer = (await here.json(["prompt", "shell::1", "Please mend it again", "--wait"])) as Answer;
    expect(answer).toMatchObject({ outcome: "done", output: "The parser is mended." });
    expect(answer.parts.at(0)).toEqual({ kind: "said", text: "I look first." });
    expect(answer.parts.at(-1)).toEqual({ kind: "said", text: "The parser is mended." });
    expect(here.taken("Please mend it again")).toBe(1);
  });
});
