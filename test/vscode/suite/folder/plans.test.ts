import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import {
  type CodeAction,
  type CodeLens,
  commands,
  type CompletionList,
  type DocumentSymbol,
  type Hover,
  languages,
  type Location,
  MarkdownString,
  Position,
  Range,
  TabInputTextDiff,
  type TextDocument,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from "vscode";
import { until } from "../../../support/until";
import { entries, folder, probe, recordFolder, run, saysOfProject, sessionMs } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const text = `project: edited
roles:
  builder: {}
tasks:
  - id: build
    role: builder
    run: echo built
  - id: test
    role: builder
    needs: [build]
    run: echo tested
`;

async function opened(name: string, content = text): Promise<TextDocument> {
  const file = Uri.file(join(folder(), name));
  writeFileSync(file.fsPath, content);
  const document = await workspace.openTextDocument(file);
  await window.showTextDocument(document);
  return document;
}

async function closed(document: TextDocument): Promise<void> {
  await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  rmSync(document.uri.fsPath, { force: true });
}

const ask = <T>(command: string, document: TextDocument, ...given: unknown[]): Thenable<T> =>
  commands.executeCommand<T>(command, document.uri, ...given);

/** Where those words begin, moved by so many characters. */
function at(document: TextDocument, words: string, by = 1): Position {
  return document.positionAt(document.getText().indexOf(words) + by);
}

async function edited(document: TextDocument, range: Range, words: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, range, words);
  ok(await workspace.applyEdit(edit));
}

const lensesOf = async (document: TextDocument): Promise<string[]> =>
  (await ask<CodeLens[]>("vscode.executeCodeLensProvider", document, 100)).map(
    ({ command, range }) => `${range.start.line}: ${command?.title ?? ""}`,
  );

async function untilNotRunning(project_id: string): Promise<void> {
  const { running } = await probe();
  await until(`${project_id} is not running`, () => !running().includes(project_id), sessionMs);
}

