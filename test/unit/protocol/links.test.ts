import type { Span } from "../../../src/core/ports/sessions";
import { describe, expect, it } from "vitest";
import { fileOfAddress, openableAddress, targetText } from "../../../src/protocol/links";
import { visibleRow } from "../../../src/protocol/screenPictures";

describe("an address that is opened", () => {
  it.each([
    ["https://a.example/x?y=%26#z", "https://a.example/x?y=%26#z"],
    ["http://localhost:3000", "http://localhost:3000/"],
    ["mailto:a@b.example?subject=x", "mailto:a@b.example?subject=x"],
    ["file:///x/a.ts", "file:///x/a.ts"],
    ["file://host/x/a.ts#L3", "file://host/x/a.ts#L3"],
    ["https://аpple.example", "https://xn--pple-43d.example/"],
    ["command:workbench.action.quit", undefined],
    ["vscode://file/x", undefined],
    ["vscode-insiders://x/y", undefined],
    ["javascript:alert(1)", undefined],
    ["JavaScript:alert(1)", undefined],
    ["data:text/html,x", undefined],
    ["ftp://a.example/x", undefined],
    ["mailto:", undefined],
    ["src/a.ts", undefined],
    ["https://a.example/a b", undefined],
    ["https://a.example/\u001b[31m", undefined],
    ["https://a.example/\u202ex", "https://a.example/%E2%80%AEx"],
    ["https://a.example/‹redacted:token:12ab›", undefined],
    ["https://a.example/%E2%80%B9redacted:token:12ab", undefined],
    [`https://a.example/${"x".repeat(3000)}`, undefined],
    ["", undefined],
  ])("%s", (text, address) => expect(openableAddress(text)).toBe(address));

  it("is all that a page hears of a program's links", () => {
    const row: readonly Span[] = [
      { text: "a\u202eb", link: "https://a.example" },
      { text: "c", link: "command:x" },
    ];
    expect(visibleRow(row)).toEqual([{ text: "ab", link: "https://a.example/" }, { text: "c" }]);
  });
});

describe("a file that an address names", () => {
  it.each([
    ["file:///x/a%20b.ts", "", "/x/a b.ts"],
    ["file:///x/a.ts#L3,5", "", "/x/a.ts:3:5"],
    ["file:///x/a.ts#12", "", "/x/a.ts:12"],
    ["file://my-host/x/a.ts", "my-host", "/x/a.ts"],
    ["file:///C:/x/a.ts#L3", "", "C:/x/a.ts:3"],
  ])("%s", (address, host, text) => {
    const file = fileOfAddress(address);
    expect([file?.host, file && targetText(file.target)]).toEqual([host, text]);
  });

  it("is none of other addresses, and none that cannot be read", () => {
    expect(["https://a.example/x", "file:///x/%ff", "x"].map(fileOfAddress)).toEqual([undefined, undefined, undefined]);
  });
});
