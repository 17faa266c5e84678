import { deepEqual, equal, match } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import { commands, env, type DocumentLink, type TextDocument, window } from "vscode";
import { entryTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { doneProject, entryOf, folder, projectRowOf, probe, run, saysOfProject } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

async function keyOf(project: string): Promise<string> {
  return projectRowOf((await probe()).rows(), project)?.key ?? "";
}

/** The page of that entry, in sight. */
function pageOf(id: string, end = ".txt"): Promise<TextDocument> {
  return until(`the page of ${id} is shown`, () =>
    window.visibleTextEditors
      .map(({ document }) => document)
      .find(({ uri }) => uri.scheme === entryTextScheme && uri.fragment === id && uri.path.endsWith(end)),
  );
}

/** Where the links of a page lead, by their texts. */
async function linksOf(page: TextDocument): Promise<Map<string, string>> {
  const links = await commands.executeCommand<DocumentLink[]>("vscode.executeLinkProvider", page.uri);
  return new Map(links.map(({ range, target }) => [page.getText(range), target?.toString() ?? ""]));
}

describe("the page of a log entry", () => {
  const person = personAtTheWindow();
  afterEach(() => commands.executeCommand("workbench.action.closeAllEditors"));

  it("leads to what belongs to it, to files, and to the entry as JSON", async () => {
    writeFileSync(join(folder(), "x.ts"), "1\n2\n3\n");
    await run("doProject", { project: "read", run: ["echo x.ts:3:1; (exit 3)"] });
    await saysOfProject("read", "needs your answer");
    const key = await keyOf("read");
    const result = await entryOf("read", "its result", ({ kind, exit_code }) => kind === "result" && exit_code === 3);
    await run("openEntry", { key, entry: { id: result.id } });
    const page = await pageOf(result.id);
    match(page.getText(), /^\$ echo x\.ts:3:1; \(exit 3\)\nx\.ts:3:1\n\(Failed after .* exit code 3\.\)$/m);
    const links = await until("its links are there", async () => {
      const found = await linksOf(page);
      return found.has("The entry as JSON") && found;
    });
    match(links.get("x.ts:3:1") ?? "", /x\.ts#L3%2C1$|x\.ts#L3,1$/);
    match(links.get("run") ?? links.get(result.task_id ?? "") ?? "", /^command:wshOrchestrator\.showOutput\?/);
    match(links.get("shell::1") ?? "", /^command:wshOrchestrator\.showSession\?/);
    const question = await entryOf("read", "its question", ({ kind }) => kind === "error");
    await run("openEntry", { key, entry: question });
    match((await pageOf(question.id)).getText(), /\nTries of .*\nTry 1: failed, exit code 3\n/);
    await run("openEntry", { key, entry: result }, { json: true });
    const json = await pageOf(result.id, ".json");
    deepEqual([(JSON.parse(json.getText()) as { id: string }).id, json.languageId], [result.id, "json"]);
    equal(person().errors().length, 0);
    // Nothing is left that asks.
    await run("answer", question.id, "skip");
    await saysOfProject("read", "done");
  });

  it("follows what comes, and says where the log has no such entry", async () => {
    await doneProject("grows");
    const key = await keyOf("grows");
    await run("addNote", "grows", "the first");
    const note = await entryOf("grows", "its note", ({ kind }) => kind === "note");
    await run("openEntry", { key, entry: note });
    const page = await pageOf(note.id);
    match(page.getText(), /^the first$/m);
    await run("addNote", "grows", "the second");
    await until("the page has it", () => /^What followed\n[^]*the second$/m.test(page.getText()));
    await run("openEntry", { key, entry: { id: "no-such-entry" } });
    match((await pageOf("no-such-entry")).getText(), /no longer in the log/);
  });
});

describe("copies of a log", () => {
  const person = personAtTheWindow();

  it("are a line of an entry, and a day as Markdown in which hostile text is text", async () => {
    await doneProject("copied", "echo one");
    const key = await keyOf("copied");
    await run(
      "addNote",
      "copied",
      "see [run](command:workbench.action.quit) <img src=x> at https://evil.example\u202e",
    );
    const note = await entryOf("copied", "its note", ({ kind }) => kind === "note");
    await run("copyLine", { key, entry: note });
    match(
      await env.clipboard.readText(),
      /^\d{4}-\d\d-\d\d [\d:]+ copied: see \[run\]\(command:\S+\) <img src=x> at https:\/\/evil\.example$/,
    );
    await run("copyDay", { key, entry: note });
    const text = await env.clipboard.readText();
    match(text, /^## copied, \d{4}-\d\d-\d\d\n\n- /);
    match(text, /see `\[run\]\(command:workbench\.action\.quit\)` \\<img src=x\\> at `https:\/\/evil\.example`$/m);
    match(text, /^- [\d:]+ \*\*shell::1\*\* run ok /m);
    await run("copyDay", "copied");
    equal(await env.clipboard.readText(), text);
    equal(person().errors().length, 0);
  });
});
