import { describe, expect, it } from "vitest";
import { sessionStates } from "../../../src/core/model/states";
import { sessionLook } from "../../../src/protocol/stateLook";
import { stateShapes } from "../../../webview-ui/shared/stateIcon";

describe("the icon of a state", () => {
  it.each(sessionStates)("has a shape in tiles and mirrors, as it has in the trees: %s", (state) => {
    expect(Object.keys(stateShapes)).toContain(sessionLook({ state }).icon);
  });
});
