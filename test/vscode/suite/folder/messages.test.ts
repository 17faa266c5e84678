import { deepEqual, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { commands } from "vscode";
import { OrchestratorError } from "../../../../src/core/model/errors";
import { advice, nothingToDo, type Remedy } from "../../../../src/core/model/remedy";
import { showError } from "../../../../src/extension/messages";
import { personAtTheWindow } from "../../support/person";

const logger = { debug: () => undefined, warn: () => undefined };

const buttons: readonly (readonly [Remedy, string])[] = [
  [{ kind: "reach_server" }, "Choose Server…"],
  [{ kind: "give_token", address: "http://127.0.0.1:1" }, "Set Token…"],
  [{ kind: "create_project" }, "Do Project…"],
  [{ kind: "choose_session", known: [] }, "Show Projects"],
  [{ kind: "show_log", project: "alpha" }, "Show Activity"],
  [{ kind: "show_questions" }, "Show Questions"],
  [{ kind: "retry_task", project: "alpha", task: "build" }, "Retry build"],
  [{ kind: "correct_plan", problems: 2 }, "Show Problems"],
  [{ kind: "end_sessions" }, "Kill Session…"],
  [{ kind: "trust_workspace" }, "Manage Workspace Trust"],
  [{ kind: "open_folder" }, "Open Folder…"],
];

describe("what went wrong", () => {
  const person = personAtTheWindow();

  it("is a sentence with the button of its remedy, and the way to the output", () => {
    for (const [remedy] of buttons) showError(new OrchestratorError("usage", "It failed.", remedy), logger);
    deepEqual(
      person().told.map((told) => told.buttons),
      buttons.map(([, button]) => [button, "Show Extension Output"]),
    );
  });

  it("has no button where there is nothing to do, and says so of a fault of ours", () => {
    showError(new OrchestratorError("usage", "It failed.", nothingToDo), logger);
    showError(new Error("It failed."), logger);
    deepEqual(
      person().told.map(({ message, buttons }) => [message, buttons]),
      [
        ["It failed.", ["Show Extension Output"]],
        ["It failed. This is a fault of wsh Orchestrator. Its output may say more.", ["Show Extension Output"]],
      ],
    );
  });

  it("never makes a link of what a stranger wrote", () => {
    showError(
      new OrchestratorError("usage", "No [x](command:workbench.action.quit).\nMore.", advice("Open a folder first.")),
      logger,
    );
    deepEqual(person().errors(), ["No [x]\u2060(command:workbench.action.quit). More. Open a folder first."]);
  });

  it("has buttons of which every one runs a command that there is, for what the error is about", async () => {
    const known = new Set(await commands.getCommands());
    const original = commands.executeCommand;
    const ran: string[] = [];
    const given: unknown[] = [];
    Object.assign(commands, {
      executeCommand: (id: string, ...more: unknown[]) => {
        given.push(...more);
        return Promise.resolve(ran.push(id));
      },
    });
    try {
      for (const [remedy, button] of buttons) {
        person().answers(/^It failed|^The plan/, button);
        showError(new OrchestratorError("usage", "It failed.", remedy), logger);
        for (let turn = 0; turn < 4; turn++) await Promise.resolve();
      }
    } finally {
      Object.assign(commands, { executeCommand: original });
    }
    deepEqual(
      ran.filter((id) => !known.has(id)),
      [],
    );
    deepEqual(ran.length, buttons.length);
    ok(JSON.stringify(given).includes('{"project":"alpha","task":"build"}'));
  });
});
