import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";

const deploy = `program: deploy
role: tool
regions:
  foot: { bottom: 1 }
rules:
  - name: stage
    state: waiting
    kind: confirm
    when:
      - { in: foot, matches: '^Stage to deploy to:', cursor: visible }
examples:
  - screen: "1) staging\\n2) production\\nStage to deploy to: "
    expect: { state: waiting, kind: confirm, rule: stage }
`;

describe("rules in the user's settings folder", () => {
  let world: CliWorld;
  let folder: string;
  beforeAll(() => {
    world = new CliWorld();
    folder = join(world.root, "run/config/programs");
    mkdirSync(folder, { recursive: true });
    world.write("screen.txt", "1) staging\n2) production\nStage to deploy to: \n");
    world.write("screen.json", '{"tool": "deploy", "cursor": {"x": 20, "y": 2}}');
  });
  afterAll(() => world.close());

  const explain = ["explain", "--screen", "screen.txt", "--meta", "screen.json"];

  it("are heard before the shipped ones, and named with their file and line", async () => {
    const before = await world.run([...explain, "--json"]);
    expect(JSON.parse(before.stdout)).toMatchObject({ state: "waiting", state_kind: "question" });

    const file = join(folder, "deploy.yaml");
    writeFileSync(file, deploy);
    const { code, stdout, stderr } = await world.run([...explain, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      state: "waiting",
      state_kind: "confirm",
      program: { name: "deploy" },
      confidence: "high",
      evidence: [{ rule: "deploy/stage", lines: ["Stage to deploy to:"], file, line: 6 }],
    });
    expect((await world.run(explain)).stdout).toContain(`your rule deploy/stage (${file}:6):`);
  });

  it("are told with line and column where a file is broken, and the others are used", async () => {
    const file = join(folder, "broken.yaml");
    writeFileSync(file, deploy.replace("program: deploy", "program: other").replace("when:", "wehn:"));
    const { code, stdout, stderr } = await world.run([...explain, "--json"]);
    expect([code, (JSON.parse(stdout) as { state_kind: string }).state_kind]).toEqual([0, "confirm"]);
    expect(stderr).toContain(`The rules in ${file} are not used: line 6, column 5: rule "stage": "when" is missing`);
    expect(stderr).toContain('line 9, column 5: rule "stage": unknown key "wehn"; did you mean "when"?');
    expect(stderr).toContain(`Correct ${file}:6`);

    const doctor = await world.run(["doctor", "--json"]);
    const checks = JSON.parse(doctor.stdout) as { name: string; status: string; text: string }[];
    expect(checks.filter(({ name }) => name === "own rules").map(({ status, text }) => [status, text])).toEqual([
      ["bad", expect.stringContaining("unknown key") as string],
      ["ok", `${join(folder, "deploy.yaml")}: deploy, 1 rule, and no shipped one; 1 example as expected`],
    ]);
    rmSync(file);
  });

  it("are not read by commands that look at no screen", async () => {
    const file = join(folder, "broken.yaml");
    writeFileSync(file, "program: [");
    for (const command of [["projects"], ["sessions"], ["status"], ["attention"]])
      expect((await world.run(command)).stderr).not.toContain("broken.yaml");
    rmSync(file);
  });
});
