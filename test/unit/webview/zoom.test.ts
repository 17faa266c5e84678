import { describe, expect, it } from "vitest";
import { zoomed } from "../../../webview-ui/mirror/zoom";

describe("zoom", () => {
  it("goes up and down in steps, back to the same sizes, and ends at both ends", () => {
    expect(zoomed(1, 1)).toBe(1.1);
    expect(zoomed(1.1, -1)).toBe(1);
    expect(zoomed(3, 1)).toBe(3);
    expect(zoomed(0.5, -1)).toBe(0.5);
  });

  it("comes from any size, such as one that was kept by another version, to one of the steps", () => {
    expect(zoomed(1.07, 1)).toBe(1.25);
    expect(zoomed(1.07, -1)).toBe(1);
  });

  it("goes back to the terminal's own size", () => expect(zoomed(2.5, 0)).toBe(1));
});
