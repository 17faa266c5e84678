import { expect, it } from "vitest";
import { applyEntry, emptyProjectState } from "../../../src/core/model/projectState";
import { namedQuestion } from "../../../src/core/people/namedQuestion";
import { entryOf } from "../../support/entries";

it("finds a question by the end of its id, and says when that is too short", () => {
  const state = emptyProjectState();
  const entry = entryOf({ kind: "blocked", text: "build failed.", human_attention_needed: true, options: ["retry"] });
  applyEntry(state, entry);
  expect(namedQuestion([{ state }], entry.id.slice(-6).toLowerCase()).entry).toEqual(entry);
  expect(() => namedQuestion([{ state }], entry.id.slice(-3))).toThrow(/is too short: at least 4 characters/);
  expect(() => namedQuestion([{ state }], "ZZZZZZ")).toThrow("There is no question ZZZZZZ.");
});
