import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { agentChoices } from "../../../src/core/model/agentProfile";
import { parsePlan } from "../../../src/core/model/plan";
import { agentCatalog } from "../../../src/core/session/agentCatalog";

const folder = "media/templates";

it.each(readdirSync(folder))("the template %s is a plan that can run", (file) => {
  const text = readFileSync(`${folder}/${file}`, "utf8").replaceAll("PROJECT", "alpha").replaceAll("GOAL", '"Ship it"');
  expect(parsePlan(text, agentChoices(agentCatalog()))).toMatchObject({ project: "alpha", goal: "Ship it" });
});

it("the plan with agents in the README is one", () => {
  const readme = readFileSync("README.md", "utf8");
  const plan = /### Coding agents in a plan[^]*?```yaml\n([^]*?)```/.exec(readme)?.[1] ?? "";
  expect(parsePlan(plan, agentChoices(agentCatalog())).tasks.map(({ id }) => id)).toEqual(["build", "fix", "review"]);
});
