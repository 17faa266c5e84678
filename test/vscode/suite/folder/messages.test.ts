import { deepEqual, match, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { commands } from "vscode";
import { type ErrorCode, OrchestratorError } from "../../../../src/core/model/errors";
import { showError } from "../../../../src/extension/messages";
import { personAtTheWindow } from "../../support/person";
import { advice, nothingToDo } from "../../../../src/core/model/remedy";

const logger = { debug: () => undefined, warn: () => undefined };

describe("what went wrong", () => {
  const person = personAtTheWindow();

  it("comes with a next step of a window where the error's own is for a command line", () => {
    const cases: readonly (readonly [ErrorCode, string])[] = [
      ["server_unreachable", "Choose Server"],
      ["server_ambiguous", "Choose Server"],
      ["auth_required", "Set Token"],
      ["project_not_found", "Do Project"],
      ["session_not_found", "Show Projects"],
      ["already_answered", "Show Attention"],
      ["driven_elsewhere", "Show Projects"],
      ["session_limit", "Open Settings"],
    ];
    for (const [code] of cases)
      showError(new OrchestratorError(code, "It failed.", advice("Try: wsh-orchestrator doctor --json")), logger);
    deepEqual(
      person().told.map(({ buttons }) => buttons),
      cases.map(([, button]) => [button, "Show Log"]),
    );
    for (const { message } of person().told) match(message, /^It failed\. [A-Z].+\.$/);
    ok(!person().told.some(({ message }) => message.includes("wsh-orchestrator")));
  });

  it("keeps advice that helps here, and never makes a link of what a stranger wrote", () => {
    showError(
      new OrchestratorError("usage", "No [x](command:workbench.action.quit).\nMore.", advice("Open a folder first.")),
      logger,
    );
    deepEqual(person().errors(), ["No [x] (command:workbench.action.quit). More. Open a folder first."]);
  });

  it("has buttons of which every one runs a command that there is", async () => {
    const known = new Set(await commands.getCommands());
    const original = commands.executeCommand;
    const ran: string[] = [];
    Object.assign(commands, { executeCommand: (id: string) => Promise.resolve(ran.push(id)) });
    try {
      for (const [code, button] of [
        ["server_unreachable", "Choose Server"],
        ["auth_invalid", "Set Token"],
        ["project_not_found", "Do Project"],
        ["session_not_found", "Show Projects"],
        ["entry_not_found", "Show Attention"],
        ["internal", "Show Log"],
      ] as const) {
        person().answers(/It failed/, button);
        showError(new OrchestratorError(code, "It failed.", nothingToDo), logger);
        await Promise.resolve();
        await Promise.resolve();
      }
    } finally {
      Object.assign(commands, { executeCommand: original });
    }
    deepEqual(
      ran.map((id) => known.has(id)),
      [true, true, true, true, true, true],
    );
  });
});
