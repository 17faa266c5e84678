import { deepEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { window } from "vscode";
import { until } from "../../../support/until";
import { folder, probe, run, saysOfProject, sessionMs, sessionRow } from "../../support/host";

describe("terminals of the window", () => {
  it("have the command line on their PATH", async () => {
    await probe();
    const terminal = window.createTerminal({ cwd: folder() });
    try {
      terminal.sendText("wsh-orchestrator --version > version.txt");
      await until(
        "it says its version",
        () =>
          existsSync(join(folder(), "version.txt")) &&
          /^\d+\.\d+/.test(readFileSync(join(folder(), "version.txt"), "utf8")),
        sessionMs,
      );
    } finally {
      terminal.dispose();
    }
  });
});

describe("a project in the extension host", () => {
  it("runs to its end, with rows that tell it", async () => {
    const { running } = await probe();
    deepEqual(
      await run("doProject", { project: "first", goal: "Say hello", run: ["echo hello > said.txt", "cat said.txt"] }),
      { project_id: "first" },
    );
    await saysOfProject("first", "done");
    await until("it is not running", () => running().length === 0);
    await sessionRow("proj-first::shell::1", "idle");
  });
});
