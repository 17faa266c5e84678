import { describe, expect, it } from "vitest";
import { shownText, timesShown } from "../../../src/core/sense/composer";

describe("a prompt in an agent's transcript", () => {
  it("is known as it was typed, wherever its rows are wrapped", () => {
    const rows = ["› Please look at the parser, and", "  say whether it is done.", "", "• It is done."];
    expect(timesShown(rows, "Please look at the parser, and say whether it is done.")).toBe(1);
  });

  it("is known where the agent formats it as Markdown (recorded with Codex 0.169)", () => {
    const rows = ["› Please say whether it is done; it's $HOME or \\not\\ 100 %."];
    expect(timesShown(rows, "Please say whether it is done; it's $HOME `or` \\not\\ 100 %.")).toBe(1);
  });

  it("is known behind a character that is not seen, where one of its letters is not drawn (recorded with Cline 3.0)", () => {
    const rows = [
      " ❯ /etc/hosts is about tem6x3b3aend.",
      "",
      " * It is done.",
      "",
      " ❯ !important is what item8x8b8bend s.",
    ];
    expect(timesShown(rows, "\u2060/etc/hosts is about item6x3b3aend. ")).toBe(1);
    expect(timesShown(rows, "\u2060!important is what item8x8b8bend is. ")).toBe(1);
    expect(timesShown(rows, "\u2060!important is what item9x8b8bend is. ")).toBe(0);
    expect(timesShown(rows, "!important is what item8x8b8bend is.")).toBe(0);
    expect(timesShown([...rows, ...rows], "\u2060/etc/hosts is about item6x3b3aend. ")).toBe(2);
  });

  it("is counted as often as it stands there", () => {
    expect(timesShown(["› go on", "• Done.", "› go on", "• Done."], "go on")).toBe(2);
    expect(timesShown(["› ??", "• Done."], "??")).toBe(1);
    expect(timesShown(["• Done."], "go on")).toBe(0);
  });
});

describe("a prompt in a composer", () => {
  it("is known where a sign that is put together of several is shown by its first (recorded with Claude Code 2.1)", () => {
    const composer = { text: "Größe, 日本語, 👩 und 🏳️ , é and é, ½ → ∞" };
    expect(shownText(composer, "Größe, 日本語, 👩‍👩‍👧‍👦 und 🏳️‍🌈, e\u0301 and é, ½ → ∞")).toBe("whole");
    expect(shownText(composer, "Größe, 日本語, 👩‍👩‍👧‍👦 und 🏳️‍🌈, e\u0301 and é, ½ → 8")).toBe("no");
    expect(shownText({ text: "👍" }, "👍")).toBe("whole");
  });
});
