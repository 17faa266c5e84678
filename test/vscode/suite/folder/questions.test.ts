import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { until } from "../../../support/until";
import { startCli } from "../../support/cli";
import { entries, entryOf, folder, probe, run, saysOfProject, sessionMs } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const asks = (project: string): Promise<{ id: string }> => entryOf(project, "its question", (entry) => entry.kind === "approval_needed");

async function untilUndriven(project_id: string): Promise<void> {
  const { driven } = await probe();
  await until(`${project_id} is driven by nobody`, () => !driven().includes(project_id), sessionMs);
}

async function rowOf(id: string): Promise<{ id: string }> {
  const { trees } = await probe();
  return until("the question has a row", () => trees.attention.getChildren().find((question) => question.id === id), sessionMs);
}

describe("questions", () => {
  const person = personAtTheWindow();

  it("come as one message that says who asks first; its button answers, and the badge tells meanwhile", async () => {
    const { views } = await probe();
    mkdirSync(join(folder(), "toasted"), { recursive: true });
    person().answers(/^run \(toasted\)/, "Run");
    await run("doProject", { project: "toasted", run: ["rm -rf ./toasted"] });
    const told = await person().hears(/^run \(toasted\): /);
    deepEqual(told.buttons, ["Run", "Skip", "Show"]);
    await saysOfProject("toasted", "done");
    ok(!existsSync(join(folder(), "toasted")));
    await until("nothing waits any more", () => views.attention.badge === undefined || views.attention.badge.value === 0);
    equal(person().told.filter(({ message }) => message.includes("toasted):")).length, 1);
    await untilUndriven("toasted");
  });

  it("are answered by row, by id and by choice, and each only once", async () => {
    const { views } = await probe();
    for (const name of ["one", "two"]) await run("doProject", { project: `asked-${name}`, run: [`rm -rf ./asked-${name}`] });
    const [first, second] = [await asks("asked-one"), await asks("asked-two")];
    const [row] = [await rowOf(first.id), await rowOf(second.id)];
    await until("the badge counts them", () => views.attention.badge?.value === 2);
    person().answers(/Which question/, "run (asked-two)");
    person().answers(/^run \(asked-two\)/, "Skip");
    await run("showAttention");
    await entryOf("asked-two", "its answer", (entry) => entry.kind === "answer" && entry.answer === "skip");
    await run("answer", row, "run");
    const answered = await entryOf("asked-one", "its answer", (entry) => entry.kind === "answer");
    match(answered.actor, /^human:/);
    await until("the question is closed", async () => !(await probe()).trees.attention.getChildren().some((each) => each.id === first.id));
    await run("answer", first.id, "run");
    match(person().errors().at(-1) ?? "", /no longer open/);
    await run("answer", second.id, "nonsense");
    await untilUndriven("asked-one");
    await untilUndriven("asked-two");
    equal(entries("asked-one").filter((entry) => entry.kind === "answer").length, 1);
  });

  it("of a project that nobody drives lead on to a driver with one click", async () => {
    const other = startCli(["do", "left-alone", "--run", "rm -rf ./left-alone"]);
    const { id } = await asks("left-alone");
    other.child.kill("SIGKILL");
    await other.done;
    await until("its driver is known to be gone", async () => (await probe()).rows().some((row) => row.label === "left-alone" && row.context === "project+undriven"), sessionMs);
    person().answers(/Nobody drives left-alone/, "Go On");
    await run("answer", id, "run");
    await saysOfProject("left-alone", "done");
    await untilUndriven("left-alone");
  });
});
