import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { describe, it } from "mocha";
import { Uri, window, workspace } from "vscode";
import { sessionTextUri } from "../../../../src/extension/terminals/sessionText";
import { until } from "../../../support/until";
import { entries, folder, probe, run, sessionMs } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

async function untilDone(): Promise<void> {
  const { rows, running } = await probe();
  await until(
    "both are done",
    () =>
      running().length === 0 && rows().filter((row) => row.kind === "project" && row.look.word === "done").length === 2,
    sessionMs,
  );
}

describe("two folders with a project of one name", () => {
  const person = personAtTheWindow();

  it("ask which folder where nobody says it, and show it", async () => {
    await rejects(run("doProject", { project: "same", run: ["true"] }), /Several folders are open/);
    await run("doProject", { project: "same", folder: "north", run: ["echo from-the-north"] });
    await run("doProject", { project: "same", folder: folder(1), run: ["echo from-the-south"] });
    await untilDone();
    const { rows } = await probe();
    const projects = rows().filter((row) => row.kind === "project");
    deepEqual(projects.map((row) => /north|south/.exec(row.description)?.[0]).sort(), ["north", "south"]);
    for (const row of projects) match(row.spoken, /folder (north|south)/);
    equal(new Set(rows().map((row) => row.id)).size, rows().length);
  });

  it("keep their sessions apart in commands, texts and terminals", async () => {
    const { rows } = await probe();
    const keys = rows()
      .filter((row) => row.kind === "project")
      .map((row) => row.key);
    const texts = await Promise.all(
      keys.map(async (key) => {
        const name = rows().find((row) => row.kind === "session" && row.key === key)?.name ?? "";
        return (await workspace.openTextDocument(sessionTextUri(name, key))).getText();
      }),
    );
    for (const [index, text] of texts.entries())
      match(text, keys[index]?.includes("north") === true ? /from-the-north/ : /from-the-south/);
    person().answers(/Choose a project/, "done");
    await run("addNote", "same", "for one of them");
    equal(person().picked.length, 1);
    equal([0, 1].flatMap((index) => entries("same", folder(index))).filter((entry) => entry.kind === "note").length, 1);
    const row = rows().filter((each) => each.kind === "session");
    for (const each of row) await run("attachSession", each);
    for (const each of row) await run("attachSession", each);
    await until(
      "each has one terminal",
      () => window.terminals.filter((terminal) => /^shell::\d · /.test(terminal.name)).length === 2,
    );
    for (const terminal of window.terminals) terminal.dispose();
  });

  it("have settings of their own, and plans run in the folder that they lie in", async () => {
    const limit = (index: number): unknown =>
      workspace.getConfiguration("wshOrchestrator", workspace.workspaceFolders?.[index]?.uri).get("maxSessions");
    deepEqual([limit(0), limit(1)], [0, 1]);
    const file = Uri.joinPath(workspace.workspaceFolders?.[1]?.uri ?? Uri.file("/"), "here.plan.yaml");
    await workspace.fs.writeFile(
      file,
      Buffer.from(
        "project: lying\nroles: { one: {}, two: {} }\ntasks:\n  - { id: a, role: one, run: echo a }\n  - { id: b, role: two, run: echo b }\n",
      ),
    );
    await window.showTextDocument(file);
    await run("runPlan");
    const { running } = await probe();
    await until(
      "it is done",
      () =>
        running().length === 0 &&
        entries("lying", folder(1)).some((entry) => entry.kind === "project" && entry.state === "done"),
      sessionMs,
    );
    deepEqual(entries("lying", folder(0)), []);
    // With room for one session, the first one ends before the second one starts.
    const events = entries("lying", folder(1)).filter(
      (entry) => entry.kind === "session" && (entry.event === "created" || entry.state === "exited"),
    );
    deepEqual(
      events.map((entry) => entry.state === "exited"),
      [false, true, false],
    );
  });
});
