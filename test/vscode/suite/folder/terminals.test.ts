import { equal, match, notEqual } from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, ConfigurationTarget, type Tab, window, workspace } from "vscode";
import { until } from "../../../support/until";
import { cli } from "../../support/cli";
import { doneProject, entries, entryOf, run, sessionMs, sessionName } from "../../support/host";
import { attach, terminalsOf } from "../../support/attachedTerminal";

describe("a terminal on a session", () => {
  it("shows the screen, takes keys and size, is made once, and detaches when it is closed", async () => {
    const session = await doneProject("attached", "echo stands-on-screen");
    const { terminal, pty, text } = await attach(session);
    await until("the screen is drawn", () => text().includes("stands-on-screen"), sessionMs);
    terminal.sendText("echo typed-$((40+2))");
    await until("the echo came back", () => text().includes("typed-42"), sessionMs);
    pty.setDimensions?.({ rows: 31, columns: 97 });
    terminal.sendText("until [ \"$(stty size)\" = '31 97' ]; do sleep 0.05; done; echo size-is-$((1+1))");
    await until("the size has reached the session", () => text().includes("size-is-2"), sessionMs);
    await run("attachSession", session);
    equal(terminalsOf(session).length, 1);
    terminal.dispose();
    await entryOf("attached", "that it was detached", (entry) => entry.event === "detached");
    match(await cli(["sessions", "attached"]), /idle/);
  });

  it("says so when the session ends, and closes with any key", async () => {
    const session = await doneProject("ended-under");
    const { terminal, text } = await attach(session);
    await until("it is attached", () => entries("ended-under").some((entry) => entry.event === "attached"), sessionMs);
    terminal.sendText("exit 7");
    await until("it says that it is over", () => text().includes("The session ended (exit code 7)."), sessionMs);
    terminal.sendText("x", false);
    await until("it is closed", () => terminalsOf(session).length === 0);
  });

  it("of a session that is gone says why", async () => {
    await doneProject("gone-before");
    await run("killSession", sessionName("gone-before"), { force: true });
    const { text, terminal } = await attach(sessionName("gone-before"));
    await until("it says why", () => text().includes("no longer exists"));
    terminal.dispose();
  });

  it("opens where it is told to, once, and the next one where the last one was", async () => {
    const [one, two] = [await doneProject("placed"), await doneProject("placed-next")];
    const tabOf = (session: string): Tab | undefined =>
      window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === terminalsOf(session)[0]?.name);
    await run("attachInPanel", one);
    await entryOf("placed", "that it was attached", (entry) => entry.event === "attached");
    equal(tabOf(one), undefined);
    await run("attachSession", two);
    await entryOf("placed-next", "that it was attached", (entry) => entry.event === "attached");
    equal(tabOf(two), undefined);
    await run("attachInEditor", one);
    await until("it is in an editor", () => tabOf(one), sessionMs);
    await until("there is one of it", () => terminalsOf(one).length === 1);
    terminalsOf(two)[0]?.dispose();
    await until("it is closed", () => terminalsOf(two).length === 0);
    await run("attachSession", two);
    await until("the next one is in an editor as well", () => tabOf(two), sessionMs);
    for (const session of [one, two]) terminalsOf(session)[0]?.dispose();
  });

  it("is among the profiles", async () => {
    const session = await doneProject("profiled");
    const setting = workspace.getConfiguration("terminal.integrated");
    const original = window.showQuickPick;
    Object.assign(window, {
      showQuickPick: (items: readonly { label: string }[]) =>
        Promise.resolve(items.find((item) => item.label === session)),
    });
    try {
      await setting.update("defaultProfile.linux", "wsh Session", ConfigurationTarget.Global);
      await commands.executeCommand("workbench.action.terminal.new");
      const terminal = await until("it is there", () => terminalsOf(session)[0], sessionMs);
      await entryOf("profiled", "that it was attached", (entry) => entry.event === "attached");
      notEqual(terminal.exitStatus?.code, 1);
      // One more by the profile takes the place of the first: a session has one terminal.
      await commands.executeCommand("workbench.action.terminal.new");
      await until("the first one has gone", () => !terminalsOf(session).includes(terminal), sessionMs);
      const [second] = await until("the second one is there", () =>
        [terminalsOf(session)].find((all) => all.length > 0),
      );
      equal(terminalsOf(session).length, 1);
      second?.dispose();
    } finally {
      await setting.update("defaultProfile.linux", undefined, ConfigurationTarget.Global);
      Object.assign(window, { showQuickPick: original });
    }
  });
});
