import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { commands, type Diagnostic, languages, Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import { longPlan } from "../../../support/longPlans";
import { until } from "../../../support/until";
import { folder, probe, run } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const readMs = 30_000;

const marksOf = (file: Uri, what: string, is: (marks: readonly Diagnostic[]) => boolean): Promise<Diagnostic[]> =>
  until(what, () => [languages.getDiagnostics(file)].find(is), readMs);

describe("a plan of 1,000 tasks", () => {
  const person = personAtTheWindow();

  it("has its problems marked when it is opened, typed and mended, and the host works on meanwhile", async () => {
    await probe();
    const file = Uri.file(join(folder(), "long.plan.yaml"));
    const lines = longPlan(1000).split("\n");
    const wrong = lines.length - 2;
    equal(lines[wrong], "    retries: 2");
    lines[wrong] = "    retry: 2";
    writeFileSync(file.fsPath, lines.join("\n"));
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const document = await workspace.openTextDocument(file);
    await window.showTextDocument(document);
    const [mark] = await marksOf(file, "the problem is marked", (marks) => marks.length > 0);
    match(mark?.message ?? "", /task "task-999": unknown key "retry"; known keys:/);
    equal(mark?.range.start.line, wrong);
    const mending = new WorkspaceEdit();
    mending.replace(file, new Range(wrong, 4, wrong, 9), "retries");
    ok(await workspace.applyEdit(mending));
    await marksOf(file, "the mended plan has no mark", (marks) => marks.length === 0);
    const spoiling = new WorkspaceEdit();
    spoiling.replace(file, new Range(wrong, 4, wrong, 11), "retry");
    ok(await workspace.applyEdit(spoiling));
    await marksOf(file, "what was typed is marked", (marks) => marks.length === 1);
    clearInterval(counting);
    // Two looks each wait 300 ms for the person, and each plan takes 100 ms at least.
    ok(turns > 200, `${turns} turns`);
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    rmSync(file.fsPath);
  });

  it("and more is refused with the limit and the way", async () => {
    const file = join(folder(), "toolong.plan.yaml");
    writeFileSync(file, longPlan(4000));
    await rejects(
      run("doProject", { project: "long", plan: file }),
      /at most 1,000 tasks; divide it into several plans/,
    );
    const marks = languages.getDiagnostics(Uri.file(file));
    deepEqual(
      marks.map(({ message }) => message),
      ["tasks: must have at most 1,000 tasks; divide it into several plans"],
    );
    equal(person().told.at(-1)?.message, "The plan has 1 problem.");
    rmSync(file);
  });
});
