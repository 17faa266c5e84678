import { match, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, type QuickPick, type QuickPickItem, window } from "vscode";
import { until } from "../../../support/until";
import { probe, run, saysOfProject, sessionMs } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

describe("Search Output", () => {
  const person = personAtTheWindow();

  async function searched(text: string): Promise<QuickPick<QuickPickItem>> {
    void run("searchOutput", text);
    return (await person().step(/Text on any screen/)) as QuickPick<QuickPickItem>;
  }

  const labels = (pick: QuickPick<QuickPickItem>): string[] => pick.items.map(({ label }) => label);

  it("finds what sessions show and what logs have while somebody types, and opens the place", async () => {
    await run("doProject", { project: "sought", run: ["echo needle-in-$((40+2))", "seq 60"] });
    await saysOfProject("sought", "done");
    const { running } = await probe();
    await until("sought is not running", () => !running().includes("sought"), sessionMs);
    const pick = await searched("needle-in-4");
    await until(
      () => `the screen and the log have it: ${labels(pick).join(" | ")}; errors: ${person().errors().join(" | ")}`,
      () =>
        labels(pick).some((label) => label === "needle-in-42") &&
        pick.items.some(({ description }) => description === "Log of sought"),
      sessionMs,
    );
    pick.value = "nothing has this text";
    await until("it says that nothing has it", () =>
      labels(pick).some((label) => /No screen, history or log/.test(label)),
    );
    pick.value = "NEEDLE-IN-42";
    await until("it is found again", () => labels(pick).includes("needle-in-42"), sessionMs);
    const screen = pick.items.find(
      ({ label, description }) => label === "needle-in-42" && description?.startsWith("Log") !== true,
    );
    ok(screen);
    pick.activeItems = [screen];
    await until("it is chosen", () => pick.activeItems[0] === screen);
    await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    const line = await until("its line is shown", () => {
      const editor = window.activeTextEditor;
      const text = editor?.document.lineAt(editor.selection.active.line).text;
      return text?.includes("needle-in-42") === true ? text : undefined;
    });
    match(line, /^needle-in-42$/);
    await commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("is left without anything being opened", async () => {
    const before = window.visibleTextEditors.length;
    await searched("needle");
    await person().leaves(/Text on any screen/);
    ok(window.visibleTextEditors.length === before);
  });
});
