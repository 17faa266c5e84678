import { equal, match } from "node:assert/strict";
import { before, describe, it } from "mocha";
import { doneProject, entryOf, run, sessionRow } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const project_id = "rests";
let session: string;

describe("A session that waits in a project that is not running", () => {
  const person = personAtTheWindow();

  before(async () => (session = await doneProject(project_id)));

  it("is answered from its row, with what it asks shown first", async () => {
    await run("sendText", session, 'read -p "Ship it? [y/N] " answer');
    const row = await sessionRow(session, "needs confirmation");
    person().answers(/needs your answer/, "Y");
    await run("answer", row);
    const asked = await entryOf(project_id, "what it asks", ({ event }) => event === "terminal_asks");
    match(asked.text, /Ship it\?/);
    const answer = await entryOf(project_id, "its answer", ({ kind }) => kind === "answer");
    equal(answer.answer, "y");
    await entryOf(project_id, "it was typed", ({ event }) => event === "answer_typed");
  });
});
