import { deepEqual, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { commands, extensions, window, workspace } from "vscode";
import type { OrchestratorApi } from "../../../src/extension/main";
import { until } from "../../support/until";

async function api(): Promise<OrchestratorApi> {
  const extension = extensions.getExtension<OrchestratorApi>("wsh-orchestrator.wsh-orchestrator");
  ok(extension);
  return extension.activate();
}

describe("terminals of the window", () => {
  it("have the command line on their PATH", async () => {
    await api();
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
    const terminal = window.createTerminal({ cwd: folder });
    try {
      terminal.sendText("wsh-orchestrator --version > version.txt");
      await until("it says its version", () => existsSync(join(folder, "version.txt")) && /^\d+\.\d+/.test(readFileSync(join(folder, "version.txt"), "utf8")), 30_000);
    } finally {
      terminal.dispose();
    }
  });
});

describe("a project in the extension host", () => {
  it("runs to its end, with rows that tell it", async () => {
    const { probe } = await api();
    const started = await commands.executeCommand("wshOrchestrator.doProject", { project: "first", goal: "Say hello", run: ["echo hello > said.txt", "cat said.txt"] });
    deepEqual(started, { project_id: "first" });
    await until("the project has a row", () => probe.rows().length > 0);
    await until("the project is done", () => probe.driven().length === 0 && probe.rows().some((row) => row.kind === "project" && row.label === "first" && row.look.word === "done"), 30_000).catch((error: unknown) => {
      console.log(JSON.stringify(probe.rows()));
      throw error;
    });
    const session = probe.rows().find((row) => row.kind === "session");
    deepEqual([session?.name, session?.look.word], ["proj-first::shell::1", "idle"]);
  });
});
