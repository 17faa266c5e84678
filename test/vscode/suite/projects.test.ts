import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, extensions } from "vscode";
import type { OrchestratorApi } from "../../../src/extension/main";
import { until } from "../../support/until";

async function api(): Promise<OrchestratorApi> {
  const extension = extensions.getExtension<OrchestratorApi>("wsh-orchestrator.wsh-orchestrator");
  ok(extension);
  return extension.activate();
}

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
