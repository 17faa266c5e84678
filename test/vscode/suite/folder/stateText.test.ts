import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { after, before, describe, it } from "mocha";
import {
  commands,
  type Diagnostic,
  type DocumentLink,
  languages,
  type TextDocument,
  Uri,
  window,
  workspace,
} from "vscode";
import { ruleFolder } from "../../../../src/adapters/machine/ruleFiles";
import { sessionTextScheme, stateTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { doneProject, entries, entryOf, run, sessionMs, sessionRow } from "../../support/host";
import { append } from "../../support/otherWindow";
import { personAtTheWindow } from "../../support/person";

let session: string;

function stateText(): TextDocument {
  const document = workspace.textDocuments.find(
    ({ uri }) => uri.scheme === stateTextScheme && uri.fragment === session,
  );
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

  it("says that work is seen once its session was in front for two seconds, and not before", async () => {
    const project_id = "explained";
    await append(project_id, {
      kind: "state",
      actor: "engine",
      event: "sensed",
      session_name: session,
      state: "done_unseen",
      text: "The program is done.",
    });
    await run("explainState", session);
    await says(/done, not looked at/);
    const seen = (): number => entries(project_id).filter(({ event }) => event === "seen").length;
    equal(seen(), 0);
    await run("openMirror", session);
    const entry = await entryOf(project_id, "it is seen", ({ event }) => event === "seen");
    deepEqual([entry.session_name, entry.state], [session, "idle"]);
    await sessionRow(session, "idle");
    equal(seen(), 1);
    await commands.executeCommand("workbench.action.closeActiveEditor");
    await run("explainState", session);
  });

  it("leads from its title bar to the session, and from the palette to sessions that are over, too", async () => {
    await run("openMirror", stateText().uri);
    await until("a mirror is in front", () =>
      window.tabGroups.activeTabGroup.activeTab?.label.startsWith("shell::1 · "),
    );
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

/** Any program may show what these rules are about: they name none. */
const rules = `program: gate
role: tool
known: { commands: [] }
rules:
  - name: opens
    state: waiting
    kind: confirm
    when: [{ in: screen, matches: "^Open the gate" }]
`;

describe("rules of a person's own, in a window", () => {
  const person = personAtTheWindow();
  const folder = ruleFolder(process.env);
  const [gate, broken] = ["gate.yaml", "broken.yaml"].map((name) => join(folder, name)) as [string, string];

  before(async () => {
    session = await doneProject("ruled");
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("take effect when they are saved, also on what a session shows already", async () => {
    await run("sendText", session, 'printf "Open the gate: "; read answer');
    await run("explainState", session);
    await says(/^shell::1 \(ruled\): (?!idle)/);
    ok(!stateText().getText().includes("needs confirmation"));
    await mkdir(folder, { recursive: true });
    await writeFile(gate, rules);
    await says(/needs confirmation/);
    await says(/screen, your own rule gate\/opens:/);
    const place = (await links()).get(`${gate}:5`);
    deepEqual([place?.scheme, place?.path, place?.fragment], ["file", gate, "L5"]);
    await writeFile(gate, rules.replace("confirm", "password"));
    await says(/needs a password/);
  });

  it("are told of once where they are wrong, with the place, marked in its editor, and take no other down", async () => {
    await writeFile(broken, "program: other\nrole: tool\nrules: []\nwehn: x\n");
    const told = await person().hears(/The rules in .*broken\.yaml are not used: line 4, column 1: unknown key "wehn"/);
    deepEqual([told.kind, told.buttons[0]], ["error", "Open File"]);
    await writeFile(gate, rules);
    await says(/needs confirmation/);
    await window.showTextDocument(Uri.file(broken));
    const marks = (): Diagnostic[] => languages.getDiagnostics(Uri.file(broken));
    const [mark] = await until("it is marked", () => (marks().length > 0 ? marks() : undefined), sessionMs);
    deepEqual([mark?.range.start.line, mark?.range.start.character], [3, 0]);
    equal(
      person()
        .errors()
        .filter((error) => error.includes("broken.yaml")).length,
      1,
    );
    await rm(broken);
    await until("nothing is marked any more", () => marks().length === 0, sessionMs);
  });

  it("never hold the window up", async () => {
    const watch = monitorEventLoopDelay({ resolution: 1 });
    await until("the window is quiet", async () => {
      watch.reset();
      watch.enable();
      await new Promise((resolve) => setTimeout(resolve, 300));
      watch.disable();
      return watch.max < 20e6;
    });
    watch.reset();
    watch.enable();
    await writeFile(broken, '"'.repeat(100_000));
    await person().hears(/The rules in .*broken\.yaml are not used/);
    watch.disable();
    // In the host itself it takes seconds.
    ok(watch.max < 500e6, `${Math.round(watch.max / 1e6)} ms`);
  });
});
