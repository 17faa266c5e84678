import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { workspace } from "vscode";
import { sessionTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
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
  sessionName,
  sessionRow,
} from "../../support/host";
import { LockedFolder, noLockedFolder } from "../../support/lockedFolder";
import { personAtTheWindow } from "../../support/person";

const test = noLockedFolder === "" ? it : it.skip;

describe(`a folder that cannot be written${noLockedFolder}`, () => {
  const person = personAtTheWindow();

  test("and has no record yet takes no project, says so with what can be done, and nothing of it is there", async () => {
    const root = join(folder(), ".orchestrator");
    const aside = `${folder()}-records`;
    if (existsSync(root)) renameSync(root, aside);
    const locked = LockedFolder.lock(folder());
    try {
      await rejects(
        run("doProject", { project: "nowhere", run: ["touch was-run"] }),
        /\.orchestrator cannot be read or written/,
      );
      match(
        person().errors().at(-1) ?? "",
        /\.orchestrator cannot be read or written: permission denied\..*Give yourself read and write permission .*another workspace folder\./,
      );
      const { rows, running } = await probe();
      equal(projectRowOf(rows(), "nowhere"), undefined);
      ok(!running().includes("nowhere"));
    } finally {
      locked.giveBack();
    }
    ok(!existsSync(root) && !existsSync(join(folder(), "was-run")));
    if (existsSync(aside)) renameSync(aside, root);
    await doneProject("somewhere");
  });

  test("shows the records that lie there, and refuses in one sentence whatever would write them", async () => {
    const session = await doneProject("kept", "echo stands-in-the-record");
    await run("doProject", { project: "kept-asking", run: ["rm -rf ./kept-asking"] });
    const question = await entryOf("kept-asking", "its question", (entry) => entry.kind === "approval_needed");
    await saysOfProject("kept-asking", "needs your answer");
    await run("stopProject", "kept-asking");
    const { rows, trees, running } = await probe();
    await until("it is not running", () => !running().includes("kept-asking"), sessionMs);
    const before = readFileSync(join(recordFolder("kept"), "events-000001.jsonl"), "utf8");
    const locked = LockedFolder.lock(join(folder(), ".orchestrator"));
    try {
      equal(projectRowOf(rows(), "kept")?.look.word, "done");
      ok(activityEntries(trees).some((each) => each.entry.output?.includes("stands-in-the-record")));
      ok(trees.attention.getChildren().some((each) => each.id === question.id));
      await run("openSessionAsText", session);
      ok(
        workspace.textDocuments.some(
          (each) => each.uri.scheme === sessionTextScheme && each.getText().includes("stands-in-the-record"),
        ),
      );
      const refused = [
        () => run("doProject", { project: "kept", run: ["touch was-run"] }).catch(() => undefined),
        () => run("doProject", { project: "kept-new", run: ["touch was-run"] }).catch(() => undefined),
        () => run("answer", question.id, "run"),
        () => run("sendText", session, "touch was-run"),
        () => run("addNote", "kept", "a note"),
      ];
      for (const attempt of refused) {
        const told = person().errors().length;
        await attempt();
        equal(person().errors().length, told + 1, String(attempt));
        match(
          person().errors().at(-1) ?? "",
          /cannot be read or written.*Give yourself read and write permission/,
          String(attempt),
        );
      }
      equal(projectRowOf(rows(), "kept")?.look.word, "done");
      deepEqual(running(), []);
    } finally {
      locked.giveBack();
    }
    equal(readFileSync(join(recordFolder("kept"), "events-000001.jsonl"), "utf8"), before);
    ok(!existsSync(join(folder(), "was-run")) && !existsSync(recordFolder("kept-new")));
    await run("answer", question.id, "skip");
    await entryOf("kept-asking", "its answer", (entry) => entry.kind === "answer");
  });

  test("from the middle of a run on ends the run with a sentence, not the command; once it can be written the project is gone on with and nothing is typed twice", async () => {
    const mark = join(folder(), "typed-once");
    const [begun, go] = ["begun-once", "go-on"].map((name) => join(folder(), name)) as [string, string];
    await run("doProject", {
      project: "locked-out",
      run: [`echo x >> ${mark}; touch ${begun}; until [ -e ${go} ]; do sleep 0.1; done`, "echo and-then"],
    });
    await until("its command runs", () => existsSync(begun), sessionMs);
    const locked = LockedFolder.lock(join(folder(), ".orchestrator"));
    const { rows, running } = await probe();
    try {
      writeFileSync(go, "");
      const told = await until(
        "the person is told",
        () => person().told.find(({ kind, message }) => kind === "error" && message.includes("locked-out")),
        sessionMs,
      );
      match(told.message, /cannot be read or written/);
      await until("it is not running", () => !running().includes("locked-out"), sessionMs);
      equal(
        await until(
          "its row says that it is not running",
          () => [projectRowOf(rows(), "locked-out")?.look.word].find((word) => word === "not running"),
          sessionMs,
        ),
        "not running",
      );
      equal(projectRowOf(rows(), "locked-out")?.context, "project+stopped");
    } finally {
      locked.giveBack();
    }
    await entryOf(
      "locked-out",
      "that it is no longer running",
      (entry) => entry.kind === "lease" && entry.event === "released",
    );
    await run("runProject", "locked-out");
    await saysOfProject("locked-out", "done");
    equal(readFileSync(mark, "utf8"), "x\n");
    equal(
      entries("locked-out").filter((entry) => entry.kind === "result" && entry.output?.includes("and-then") === true)
        .length,
      1,
    );
    await sessionRow(sessionName("locked-out"), "idle");
    for (const path of [mark, begun, go]) rmSync(path);
  });
});
