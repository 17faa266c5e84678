import { describe, expect, it } from "vitest";
import { refOf } from "../../../src/core/model/entry";
import { projectOf } from "../../support/heldCommands";

describe("a note for a program", () => {
  it("is told of in the log once, also over several runs, and waits for nobody then", async () => {
    const project = projectOf();
    const plan = `
roles: { left: {}, agent: { program: cat } }
tasks:
  - { id: a, role: left, run: "true" }
  - { id: b, role: agent, needs: [a], run: hello }
  - { id: c, role: agent, needs: [a], run: hello again }`;
    // A program is given a moment in which to fail.
    const ended = async (options = {}): Promise<string> => {
      const { result } = await project.begin(plan, options);
      let over = false;
      const done = result.finally(() => (over = true));
      while (!over) await project.clock.advanceAsync(100);
      return (await done).status;
    };
    // What a program makes of a text, it does not say.
    expect(await ended()).toBe("waiting");
    expect(await ended({ again: true })).toBe("waiting");
    const notes = project.entries.filter(({ kind }) => kind === "handoff").map(({ id }) => id);
    const told = project.entries.filter(({ event }) => event === "not_shown").map((entry) => refOf(entry, "entry"));
    expect(notes).toHaveLength(2);
    expect(told).toEqual(notes);
    expect((await project.shared.record()).state.undelivered.size).toBe(0);
  });
});
