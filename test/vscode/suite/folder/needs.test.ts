import { deepEqual, equal, ok } from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { commands, TabInputText, window } from "vscode";
import { questionScheme } from "../../../../src/extension/identifiers";
import { isSessionRow, type NeedRow } from "../../../../src/protocol/needRows";
import { until } from "../../../support/until";
import { terminalsOf } from "../../support/attachedTerminal";
import { doneProject, entries, entryOf, probe, run, sessionMs, sessionRow } from "../../support/host";
import { append, question } from "../../support/otherWindow";
import { personAtTheWindow } from "../../support/person";

const closeAll = (): Thenable<unknown> => commands.executeCommand("workbench.action.closeAllEditors");

/** The rows of Attention that are about that session. */
async function needRowsOf(session: string): Promise<NeedRow[]> {
  const { trees } = await probe();
  return trees.attention.getChildren().filter((row) => isSessionRow(row) && row.name === session);
}

async function says(project_id: string, session_name: string, state: string, more: object = {}): Promise<void> {
  await append(project_id, {
    kind: "state",
    actor: "engine",
    event: "sensed",
    session_name,
    state,
    text: state,
    ...more,
  });
}

const seen = (project_id: string): number => entries(project_id).filter(({ event }) => event === "seen").length;

describe("what needs the person", () => {
  const person = personAtTheWindow();
  let asks: string;
  let works: string;

  before(async () => {
    asks = await doneProject("needs-asks");
    works = await doneProject("needs-works");
  });
  after(closeAll);
  afterEach(closeAll);

  it("is a row of Attention, that opens the session", async () => {
    const evidence = [{ signal: "screen", rule: "asked/yes_no", lines: ["Proceed? [y/N]"] }];
    await says("needs-asks", asks, "waiting", { state_kind: "confirm", evidence });
    const row = await until("there is a row", async () => (await needRowsOf(asks))[0], sessionMs);
    ok(isSessionRow(row));
    equal(row.label, "Proceed? [y/N]");
    ok(row.description.startsWith("shell::1 (needs-asks) · needs confirmation for "), row.description);
    const { trees } = await probe();
    const { command } = trees.attention.getTreeItem(row);
    await commands.executeCommand(command?.command ?? "", ...((command?.arguments ?? []) as unknown[]));
    await until(
      "its mirror is there",
      () => window.tabGroups.activeTabGroup.activeTab?.label.startsWith("shell::1 · "),
      sessionMs,
    );
  });

  it("is gone to one after the other and around: a session to its mirror, a question to its page", async () => {
    const [asked] = await append("needs-works", question(null, "Which way?"));
    ok(asked);
    await until("the question has a row", async () => {
      const { trees } = await probe();
      return trees.attention.getChildren().some((row) => row.id === asked.id);
    });
    const { trees } = await probe();
    const count = trees.attention.getChildren().filter(({ context }) => !context.startsWith("question+")).length;
    const places: string[] = [];
    for (let step = 0; step < 2 * count; step++) {
      await run("goToNext");
      const front = (): string => {
        const { input, label = "" } = window.tabGroups.activeTabGroup.activeTab ?? {};
        return input instanceof TabInputText && input.uri.scheme === questionScheme ? input.uri.fragment : label;
      };
      places.push(await until("another one is in front", () => ![places.at(-1), ""].includes(front()) && front()));
    }
    ok(places.some((place) => place.startsWith("shell::1 · ")) && places.includes(asked.id), places.join(", "));
    deepEqual(places.slice(0, count), places.slice(count));
    await run("answer", asked.id, "yes");
    await says("needs-asks", asks, "idle");
    await until("its row is gone", async () => (await needRowsOf(asks)).length === 0, sessionMs);
  });

  it("says so where there is nothing", async () => {
    const { trees } = await probe();
    const left = trees.attention.getChildren().filter(({ context }) => !context.startsWith("question+"));
    await run("goToNext");
    // Other tests of this window may have left something.
    if (left.length === 0)
      await until("it says so", () => person().told.some(({ message }) => message === "Nothing needs you."));
  });

  it("is marked as seen by its row, by the choice of several, and all at once", async () => {
    await says("needs-works", works, "done_unseen");
    const row = await until("there is a row", async () => (await needRowsOf(works))[0], sessionMs);
    equal(row.context, "need+unseen");
    equal((await sessionRow(works, "done, not looked at")).context, "session+living+unseen");
    await run("markSeen", row);
    const entry = await entryOf("needs-works", "it is seen", ({ event }) => event === "seen");
    deepEqual([entry.session_name, entry.state], [works, "idle"]);
    await sessionRow(works, "idle");
    const before = seen("needs-works");
    await says("needs-works", works, "done_unseen");
    await sessionRow(works, "done, not looked at");
    await run("markAllSeen");
    await until(
      () => `that is seen as well: ${seen("needs-works")} after ${before}`,
      () => seen("needs-works") === before + 1,
      sessionMs,
    );
  });

  it("is not seen by a window in the background, and is once the window is in front again", async () => {
    await run("openMirror", works);
    const original = window.state;
    const focus = (focused: boolean): void =>
      void Object.defineProperty(window, "state", { value: { ...original, focused }, configurable: true });
    const before = seen("needs-works");
    focus(false);
    try {
      await says("needs-works", works, "done_unseen");
      await sessionRow(works, "done, not looked at");
      // Longer than a look lasts.
      await until("time has passed", () => false, 3000).catch(() => undefined);
      equal(seen("needs-works"), before);
    } finally {
      focus(true);
    }
    const { shown } = await probe();
    shown.changed();
    await until("it is seen", () => seen("needs-works") === before + 1, sessionMs);
    Object.defineProperty(window, "state", { value: original, configurable: true });
  });

  it("is seen where the person works in the session, in a terminal", async () => {
    const before = seen("needs-works");
    await run("attachSession", works);
    await entryOf("needs-works", "that it was attached", ({ event }) => event === "attached");
    await until("it is in front", async () => {
      const { shown } = await probe();
      const key = (await sessionRow(works)).key;
      return shown.isVisible({ key, name: works });
    });
    await says("needs-works", works, "done_unseen");
    await until("it is seen", () => seen("needs-works") === before + 1, sessionMs);
    for (const terminal of terminalsOf(works)) terminal.dispose();
  });
});
