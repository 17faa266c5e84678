import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { commands, languages, type TextDocument, Uri, window, workspace, WorkspaceEdit, Range } from "vscode";
import { until } from "../../../support/until";
import { entries, folder, probe, recordFolder, run, saysOfProject, sessionMs } from "../../support/host";
import { personAtTheWindow, type Told } from "../../support/person";

const goal = /What is the goal/;
const name = /A short name/;
const plan = /what the project does/;

async function untilNotRunning(project_id: string): Promise<void> {
  const { running } = await probe();
  await until(`${project_id} is not running`, () => !running().includes(project_id), sessionMs);
}

const problemsTold = (message: string): Told => ({
  kind: "error",
  message,
  detail: undefined,
  modal: false,
  buttons: ["Show Problems", "Show Extension Output"],
});

const reviewed = (): Promise<TextDocument> =>
  until("a plan is in the editor", () =>
    [window.activeTextEditor?.document].find(
      (document) => document?.isUntitled === true && document.languageId === "yaml",
    ),
  );

async function replace(document: TextDocument, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), text);
  ok(await workspace.applyEdit(edit));
}

const closeEditors = (): Thenable<unknown> => commands.executeCommand("workbench.action.revertAndCloseActiveEditor");

describe("the steps of Do Project", () => {
  const person = personAtTheWindow();

  it("lead from a goal over typed commands and a review to a project, with a way back that keeps what was typed", async () => {
    const done = run<{ project_id: string } | undefined>("doProject");
    await person().types(goal, "Stack the wood");
    equal((await person().step(name)).value, "stack-the-wood");
    await person().types(name, "wood");
    await person().goesBack(plan);
    equal((await person().step(name)).value, "wood");
    await person().goesBack(name);
    equal((await person().step(goal)).value, "Stack the wood");
    await person().types(goal, "Stack all the wood");
    equal((await person().step(name)).value, "wood");
    await person().types(name, "wood");
    await person().chooses(plan, /Type roles and commands/);
    await person().types(/The first command/, "stacker: echo wrong");
    await person().goesBack(/So far: stacker: echo wrong/);
    await person().goesBack(/The first command/);
    await person().chooses(plan, /Type roles and commands/);
    await person().types(/The first command/, "stacker: echo stacked > stack.txt");
    await person().types(/So far: stacker/, "keeper: cat stack.txt");
    await person().types(/So far: stacker.*keeper/, "");
    match((await reviewed()).getText(), /goal: Stack all the wood/);
    await run("runPlan");
    deepEqual(await done, { project_id: "wood" });
    await saysOfProject("wood", "done");
    deepEqual(
      entries("wood")
        .filter((entry) => entry.kind === "command" && entry.step !== undefined)
        .map((entry) => entry.input),
      ["echo stacked > stack.txt", "cat stack.txt"],
    );
    await untilNotRunning("wood");
    await closeEditors();
  });

  it("mark what is wrong with a plan, and wait until it is mended", async () => {
    const done = run<{ project_id: string } | undefined>("doProject");
    await person().types(goal, "Mend it");
    await person().types(name, "mended");
    await person().chooses(plan, /Template/);
    const document = await reviewed();
    const text = document.getText();
    match(text, /^project: mended$/m);
    await replace(
      document,
      text.replace("role: reviewer", "role: nobody").replace("project: mended", "project: other"),
    );
    const marks = await until("the wrong places are marked", () =>
      [languages.getDiagnostics(document.uri)].find((each) => each.length === 2),
    );
    deepEqual(
      marks.map((mark) => document.getText(mark.range)),
      ["other", "nobody"],
    );
    await run("runPlan");
    deepEqual(person().told.at(-1), problemsTold("The plan has 2 problems."));
    await replace(
      document,
      "project: mended\nroles: { builder: {} }\ntasks:\n  - { id: one, role: builder, run: echo mended }\n",
    );
    await until("nothing is marked", () => languages.getDiagnostics(document.uri).length === 0);
    await run("runPlan");
    deepEqual(await done, { project_id: "mended" });
    await saysOfProject("mended", "done");
    await untilNotRunning("mended");
    await closeEditors();
  });

  it("take a plan that is run in the moment in which its editor comes", async () => {
    const done = run<{ project_id: string } | undefined>("doProject");
    await person().types(goal, "Be quick");
    await person().types(name, "quick");
    await person().chooses(plan, /Type roles and commands/);
    await person().types(/The first command/, "builder: echo quick");
    const coming = window.onDidChangeActiveTextEditor((editor) => {
      if (editor?.document.isUntitled === true) void run("runPlan");
    });
    try {
      await person().types(/So far: builder/, "");
      deepEqual(await done, { project_id: "quick" });
    } finally {
      coming.dispose();
    }
    ok(person().told.every(({ message }) => !/Review the plan of quick/.test(message)));
    await saysOfProject("quick", "done");
    await untilNotRunning("quick");
    await closeEditors();
  });

  it("take a plan's file, or resume with the saved plan", async () => {
    const file = join(folder(), "filed.plan.yaml");
    writeFileSync(
      file,
      "project: filed\nroles: { builder: {} }\ntasks:\n  - { id: one, role: builder, run: echo filed }\n",
    );
    const first = run("doProject");
    await person().types(goal, "File it");
    await person().types(name, "filed");
    await person().chooses(plan, /filed\.plan\.yaml/);
    await reviewed();
    await run("runPlan");
    deepEqual(await first, { project_id: "filed" });
    await saysOfProject("filed", "done");
    await untilNotRunning("filed");
    rmSync(file);
    await closeEditors();
    const second = run("doProject");
    await person().types(goal, "");
    await person().types(name, "filed");
    await person().chooses(plan, /Resume with the saved plan/);
    deepEqual(await second, { project_id: "filed" });
    await untilNotRunning("filed");
    match(readFileSync(join(recordFolder("filed"), "plan.yaml"), "utf8"), /echo filed/);
  });

  it("are not needed to see what is wrong with a plan that is run: a message counts it, and its file has the marks", async () => {
    const file = join(folder(), "wrong.plan.yaml");
    writeFileSync(file, "project: wrong\nroles: { builder: {} }\ntask:\n  - { id: one, role: nobody, run: echo }\n");
    await rejects(run("doProject", { project: "wrong", plan: file }), /task/);
    const marks = languages.getDiagnostics(Uri.file(file));
    ok(marks.length > 0);
    match(person().told.at(-1)?.message ?? "", /^The plan has (1 problem|\d problems)\.$/);
    deepEqual(person().told.at(-1)?.buttons, ["Show Problems", "Show Extension Output"]);
    equal(marks[0]?.range.start.line, 2);
    rmSync(file);
  });

  it("are not needed to see what is wrong with a saved plan, which has its marks until it can be run", async () => {
    await run("doProject", { project: "spoilt", run: ["echo right"] });
    await saysOfProject("spoilt", "done");
    await untilNotRunning("spoilt");
    const file = join(recordFolder("spoilt"), "plan.yaml");
    const right = readFileSync(file, "utf8");
    writeFileSync(file, right.replace(/^tasks:/m, "tsaks:"));
    await run("runProject", "spoilt");
    ok(languages.getDiagnostics(Uri.file(file)).length > 0);
    deepEqual(person().told.at(-1)?.buttons, ["Show Problems", "Show Extension Output"]);
    writeFileSync(file, right);
    await run("runProject", "spoilt");
    deepEqual(languages.getDiagnostics(Uri.file(file)), []);
    await untilNotRunning("spoilt");
  });

  it("are left at any of them, and nothing is made", async () => {
    for (const depth of [0, 1, 2]) {
      const left = run("doProject");
      if (depth > 0) await person().types(goal, "Leave");
      if (depth > 1) await person().types(name, "left");
      await person().leaves([goal, name, plan][depth] ?? goal);
      equal(await left, undefined);
    }
    person().answers(/Review the plan of left/, "Cancel");
    const cancelled = run("doProject");
    await person().types(goal, "Leave");
    await person().types(name, "left");
    await person().chooses(plan, /Template/);
    equal(await cancelled, undefined);
    ok(!existsSync(recordFolder("left")));
    await closeEditors();
  });
});
