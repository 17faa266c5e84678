import { equal, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, ViewColumn, window, workspace } from "vscode";
import { until } from "../../../support/until";
import { cli } from "../../support/cli";
import { doneProject, entryOf, run, sessionMs } from "../../support/host";
import { panelOf, type ShownPanel } from "../../support/shownPanel";

/** Something else comes to the front of its group. */
async function hide({ panel }: ShownPanel): Promise<void> {
  await window.showTextDocument(await workspace.openTextDocument(), {
    viewColumn: panel.viewColumn ?? ViewColumn.Active,
  });
  await until("it is hidden", () => !panel.visible);
}

/** Prints so much that every screen is another one, and waits until the record has that it was done. */
async function print(project: string, session: string, words: string): Promise<void> {
  const before = await screenOf(session);
  await cli([
    "send",
    session,
    `for i in $(seq 300); do echo line $i of ${words}; done; echo last-${words}-$((40+2))`,
    "--wait",
  ]);
  ok(!before.includes(words));
  await entryOf(
    project,
    "what was printed",
    (entry) => entry.kind === "result" && entry.output?.includes(`last-${words}-42`) === true,
  );
}

function screenOf(session: string): Promise<string> {
  return cli(["pull", session]);
}

describe("a page that nobody sees", () => {
  it("is sent nothing by its mirror, which shows the newest screen whole as soon as somebody looks", async () => {
    const session = await doneProject("hidden", "echo seen-before");
    const mirror = await panelOf(() => run("openMirror", session));
    await until("it shows the screen", () => mirror.screen().includes("seen-before"), sessionMs);
    await hide(mirror);
    const sent = mirror.told.length;
    await print("hidden", session, "unseen");
    equal(mirror.told.length, sent);
    mirror.panel.reveal();
    await until("it shows what was printed meanwhile", () => mirror.screen().includes("last-unseen-42"), sessionMs);
    const [first] = mirror.told.slice(sent).filter(({ name }) => name === "picture" || name === "change");
    equal(first?.name, "picture");
    mirror.panel.dispose();
  });

  it("is sent nothing by the overview, which shows all tiles and screens anew as soon as somebody looks", async () => {
    const session = await doneProject("hidden-tile", "echo seen-before");
    const overview = await panelOf(() => run("openOverview"));
    const shows = (words: string): boolean =>
      JSON.stringify(overview.told.filter(({ name }) => name === "screens")).includes(words);
    await until("it shows the screen", () => shows("seen-before"), sessionMs);
    await hide(overview);
    const sent = overview.told.length;
    await print("hidden-tile", session, "unwatched");
    equal(overview.told.length, sent);
    overview.panel.reveal();
    await until("it shows what was printed meanwhile", () => shows("last-unwatched-42"), sessionMs);
    equal(
      overview.told
        .slice(sent)
        .map(({ name }) => name)
        .join()
        .slice(0, 5),
      "tiles",
    );
    overview.panel.dispose();
    await commands.executeCommand("workbench.action.closeAllEditors");
  });
});
