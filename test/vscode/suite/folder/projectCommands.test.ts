import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { commands, window } from "vscode";
import { until } from "../../../support/until";
import { cli, startCli } from "../../support/cli";
import {
  activityEntries,
  doneProject,
  entries,
  entryOf,
  folder,
  probe,
  projectRowOf,
  recordFolder,
  run,
  saysOfProject,
  sessionMs,
} from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const commandsOf = (project_id: string): string[] =>
  entries(project_id)
    .filter((entry) => entry.kind === "command" && entry.step !== undefined)
    .map((entry) => entry.input ?? "");

async function untilNotRunning(project_id: string): Promise<void> {
  const { running } = await probe();
  await until(`${project_id} is not running`, () => !running().includes(project_id), sessionMs);
}

/** What is stopped before the shell has begun it was never sent. */
async function begun(project: string): Promise<void> {
  await until(`the command of ${project} has begun`, () => existsSync(join(folder(), `${project}-begun`)), sessionMs);
}

describe("what is done to projects", () => {
  const person = personAtTheWindow();

  describe("Do Project with arguments", () => {
    it("runs commands, goes on where it was, and repeats everything only when asked", async () => {
      await doneProject("again", "echo once");
      deepEqual(commandsOf("again"), ["echo once"]);
      await run("doProject", { project: "again" });
      await untilNotRunning("again");
      deepEqual(commandsOf("again"), ["echo once"]);
      await run("doProject", { project: "again", again: true });
      await untilNotRunning("again");
      deepEqual(commandsOf("again"), ["echo once", "echo once"]);
    });

    it("runs a plan's file, with a goal of its own", async () => {
      const plan = join(folder(), "given.plan.yaml");
      writeFileSync(
        plan,
        "project: given\ngoal: From the file\nroles: { shell: {} }\ntasks:\n  - id: one\n    role: shell\n    run: echo from a file\n",
      );
      await run("doProject", { project: "given", plan, goal: "From the caller" });
      const row = await saysOfProject("given", "done");
      equal(row.tooltip[0], "From the caller");
      match(readFileSync(join(recordFolder("given"), "plan.yaml"), "utf8"), /echo from a file/);
      await untilNotRunning("given");
    });

    it("tells its caller what is wrong, and the person once", async () => {
      await rejects(run("doProject", { project: "\u200b", run: ["true"] }), /name/);
      await rejects(run("doProject", { project: "planless" }), /planless has no plan, so there is nothing to run/);
      await rejects(run("doProject", { project: "outside", folder: "/", run: ["true"] }), /not open in this window/);
      equal(person().errors().length, 3);
      ok(!existsSync("/.orchestrator"));
    });

    it("says who runs the project already", async () => {
      await run("doProject", { project: "busy", run: ["touch busy-begun && sleep 60"] });
      await begun("busy");
      await rejects(run("doProject", { project: "busy" }), /busy is already running in this window/);
      await run("stopProject", "busy");
      await untilNotRunning("busy");
      await entryOf(
        "busy",
        "its command was interrupted",
        (entry) => entry.kind === "result" && entry.outcome === "interrupted",
      );
      await saysOfProject("busy", "stopped");
    });
  });

  describe("Run and Stop Project", () => {
    it("go on with what is not done, by name, by row and by choice", async () => {
      await run("doProject", { project: "chosen", run: ["echo first", "touch chosen-begun && sleep 60"] });
      await begun("chosen");
      person().answers(/Choose a project/, "chosen");
      await run("stopProject");
      await untilNotRunning("chosen");
      const row = await saysOfProject("chosen", "stopped");
      await run("runProject", row);
      const { running } = await probe();
      deepEqual(running(), ["chosen"]);
      await run("stopProject", row);
      await untilNotRunning("chosen");
      await run("stopProject", row);
      await person().hears(/^chosen is not running\.$/);
    });

    it("ask the runner in another process to stop, and show who it is meanwhile", async () => {
      const other = startCli(["do", "elsewhere", "--run", "touch elsewhere-begun && sleep 60"]);
      await begun("elsewhere");
      const { rows } = await probe();
      const row = await until("its row names its runner", () =>
        [projectRowOf(rows(), "elsewhere")].find((each) =>
          each?.description.includes(`process ${other.child.pid ?? 0}`),
        ),
      );
      equal(row.context, "project+running");
      await run("runProject", row);
      match(person().errors()[0] ?? "", /elsewhere is running in process \d+\./);
      await run("stopProject", row);
      await person().hears(/was asked to stop elsewhere/);
      await other.done;
      await until("its row says so", () => projectRowOf(rows(), "elsewhere")?.context === "project+stopped");
    });
  });

  describe("Retry Task", () => {
    it("retries it, and resumes the project when it is not running", async () => {
      await run("doProject", { project: "retried", run: ["test -e now-there.txt"] });
      const question = await entryOf(
        "retried",
        "the failure is told",
        (entry) => entry.options?.includes("retry") === true,
      );
      await run("stopProject", "retried");
      await untilNotRunning("retried");
      const task = entries("retried").find((entry) => entry.kind === "task")?.task_id ?? "";
      writeFileSync(join(folder(), "now-there.txt"), "");
      // A person chooses from what the window shows, which follows the record at its own pace.
      await until(
        "the window shows that it is not running",
        async () => (await probe()).rows().some((row) => row.label === "retried" && row.context === "project+stopped"),
        sessionMs,
      );
      person().answers(/task to retry/, "retried · failed");
      await run("retryTask");
      await saysOfProject("retried", "done");
      ok(question.task_id === task);
      await untilNotRunning("retried");
      await run("retryTask", { kind: "task", key: (await saysOfProject("retried", "done")).key, name: task });
      match(person().errors().at(-1) ?? "", /cannot be retried/);
    });
  });

  describe("notes", () => {
    it("go to the project or to a session, typed or given", async () => {
      const session = await doneProject("noted");
      await run("addNote", "noted", "given to the project");
      person().answers(/Note for noted/, "typed by hand");
      await run("addNote", await saysOfProject("noted", "done"));
      await run("addNote", session, "given to the session");
      const notes = entries("noted").filter((entry) => entry.kind === "note");
      deepEqual(
        notes.map((entry) => [entry.session_name, entry.text]),
        [
          [null, "given to the project"],
          [null, "typed by hand"],
          [session, "given to the session"],
        ],
      );
      equal(await run("addNote", "noted", "  "), undefined);
      equal(entries("noted").filter((entry) => entry.kind === "note").length, 3);
    });
  });

  describe("documents of a project", () => {
    it("are its record, its plan and its entries", async () => {
      await doneProject("shown");
      await run("openPlan", "shown");
      equal(window.activeTextEditor?.document.uri.fsPath, join(recordFolder("shown"), "plan.yaml"));
      await run("openRecord", "shown");
      await until("the record has a tab", () =>
        window.tabGroups.activeTabGroup.activeTab?.label.includes("SNAPSHOT.md"),
      );
      const { trees } = await probe();
      const entry = activityEntries(trees).find(
        (row) => row.entry.kind === "result" && row.entry.project_id === "shown",
      );
      await run("openEntry", entry);
      const document = await until("the entry is shown", () =>
        window.visibleTextEditors.map((editor) => editor.document).find((each) => each.uri.scheme === "wsh-entry"),
      );
      match(document.getText(), /^Command and output$[^]*^\(Succeeded after /m);
      await commands.executeCommand("workbench.action.closeAllEditors");
    });

    it("say in plain words when they are not there", async () => {
      await cli(["do", "bare", "--run", "true"]);
      await saysOfProject("bare", "done");
      for (const name of ["plan.yaml", "SNAPSHOT.md"]) rmSync(join(recordFolder("bare"), name));
      await run("openPlan", "bare");
      await run("openRecord", "bare");
      deepEqual(
        person()
          .errors()
          .map((text) => text.replace(/\.\s.*$/s, ".")),
        ["bare has no plan.", "bare has no summary yet."],
      );
    });
  });
});
