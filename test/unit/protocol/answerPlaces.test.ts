import { describe, expect, it } from "vitest";
import { approvalOptions, failureOptions, unknownOptions } from "../../../src/core/people/escalations";
import { answersByRisk, letsRun } from "../../../src/core/model/answerOrder";
import { answersInMessage, dialogText, fitsDialog, isLine, isShort } from "../../../src/protocol/answerPlaces";

const approval = {
  entry: { kind: "approval_needed" },
  reason: "It deletes files.",
  command: "rm -rf ./attic",
  options: approvalOptions,
};
const failure = { entry: { kind: "error" }, reason: "exit code 1", command: undefined, options: failureOptions };

describe("answers", () => {
  it("are offered from the one that sets off least to the one that lets a command run", () => {
    expect([approvalOptions, failureOptions, unknownOptions].map((options) => answersByRisk(options))).toEqual([
      ["skip", "run"],
      ["skip", "retry"],
      ["skip", "done", "retry"],
    ]);
    expect(answersByRisk(["run once", "Yes", "later", "no", "never"])).toEqual([
      "no",
      "later",
      "never",
      "Yes",
      "run once",
    ]);
    expect(answersByRisk(["b", "a"])).toEqual(["b", "a"]);
  });

  it("to a held-back command let it run, all but one", () => {
    expect(["run", "run once", "retry", "skip"].map((option) => letsRun({ kind: "approval_needed" }, option))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(letsRun({ kind: "blocked" }, "run")).toBe(false);
  });

  it("that let a command run are in no message, however short it is", () => {
    expect(answersInMessage(approval)).toEqual(["skip"]);
    expect(answersInMessage({ ...approval, options: ["run", "run once", "skip"] })).toEqual(["skip"]);
  });

  it("are in a message only when it shows all that is asked", () => {
    expect(answersInMessage(failure)).toEqual(["skip", "retry"]);
    expect(answersInMessage({ ...failure, reason: "x".repeat(301) })).toEqual([]);
    expect(answersInMessage({ ...failure, reason: "May I?\nrm -rf /" })).toEqual([]);
    expect(isLine("May I?\n")).toBe(true);
  });

  it("are in a dialog only when it shows all of the question and of the answers", () => {
    expect(fitsDialog(approval)).toBe(true);
    expect(dialogText(approval)).toBe("It deletes files.\n\nrm -rf ./attic");
    expect(fitsDialog({ ...approval, command: `echo ${"safe ".repeat(240)}; rm -rf /` })).toBe(false);
    expect(fitsDialog({ ...approval, command: `${"echo\n".repeat(15)}rm -rf /` })).toBe(false);
    expect(fitsDialog({ ...failure, options: ["a", "b", "c", "d"] })).toBe(false);
    expect(fitsDialog({ ...failure, options: ["a", "b".repeat(25)] })).toBe(false);
    // Wide characters take two cells.
    expect([isShort("消".repeat(500)), isShort("消".repeat(600))]).toEqual([true, false]);
  });
});
