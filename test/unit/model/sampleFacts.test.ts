import { describe, expect, it } from "vitest";
import { readSampleFacts } from "../../../src/core/model/sampleFacts";
import { factsOfSample } from "../../../src/core/sense/sample";

describe("facts of a recorded screen", () => {
  it("are those of a terminal; labels beside them change nothing, whatever they say", () => {
    const facts = readSampleFacts(`{"cols":80,"rows":24,"cursor":{"x":9,"y":0}}`);
    const labelled = readSampleFacts(
      `{"cols":80,"rows":24,"cursor":{"x":9,"y":0},"state":"shell","expected":"idle","running":true,"mock_turn":3}`,
    );
    expect(factsOfSample("Go? [y/N]", labelled)).toEqual(factsOfSample("Go? [y/N]", facts));
    expect(readSampleFacts(`\uFEFF{}`)).toEqual({});
  });

  it.each([
    ["", "it is empty"],
    [`{"cols":80,`, "it is not valid JSON"],
    ["\0\x01", "it is not valid JSON"],
    ["[".repeat(100_000) + "]".repeat(100_000), "it must be a map (key: value), not a list"],
    ["[]", "it must be a map (key: value), not a list"],
    ["null", "it must be a map (key: value), but has no value"],
    [`{"cols":"80"}`, "cols must be a whole number, not text"],
    [`{"cols":0}`, "cols must be 1 to 10000"],
    [`{"rows":1e308}`, "rows must be 1 to 10000"],
    [`{"cursor":{"x":-1,"y":0}}`, "cursor.x must be 0 to 10000"],
    [`{"cursor":[1]}`, "cursor must be a map (key: value), not a list"],
    [`{"title":5}`, "title must be text, not 5"],
    [`{"cols":80,"rows":24,"cursor":{"x":81,"y":0}}`, "the cursor stands outside of the screen"],
    [`{"cols":80,"rows":24,"cursor":{"x":0,"y":24}}`, "the cursor stands outside of the screen"],
  ])("are told to be wrong: %.40s", (text, message) => {
    expect(() => readSampleFacts(text)).toThrow(message);
  });

  it("are made up for by the screen, where the cursor is not told: behind what was written last", () => {
    expect(factsOfSample("$ deploy\nGo on? [y/N]\n\n", {})).toMatchObject({
      cols: 12,
      cursor: { row: 1, col: 13, visible: true },
    });
    expect(factsOfSample("a\n".repeat(300_000), {}).cursor.row).toBe(299_999);
  });
});
