import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "mocha";
import type { Row } from "../../../../src/protocol/projectRows";
import { until } from "../../../support/until";
import { doneProject, entries, probe, recordFolder, run, saysOfProject, sessionMs } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const shownNames = async (): Promise<string[]> => {
  const { trees } = await probe();
  return trees.projects.getChildren().map((row) => String(trees.projects.getTreeItem(row).label));
};
const events = (project: string): (string | undefined)[] => entries(project).map(({ event }) => event);

async function untilShown(name: string, shown: boolean): Promise<void> {
  await until(
    `${name} is ${shown ? "" : "not "}shown`,
    async () => (await shownNames()).includes(name) === shown,
    sessionMs,
  );
}

describe("a project that is done", () => {
  const person = personAtTheWindow();

  it("runs again from its row, as a whole and a single task", async () => {
    await doneProject("rerun", "echo again");
    const row = await until(
      "it is done and not running",
      async () =>
        (await probe()).rows().find(({ label, context }) => label === "rerun" && context === "project+stopped+done"),
      sessionMs,
    );
    const commandsSent = (): number =>
      entries("rerun").filter(({ kind, step }) => kind === "command" && step !== undefined).length;
    await run("runAgain", row);
    await until("it ran again", () => commandsSent() === 2, sessionMs);
    await saysOfProject("rerun", "done");
    const { trees } = await probe();
    const group = trees.projects.getChildren(row).find(({ kind }) => kind === "tasks");
    const [task] = trees.projects.getChildren(group);
    equal(task?.context, "task+done");
    await until("nothing runs it", async () => (await probe()).running().length === 0, sessionMs);
    await run("runAgain", task);
    await until("its task ran again", () => commandsSent() === 3, sessionMs);
    await saysOfProject("rerun", "done");
  });

  it("gets another name, goes to the archive and back, and its ended sessions can be left out", async () => {
    const session = await doneProject("named", "echo x");
    const row = await saysOfProject("named", "done");
    await until("nothing runs it", async () => (await probe()).running().length === 0, sessionMs);
    await run("renameProject", row, "The named one");
    await untilShown("The named one", true);
    await run("archiveProject", row);
    await untilShown("The named one", false);
    await run("showArchived");
    await untilShown("The named one", true);
    const archived = (await probe()).trees.projects.getChildren().find(({ key }) => key === row.key);
    ok(archived);
    equal((await probe()).trees.projects.getTreeItem(archived).contextValue, "project+stopped+done+archived");
    await run("restoreProject", archived);
    await run("hideArchived");
    await untilShown("The named one", true);
    ok(events("named").includes("renamed") && events("named").includes("restored"));
    const sessions = async (): Promise<string[]> => {
      const { trees } = await probe();
      return trees.projects
        .getChildren(row)
        .filter(({ kind }) => kind === "session")
        .map(({ name }) => name);
    };
    deepEqual(await sessions(), [session]);
    await run("endSessions", row, { force: true });
    await until("it ended", () => events("named").includes("ended"), sessionMs);
    await run("hideEnded");
    await until("it is left out", async () => (await sessions()).length === 0, sessionMs);
    await run("showEnded");
    deepEqual(await sessions(), [session]);
  });

  it("is removed with several others after one question", async () => {
    const rows: Row[] = [];
    for (const name of ["gone-one", "gone-two"]) {
      await doneProject(name, "echo x");
      await until("nothing runs it", async () => (await probe()).running().length === 0, sessionMs);
      await run("endSessions", name, { force: true });
      rows.push(await saysOfProject(name, "done"));
    }
    person().answers(/^Remove 2 projects\?$/, "Remove Projects");
    await run("removeProject", rows[0], rows);
    for (const name of ["gone-one", "gone-two"]) {
      await untilShown(name, false);
      ok(!existsSync(recordFolder(name)));
    }
  });
});
