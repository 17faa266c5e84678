import { describe, expect, it } from "vitest";
import { ShellMarks } from "../../../src/core/sense/shellMarks";
import { CommandEnds } from "../../../src/core/session/commandEnds";

const ends = (): { ends: CommandEnds; mark: (id: string, status: number, more?: Record<string, string>) => void } => {
  const known = new CommandEnds(new ShellMarks("00c0ffee00c0ffee"), { monotonic: () => 0 });
  return {
    ends: known,
    mark: (id, status, more = {}) => known.sentinelMark(id, { letter: "D", status, fields: { id, ...more } }),
  };
};

describe("the end of a command that carries its own end mark", () => {
  it("is known by its mark, also when its shell answers to a later question", () => {
    const { ends: known, mark } = ends();
    mark("one", 7);
    mark("asked", 0, { of: "one", was: "7" });
    expect(known.ofSentinel("one")).toMatchObject({ outcome: "exited", exit_code: 7, known_by: "sentinel" });
  });

  it("is told by its shell where nobody read the mark", () => {
    const { ends: known, mark } = ends();
    mark("asked", 0, { of: "one", was: "3" });
    expect(known.ofSentinel("one")).toMatchObject({ outcome: "exited", exit_code: 3 });
  });

  it.each([
    { of: "", was: "" },
    { of: "other", was: "3" },
    { of: "one", was: "" },
    { of: "one", was: "x" },
  ])("is not known by what the shell says of no command or another one: %j", (answer) => {
    const { ends: known, mark } = ends();
    mark("asked", 0, answer);
    expect(known.ofSentinel("one")).toBeUndefined();
  });
});
