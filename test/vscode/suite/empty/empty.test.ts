import { deepEqual, match, rejects } from "node:assert/strict";
import { describe, it } from "mocha";
import { probe, run } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

describe("a window without a folder", () => {
  const person = personAtTheWindow();

  it("shows nothing, starts nothing, and says what is missing", async () => {
    const { rows } = await probe();
    deepEqual(rows(), []);
    await rejects(run("doProject", { project: "nowhere", run: ["true"] }), /needs a folder/);
    await run("doProject");
    await run("takeTour");
    for (const error of person().errors()) match(error, /A project needs a folder to work in\.$/);
    await run("runProject");
    match(person().errors().at(-1) ?? "", /There is no project in this workspace yet/);
    await run("showAttention");
  });
});
