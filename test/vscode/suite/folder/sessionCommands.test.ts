import { deepEqual, equal, match, ok } from "node:assert/strict";
import { before, describe, it } from "mocha";
import { commands, env, Selection, window, workspace } from "vscode";
import { sessionTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { cli } from "../../support/cli";
import { doneProject, entries, entryOf, run, sessionMs, sessionRow } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const project = "spoken";
let session: string;

async function screenOf(name: string): Promise<string> {
  return cli(["pull", name]);
}

function textDocument(name: string): string | undefined {
  return workspace.textDocuments
    .find((each) => each.uri.scheme === sessionTextScheme && each.uri.fragment === name)
    ?.getText();
}

describe("what is done to a session", () => {
  const person = personAtTheWindow();

  before(async () => (session = await doneProject(project)));

  it("Send Text types what the policy allows, with Enter", async () => {
    await run("sendText", session, "echo sent-$((40+2))");
    await until("it was typed", async () => (await screenOf(session)).includes("sent-42"), sessionMs);
    const typed = entries(project).findLast((entry) => entry.kind === "command");
    deepEqual([typed?.input, typed?.typed_as], ["echo sent-$((40+2))", "keys"]);
    const sent = run("sendText", await sessionRow(session));
    await person().types(/^The text is sent with Enter\.$/, "echo by-hand-$((1+1))");
    await sent;
    await until("it was typed", async () => (await screenOf(session)).includes("by-hand-2"), sessionMs);
  });

  it("Send Text hides what a program asks for unseen, and keeps it out of the log", async () => {
    await run("sendText", session, "printf 'PIN: '; read -rs pin; echo got-${#pin}");
    await until("the program asks", async () => /^PIN:/m.test(await screenOf(session)), sessionMs);
    const before_ = entries(project).length;
    const sent = run("sendText", await sessionRow(session));
    const box = await person().step(/It is hidden/);
    ok("password" in box && box.password);
    await person().types(/It is hidden/, "pin-4711-8");
    await sent;
    await until("it arrived", async () => (await screenOf(session)).includes("got-10"), sessionMs);
    const written = entries(project).slice(before_);
    ok(written.some((entry) => entry.kind === "command" && entry.text.includes("hidden input")));
    ok(!JSON.stringify(written).includes("4711"));
  });

  it("Send Text asks about what the policy holds back, and types it once it is confirmed", async () => {
    const before_ = entries(project).length;
    await run("sendText", session, "rm -rf ./nothing-here");
    const asked = await person().hears(/Send this to shell::1/);
    ok(asked.modal && asked.detail?.includes("rm -rf ./nothing-here"));
    equal(entries(project).length, before_);
    person().answers(/Send this to/, "Send");
    await run("sendText", session, "rm -rf ./nothing-here");
    const kinds = entries(project)
      .slice(before_)
      .map((entry) => entry.kind);
    deepEqual(kinds, ["policy", "command", "result"]);
  });

  it("Leave Handoff Note leaves a note for a role or a session", async () => {
    person().answers(/that gets the note/, "shell");
    person().answers(/What should the receiver know/, "mind the gap");
    await run("handOver", session);
    await person().hears(/shell gets it before its next task/);
    await run("handOver", session, { to: "shell", text: "and the step" });
    const notes = entries(project).filter((entry) => entry.kind === "handoff");
    deepEqual(
      notes.map((entry) => [entry.to, entry.text]),
      [
        ["shell", "mind the gap"],
        ["shell", "and the step"],
      ],
    );
    await run("handOver", session, { to: session, text: "look here" });
    await person().hears(/The note is shown in shell::1/);
    ok((await screenOf(session)).includes("Handoff note from shell::1: look here"));
    await entryOf(project, "its delivery", (entry) => entry.kind === "delivery" && entry.session_name === session);
  });

  it("Copy Session Name copies the name that people see", async () => {
    await run("copyName", session);
    equal(await env.clipboard.readText(), session);
  });

  it("Copy Screen copies the text of the screen", async () => {
    await run("sendText", session, "echo on-screen-$((40+4))");
    await until("it was typed", async () => (await screenOf(session)).includes("on-screen-44"), sessionMs);
    await run("copyScreen", session);
    match(await env.clipboard.readText(), /^on-screen-44$/m);
  });

  it("Open Session as Text says that it is of a moment, and is read again by its button", async () => {
    await run("openSessionAsText", session);
    const first = await until("the text is there", () => textDocument(session));
    match(first, new RegExp(`^${session} as it was at \\d\\d:\\d\\d:\\d\\d\\. This text does not follow`));
    match(first.trimEnd().split("\n").at(-1) ?? "", /^As it was at .*Refresh Session Text/);
    const editor = window.activeTextEditor;
    ok(editor);
    editor.selection = new Selection(2, 1, 2, 4);
    const read = editor.document.getText(editor.selection);
    await run("sendText", session, "echo printed-$((60+6))");
    await until("it was typed", async () => (await screenOf(session)).includes("printed-66"), sessionMs);
    ok(!textDocument(session)?.includes("printed-66"));
    await run("refreshSessionText", editor.document.uri);
    await until("the text is new", () => textDocument(session)?.includes("printed-66"));
    equal(editor.document.getText(editor.selection), read);
    await commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("Open Session as Text shows screen and history, anew each time", async () => {
    await run("openSessionAsText", session);
    await until("the text is there", () => textDocument(session)?.includes("sent-42"));
    equal(window.activeTextEditor?.document.uri.scheme, sessionTextScheme);
    await run("sendText", session, "echo later-$((50+5))");
    await until("it was typed", async () => (await screenOf(session)).includes("later-55"), sessionMs);
    await run("openSessionAsText", session);
    await until("the text is new", () => textDocument(session)?.includes("later-55"));
    await commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("Kill Session asks before, unless the caller says that nobody need be asked", async () => {
    const other = await doneProject("killed");
    await run("killSession", other);
    const asked = await person().hears(/Kill proj-killed::shell::1/);
    ok(asked.modal);
    await sessionRow(other, "idle");
    person().answers(/Kill proj-killed/, "Kill Session");
    await run("killSession", await sessionRow(other));
    await sessionRow(other, "ended");
    const forced = await doneProject("killed-at-once");
    await run("killSession", forced, { force: true });
    await sessionRow(forced, "ended");
    await entryOf("killed-at-once", "its end", (entry) => entry.event === "ended" && entry.session_name === forced);
    equal(person().told.filter(({ modal }) => modal).length, 2);
  });

  it("Open Session as Text of a session that is gone says why, and what the log has of it", async () => {
    const gone = await doneProject("gone", "echo words-that-stay");
    await run("killSession", gone, { force: true });
    await run("openSessionAsText", await sessionRow(gone, "ended"));
    const text = await until("a text is there", () => textDocument(gone));
    match(text, /no longer exists/);
    match(text, /words-that-stay/);
    await run("sendText", gone, "echo to nobody");
    match(person().errors().at(-1) ?? "", /no longer exists/);
    await commands.executeCommand("workbench.action.closeAllEditors");
  });
});
