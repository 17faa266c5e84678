import { expect, it } from "vitest";
import { actorName } from "../../../src/core/model/actorName";

it.each([
  ["human:ada", "ada"],
  ["human:ada:lovelace", "ada:lovelace"],
  ["agent:codex", "codex"],
  ["engine", "wsh Orchestrator"],
  ["human:", "human:"],
  ["somebody", "somebody"],
])("calls %s %s", (actor, name) => {
  expect(actorName(actor)).toBe(name);
});