describe("an editor with a plan", () => {
  const person = personAtTheWindow();

  it("offers keys with what they mean, and the names of the plan, wherever the file is", async () => {
    const document = await opened("offers.plan.yaml");
    const offered = async (where: Position): Promise<CompletionList> =>
      ask<CompletionList>("vscode.executeCompletionItemProvider", document, where);
    const roles = await offered(at(document, "role: builder", 6));
    ok(roles.items.some(({ label }) => typeof label === "object" && label.label === "builder"));
    await edited(document, new Range(7, 0, 7, 0), "    \n");
    const keys = (await offered(new Position(7, 4))).items.filter(({ label }) => typeof label === "object");
    const timeout = keys.find(({ label }) => typeof label === "object" && label.label === "timeout");
    match((timeout?.documentation as MarkdownString).value, /Longest time/);
    ok(!keys.some(({ label }) => typeof label === "object" && label.label === "prompt"));
    await closed(document);
  });

  it("tells what a key means, with an example, and which task is named", async () => {
    const document = await opened("tells.plan.yaml");
    const told = async (where: Position): Promise<string> =>
      (await ask<Hover[]>("vscode.executeHoverProvider", document, where))
        .flatMap(({ contents }) => contents)
        .map((each) => (each instanceof MarkdownString ? each.value : ""))
        .join("\n");
    const key = await told(at(document, "needs:"));
    match(key, /\*\*needs\*\*/);
    match(key, /Tasks that must succeed before this one starts/);
    match(key, /needs: \[ build \]/);
    match(await told(at(document, "[build]", 2)), /- id: build\n {2}role: builder/);
    await closed(document);
  });

  it("has an outline, goes to names, finds them and renames them", async () => {
    const document = await opened("names.plan.yaml");
    const outline = await ask<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document);
    deepEqual(
      outline.map(({ name, children }) => [name, children.map((each) => each.name)]),
      [
        ["Roles", ["builder"]],
        ["Tasks", ["build", "test"]],
      ],
    );
    const [definition] = await ask<Location[]>(
      "vscode.executeDefinitionProvider",
      document,
      at(document, "[build]", 2),
    );
    equal(definition?.range.start.line, 4);
    const references = await ask<Location[]>("vscode.executeReferenceProvider", document, at(document, "builder: {}"));
    deepEqual(references.map(({ range }) => range.start.line).sort(), [2, 5, 8]);
    const edit = await ask<WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document,
      at(document, "id: build", 5),
      "compile",
    );
    ok(await workspace.applyEdit(edit));
    match(document.getText(), /- id: compile\n[^]*needs: \[compile\]/);
    await closed(document);
  });

  it("mends what is misspelt, and adds a role that is missing", async () => {
    const document = await opened(
      "mends.plan.yaml",
      text.replace("role: builder\n    needs", "role: bilder\n    needs"),
    );
    const marks = await until("the problem is marked", () =>
      [languages.getDiagnostics(document.uri)].find(({ length }) => length > 0),
    );
    const actions = await ask<CodeAction[]>("vscode.executeCodeActionProvider", document, marks[0]?.range);
    deepEqual(
      actions.map(({ title }) => title),
      ['Change "bilder" to "builder"', 'Add the role "bilder"'],
    );
    ok(actions[1]?.edit && (await workspace.applyEdit(actions[1].edit)));
    match(document.getText(), /^ {2}builder: \{\}\n {2}bilder: \{\}$/m);
    await commands.executeCommand("undo");
    ok(actions[0]?.edit && (await workspace.applyEdit(actions[0].edit)));
    equal(document.getText(), text);
    await until("nothing is marked", () => languages.getDiagnostics(document.uri).length === 0);
    await closed(document);
  });

  it("leaves other programs' files of that name alone", async () => {
    const document = await opened("plan.yaml", "steps:\n  - get: repository\n");
    deepEqual(await lensesOf(document), []);
    deepEqual(languages.getDiagnostics(document.uri), []);
    await closed(document);
  });

  it("runs the file as it stands, which is saved for it, and shows what became of each task", async () => {
    const document = await opened("edited.plan.yaml");
    deepEqual(await lensesOf(document), ["0: $(play) Run", "4: $(play) Run Task", "7: $(play) Run Task"]);
    const line = at(document, "echo built", 0).line;
    await edited(document, new Range(line, 9, line, 19), "echo edited");
    ok(document.isDirty);
    await run("runPlan");
    ok(!document.isDirty);
    await saysOfProject("edited", "done");
    await untilNotRunning("edited");
    match(readFileSync(join(recordFolder("edited"), "plan.yaml"), "utf8"), /echo edited/);
    await until("the lenses say so", async () => (await lensesOf(document)).includes("7: $(pass) succeeded"));
    const inputs = (): unknown[] =>
      entries("edited")
        .filter(({ kind, step }) => kind === "command" && step !== undefined)
        .map(({ input }) => input);
    deepEqual(inputs(), ["echo edited", "echo tested"]);
    await run("runTask", { file: document.uri, task: "test" });
    await until("one task ran again", () => inputs().length === 3, sessionMs);
    deepEqual(inputs(), ["echo edited", "echo tested", "echo tested"]);
    await saysOfProject("edited", "done");
    await untilNotRunning("edited");
  });

  it("says that it is another one than the saved plan, and shows how", async () => {
    const document = await opened("edited.plan.yaml", text.replace("echo tested", "echo changed"));
    await until("a lens says so", async () =>
      (await lensesOf(document)).some((each) => /Changed since it was run/.test(each)),
    );
    await run("comparePlan", document.uri);
    const diff = await until("the two are shown", () =>
      [window.tabGroups.activeTabGroup.activeTab?.input].find((input) => input instanceof TabInputTextDiff),
    );
    equal(diff.original.fsPath, join(recordFolder("edited"), "plan.yaml"));
    equal(diff.modified.fsPath, document.uri.fsPath);
    await commands.executeCommand("workbench.action.closeActiveEditor");
    await run("runProject", "edited");
    await person().hears(/edited runs with its saved plan\. edited\.plan\.yaml has changed since it was run/);
    await untilNotRunning("edited");
    await window.showTextDocument(document);
    await closed(document);
  });
});
