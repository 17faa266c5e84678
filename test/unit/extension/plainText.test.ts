import { describe, expect, it } from "vitest";
import { plainLabel, plainMessage } from "../../../src/extension/plainText";

describe("text of strangers", () => {
  it("is no link in a message, not even of a command, and one line of bearable length", () => {
    expect(plainMessage("see [here](command:workbench.action.quit) and [there](https://example.com)")).not.toMatch(
      /\]\(/,
    );
    expect(plainMessage(`one\ntwo ${"x".repeat(1_000_000)}`)).toMatch(/^one two x+…$/);
    expect(plainMessage("x".repeat(1_000_000))).toHaveLength(600);
  });

  it("neither reorders nor hides what a message says", () => {
    expect(plainMessage("run \u202etxt.exe\u202c, \u001b[8mhidden\u001b[0m, a\u200bb]\u200b(command:x)")).toBe(
      "run txt.exe, hidden, ab] (command:x)",
    );
  });

  it("is no icon in a list, where it would be hidden", () => {
    expect(plainLabel("rm -rf $(pwd) $(sync~spin)")).toBe("rm -rf \\$(pwd) \\$(sync~spin)");
    expect(plainLabel("echo $(ls -l) \\$(pwd)")).toBe("echo $(ls -l) \\$(pwd)");
  });
});
