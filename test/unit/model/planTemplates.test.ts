import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { agentChoices } from "../../../src/core/model/agentProfile";
import { parsePlan } from "../../../src/core/model/plan";
import { filledTemplate } from "../../../src/core/model/planTemplate";
import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { planTemplates } from "../../../src/protocol/planTemplates";

const folder = "media/templates";

it.each(readdirSync(folder))("the template %s is a plan that can run", (file) => {
  const template = readFileSync(`${folder}/${file}`, "utf8");
  for (const wanted of [
    { project: "alpha", goal: "Ship it" },
    { project: "yes: # $&", goal: 'Say "it":\nnow # PROJECT' },
  ])
    expect(parsePlan(filledTemplate(template, wanted), agentChoices(agentCatalog()))).toMatchObject(wanted);
});

it("every template is offered", () => {
  expect(
    planTemplates()
      .map(({ name }) => `${name}.yaml`)
      .sort(),
  ).toEqual(readdirSync(folder).sort());
});

it("the plan with agents in the README is one", () => {
  const readme = readFileSync("README.md", "utf8");
  const plan = /### Coding agents in a plan[^]*?```yaml\n([^]*?)```/.exec(readme)?.[1] ?? "";
  expect(parsePlan(plan, agentChoices(agentCatalog())).tasks.map(({ id }) => id)).toEqual(["build", "fix", "review"]);
});
