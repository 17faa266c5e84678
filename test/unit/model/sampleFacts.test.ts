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
    ["[".repeat(100_000) + "]".repeat(100_000), "it is not an object"],
    ["[]", "it is not an object"],
    ["null", "it is not an object"],
    [`{"cols":"80"}`, "cols is not a whole number"],
    [`{"cols":0}`, "cols is out of its range"],
    [`{"rows":1e308}`, "rows is not a whole number"],
    [`{"cursor":{"x":-1,"y":0}}`, "cursor.x is out of its range"],
    [`{"cursor":[1]}`, "cursor is not an object"],
    [`{"title":5}`, "title is not a string"],
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
