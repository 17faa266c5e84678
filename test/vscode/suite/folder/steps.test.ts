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

/** The plan that is reviewed is a file of its folder from the beginning, and nothing in it waits to be saved. */
const reviewed = (file: string): Promise<TextDocument> =>
  until(`${file} is in the editor`, () =>
    [window.activeTextEditor?.document].find(
      (document) =>
        document?.uri.fsPath === join(folder(), file) && document.languageId === "yaml" && !document.isDirty,
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
    match((await reviewed("wood.plan.yaml")).getText(), /goal: Stack all the wood/);
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
    const document = await reviewed("mended.plan.yaml");
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
      if (editor?.document.uri.path.endsWith("/quick.plan.yaml") === true) void run("runPlan");
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
    await reviewed("filed.plan.yaml");
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
    ok(!existsSync(join(folder(), "left.plan.yaml")));
    ok(window.activeTextEditor?.document.uri.path.endsWith("/left.plan.yaml") !== true);
  });

  it("lead from what the folder has to run over a choice, a name and a review to a project", async () => {
    const place = join(folder(), "Makefile");
    writeFileSync(place, "all: part\n\techo all > made-all.txt\npart:\n\techo part > made-part.txt\n");
    const choice = /Choose tasks; you see the plan/;
    const done = run<{ project_id: string } | undefined>("planFromFolder");
    const box = await person().step(choice);
    ok("selectedItems" in box);
    ok(box.items.some(({ label }) => label === "Makefile"));
    deepEqual(
      box.selectedItems.map(({ label }) => label),
      ["all"],
    );
    box.selectedItems = box.items.filter(({ label }) => label === "all" || label === "part");
    await person().accepts(choice);
    await person().goesBack(name);
    await person().accepts(choice);
    await person().types(name, "made");
    const text = (await reviewed("made.plan.yaml")).getText();
    match(text, /# Made from Makefile/);
    match(text, /run: make all/);
    ok(!existsSync(recordFolder("made")));
    await run("runPlan");
    deepEqual(await done, { project_id: "made" });
    await saysOfProject("made", "done");
    await untilNotRunning("made");
    ok(existsSync(join(folder(), "made-all.txt")));
    await closeEditors();
    rmSync(place);
  });

  it("keep what somebody wrote into a plan that is not run", async () => {
    const left = run("doProject");
    await person().types(goal, "Keep");
    await person().types(name, "written");
    await person().chooses(plan, /Template/);
    const document = await reviewed("written.plan.yaml");
    await replace(document, `# mine\n${document.getText()}`);
    await commands.executeCommand("workbench.action.files.save");
    await commands.executeCommand("workbench.action.closeActiveEditor");
    equal(await left, undefined);
    await person().hears(/The plan was not run. Your changes are kept in written.plan.yaml/);
    match(readFileSync(join(folder(), "written.plan.yaml"), "utf8"), /^# mine/);
    ok(!existsSync(recordFolder("written")));
    rmSync(join(folder(), "written.plan.yaml"));
  });

  it("ask which of two names is meant, and write the typed one into the plan", async () => {
    const file = join(folder(), "named.plan.yaml");
    writeFileSync(file, "project: one-name\nroles: { a: {} }\ntasks:\n  - { id: one, role: a, run: echo named }\n");
    person().answers(/The plan is for one-name, and you typed other-name/, "other-name");
    const done = run("doProject");
    await person().types(goal, "");
    await person().types(name, "other-name");
    await person().chooses(plan, /named\.plan\.yaml/);
    const document = await reviewed("named.plan.yaml");
    match(document.getText(), /^project: other-name$/m);
    await run("runPlan");
    deepEqual(await done, { project_id: "other-name" });
    await saysOfProject("other-name", "done");
    await untilNotRunning("other-name");
    await closeEditors();
    rmSync(file);
  });

  it("say that nothing runs from a goal alone, and run no sentence as a command unasked", async () => {
    const left = run("doProject");
    await person().types(/What is the goal\? It is a sentence for people/, "Say so");
    await person().types(name, "said");
    await person().chooses(/nothing runs from the goal alone/, /Type roles and commands/);
    await person().types(/The first command/, "builder: Fix the parser and make the tests green");
    await person().chooses(/This reads like a sentence/, /Type it again/);
    await person().types(/The first command/, "builder: Fix the parser and make the tests green");
    await person().chooses(/This reads like a sentence/, /Run it as a command/);
    await person().leaves(/So far: builder: Fix the parser/);
    equal(await left, undefined);
  });
});
