import { equal, match, ok, rejects } from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { extensions } from "vscode";
import { findBuiltinServer, stopBuiltinServer } from "../../../../src/embedded/launch";
import { until } from "../../../support/until";
import { cli } from "../../support/cli";
import {
  doneProject,
  entryOf,
  folder,
  probe,
  projectRowOf,
  recordFolder,
  run,
  saysOfProject,
  sessionMs,
  sessionRow,
} from "../../support/host";
import { personAtTheWindow } from "../../support/person";

describe("trouble", () => {
  const person = personAtTheWindow();

  it("a session server of an older version keeps its sessions, and the new window works with them", async () => {
    const place = mkdtempSync(join(tmpdir(), "wso-older-"));
    const runtime = process.env.WSH_ORCHESTRATOR_RUNTIME_DIR;
    const root = extensions.getExtension("wsh-orchestrator.wsh-orchestrator")?.extensionPath ?? "";
    mkdirSync(join(place, "dist"));
    mkdirSync(join(place, "runtime"), { mode: 0o700 });
    for (const program of ["cli.js", "cliProgram.js", "server.js"])
      cpSync(join(root, "dist", program), join(place, "dist", program));
    appendFileSync(join(place, "dist/server.js"), "\n// Another build.\n");
    writeFileSync(join(place, "package.json"), JSON.stringify({ version: "0.0.1" }));
    symlinkSync(join(root, "node_modules"), join(place, "node_modules"));
    process.env.WSH_ORCHESTRATOR_RUNTIME_DIR = join(place, "runtime");
    try {
      await cli(["do", "older", "--run", "echo said-to-the-old"], { program: join(place, "dist/cli.js") });
      const before = await findBuiltinServer();
      equal(before?.version, "0.0.1");
      await sessionRow("proj-older::shell::1", "idle");
      await run("doProject", { project: "older", run: ["echo said-by-the-new"] });
      await entryOf(
        "older",
        "the new command's result",
        (entry) => entry.kind === "result" && entry.output?.includes("said-by-the-new") === true,
      );
      await saysOfProject("older", "done");
      equal((await findBuiltinServer())?.pid, before?.pid);
      const screen = await cli(["pull", "proj-older::shell::1"]);
      match(screen, /said-to-the-old[\s\S]*said-by-the-new/);
      const { running } = await probe();
      await until("it is not running", () => !running().includes("older"), sessionMs);
    } finally {
      await stopBuiltinServer();
      process.env.WSH_ORCHESTRATOR_RUNTIME_DIR = runtime;
      rmSync(place, { recursive: true, force: true });
    }
  });

  it("records that are deleted under the window go, and come again when they are made again", async () => {
    await doneProject("vanishing");
    rmSync(join(folder(), ".orchestrator"), { recursive: true });
    const { rows } = await probe();
    await until("the rows are gone", () => rows().length === 0);
    // Its session lives on without a record, so a new one has the next number.
    await run("doProject", { project: "vanishing", run: ["echo again"] });
    await saysOfProject("vanishing", "done");
    await sessionRow("proj-vanishing::shell::2", "idle");
    ok(existsSync(recordFolder("vanishing")));
    equal(person().errors().length, 0);
  });

  it("the record of a running project that is deleted is told, and the window goes on", async () => {
    await run("doProject", { project: "pulled-away", run: ["sleep 5", "sleep 60"] });
    await entryOf("pulled-away", "its command runs", (entry) => entry.kind === "command" && entry.input === "sleep 5");
    rmSync(recordFolder("pulled-away"), { recursive: true });
    const { rows, running } = await probe();
    await until("its row is gone", () => projectRowOf(rows(), "pulled-away") === undefined, sessionMs);
    const told = await until(
      "the person is told",
      () => person().told.find(({ kind, message }) => kind === "error" && /pulled-away/.test(message)),
      sessionMs,
    );
    match(told.message, /deleted|moved|gone|replaced/);
    await until("it is not running", () => !running().includes("pulled-away"), sessionMs);
    await doneProject("after-pulling");
  });

  it("a folder that takes no record says so in a sentence", async () => {
    rmSync(join(folder(), ".orchestrator"), { recursive: true });
    writeFileSync(join(folder(), ".orchestrator"), "in the way");
    try {
      await rejects(run("doProject", { project: "refused", run: ["true"] }), /\.orchestrator/);
      const { views } = await probe();
      await until("the view says so", () => views.projects.message?.includes(".orchestrator"));
      equal(person().errors().length, 1);
    } finally {
      rmSync(join(folder(), ".orchestrator"));
    }
    await doneProject("accepted");
    const { views } = await probe();
    await until("the view says nothing more of it", () => views.projects.message === undefined);
  });
});
