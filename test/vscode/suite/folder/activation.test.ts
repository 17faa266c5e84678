import { ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { extensions } from "vscode";

const id = "wsh-orchestrator.wsh-orchestrator";

describe("activation", () => {
  it("activates", async () => {
    const extension = extensions.getExtension(id);
    ok(extension);
    await extension.activate();
    ok(extension.isActive);
  });
});
