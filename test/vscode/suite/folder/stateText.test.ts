import { deepEqual, equal, ok } from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { commands, type DocumentLink, type TextDocument, type Uri, window, workspace } from "vscode";
import { sessionTextScheme, stateTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { doneProject, run, sessionMs, sessionRow } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

let session: string;

function stateText(): TextDocument {
  const document = workspace.textDocuments.find(({ uri }) => uri.scheme === stateTextScheme);
  ok(document);
  return document;
}

function says(what: RegExp): Promise<RegExpExecArray> {
  return until(
    () => `the explanation says ${what.source}; it says ${stateText().getText()}`,
    () => what.exec(stateText().getText()) ?? undefined,
    sessionMs,
  );
}

/** What the parts of the text lead to, by the text that they have. */
async function links(): Promise<Map<string, Uri | undefined>> {
  const document = stateText();
  const found = await commands.executeCommand<DocumentLink[]>("vscode.executeLinkProvider", document.uri);
  return new Map(found.map(({ range, target }) => [document.getText(range), target]));
}

/** As a click does. */
async function follow(link: Uri | undefined): Promise<void> {
  equal(link?.scheme, "command");
  const given = JSON.parse(decodeURIComponent(link?.query ?? "[]")) as unknown[];
  await commands.executeCommand(link?.path ?? "", ...given);
}

describe("Explain State", () => {
  const person = personAtTheWindow();

  before(async () => (session = await doneProject("explained")));
  after(() => commands.executeCommand("workbench.action.closeAllEditors"));

  it("says what a session does and why, with links to the session, the line and the log", async () => {
    await run("explainState", await sessionRow(session));
    equal(window.activeTextEditor?.document.uri.scheme, stateTextScheme);
    await says(/^shell::1 \(explained\): idle, since \d\d:\d\d:\d\d/);
    await run("sendText", session, 'read -p "Remove the old index? [y/N] " answer');
    await says(/needs confirmation, since/);
    await says(/screen, rule asked\/yes_no:\n {4}\u2502 Remove the old index\? \[y\/N\]/);
    await says(/What would change it:\n {2}An answer/);
    await says(/What happened before:\n/);
    const there = await links();
    ok(there.has("shell::1") && there.has("All that the log says of this session"));
    await follow([...there].find(([text]) => text.startsWith("Remove the old index?"))?.[1]);
    const editor = await until("the line is shown", () =>
      window.activeTextEditor?.document.uri.scheme === sessionTextScheme ? window.activeTextEditor : undefined,
    );
    await until("the line is selected", () => /Remove the old index/.test(editor.document.getText(editor.selection)));
  });

  it("follows the session", async () => {
    await run("explainState", session);
    await says(/needs confirmation/);
    await run("sendText", session, "y");
    await says(/^shell::1 \(explained\): idle/);
    await says(/No screen was needed to know this/);
  });

  it("leads from its title bar to the session, and from the palette to sessions that are over, too", async () => {
    await run("openMirror", stateText().uri);
    await until("a mirror is in front", () => window.tabGroups.activeTabGroup.activeTab?.label === "shell::1");
    const other = await doneProject("over");
    await run("killSession", other, { force: true });
    await sessionRow(other, "ended");
    person().answers(/Choose a session/, other);
    await run("explainState");
    const offered =
      person()
        .picked.at(-1)
        ?.items.map(({ label }) => label) ?? [];
    deepEqual(
      [session, other].map((name) => offered.includes(name)),
      [true, true],
    );
    await until("the text of the other one is there", () =>
      workspace.textDocuments.some((each) => each.uri.fragment === other && /ended, at/.test(each.getText())),
    );
  });
});
