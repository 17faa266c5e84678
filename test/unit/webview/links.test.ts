import { describe, expect, it } from "vitest";
import { targetText } from "../../../src/protocol/links";
import type { PictureRow } from "../../../src/protocol/screenPicture";
import { findLinks, linkAt, offsetAt } from "../../../webview-ui/shared/links";

const rowsOf = (...texts: string[]): PictureRow[] => texts.map((text) => (text === "" ? [] : [{ text }]));
/** What is found in one line: its text and where it leads, where that is something else. */
const found = (text: string): string[] =>
  findLinks(rowsOf(text), 1000).map((link) => {
    const target = targetText(link.target);
    return target === link.text ? target : `${link.text} => ${target}`;
  });

describe("addresses in what a session shows", () => {
  it.each([
    ["https://a.example/x", ["https://a.example/x"]],
    ["see https://a.example/x.", ["https://a.example/x"]],
    ["(see https://a.example/x)", ["https://a.example/x"]],
    ["https://a.example/Foo_(bar)", ["https://a.example/Foo_(bar)"]],
    ["(https://a.example/Foo_(bar))!", ["https://a.example/Foo_(bar)"]],
    ["[text](https://a.example/x), more", ["https://a.example/x"]],
    ["[https://a.example/x](https://a.example/y)", ["https://a.example/x", "https://a.example/y"]],
    ["**https://a.example/x**", ["https://a.example/x"]],
    ["'https://a.example/x' and \"https://a.example/y\"", ["https://a.example/x", "https://a.example/y"]],
    ["<https://a.example/x>", ["https://a.example/x"]],
    ["https://a.example/x?y=1&z=%26#top, then", ["https://a.example/x?y=1&z=%26#top"]],
    ["  ➜  Local:   http://localhost:5173/", ["http://localhost:5173/"]],
    ["http://[::1]:8080/x", ["http://[::1]:8080/x"]],
    ["http://127.0.0.1:3000/src/a.ts:3:4", ["http://127.0.0.1:3000/src/a.ts:3:4"]],
    ["见https://a.example/路径。好", ["https://a.example/路径 => https://a.example/%E8%B7%AF%E5%BE%84"]],
    ["│ https://a.example/x │", ["https://a.example/x"]],
    ["https://a.example/x…", ["https://a.example/x"]],
    ["HTTPS://A.example", ["HTTPS://A.example => https://a.example/"]],
    ["https://", []],
    ["xhttps://a.example", []],
    ["command:workbench.action.quit vscode://file/x javascript:alert(1) data:text/html,x", []],
  ])("%s", (text, links) => expect(found(text)).toEqual(links));

  it("are none where a secret was taken out of them", () => {
    expect(
      found("https://a.example/?token=‹redacted:token:12ab›&x=1 https://u:‹redacted:url:12ab›@b.example/"),
    ).toEqual([]);
  });

  it("show what letters that look like others are", () => {
    expect(found("https://аpple.example")).toEqual(["https://аpple.example => https://xn--pple-43d.example/"]);
  });
});

describe("places in files in what a session shows", () => {
  it.each([
    ["src/a.ts:12", ["src/a.ts:12"]],
    ["src/a.ts:12:3 - error TS2322: no", ["src/a.ts:12:3"]],
    ["./src/a.ts:12:3: warning", ["./src/a.ts:12:3"]],
    ["/abs/b.c:7:1: error: x", ["/abs/b.c:7:1"]],
    ["src/a.ts(12,3): error TS2322", ["src/a.ts(12,3) => src/a.ts:12:3"]],
    ["src/a.ts(12)", ["src/a.ts(12) => src/a.ts:12"]],
    ['  File "x.py", line 3, in f', ['x.py", line 3 => x.py:3']],
    ['  File "/with a blank/x.py", line 30', ['/with a blank/x.py", line 30 => /with a blank/x.py:30']],
    ["    at f (/site/a.js:1:2)", ["/site/a.js:1:2"]],
    ["    at async file:///site/a.mjs:1:2", ["file:///site/a.mjs:1:2 => file:///site/a.mjs#L1,2"]],
    ["    at Object.<anonymous> (/site/a b.js:1:2)", ["b.js:1:2"]],
    ["f(src/a.ts:3:4)", ["src/a.ts:3:4"]],
    ["app/(group)/[id]/page.tsx:3:4", ["app/(group)/[id]/page.tsx:3:4"]],
    ["[src/a.ts:3:4]", ["src/a.ts:3:4"]],
    ["  --> src/main.rs:3:5", ["src/main.rs:3:5"]],
    ["src/a.ts:12:const x = 1;", ["src/a.ts:12"]],
    ["\"my file.ts\":3:4 and 'other file.ts:5'", ['my file.ts":3:4 => my file.ts:3:4', "other file.ts:5"]],
    ["it's in src/a.ts:3, isn't it", ["src/a.ts:3"]],
    ["in /x/y.php on line 12", ["/x/y.php on line 12 => /x/y.php:12"]],
    ["src/a.c, line 12", ["src/a.c, line 12 => src/a.c:12"]],
    ["C:\\x\\a.ts:3:4", ["C:\\x\\a.ts:3:4"]],
    ["漢字/a.ts:3:1 错误：src/b.ts:4", ["漢字/a.ts:3:1", "src/b.ts:4"]],
    ["~/x/a.ts:3", ["~/x/a.ts:3"]],
    ["a_test.go:12 +0x1d", ["a_test.go:12"]],
    ["12:30:45 nothing", []],
    ["at 12:30", []],
    ["no link: here", []],
    ["src/‹redacted:token:12ab›.ts:3", []],
  ])("%s", (text, links) => expect(found(text)).toEqual(links));
});

describe("links over several rows", () => {
  const rows = rowsOf("at https://a.exam", "ple/path/to/some", "thing or src/a.t", "s:12:3", "next");

  it("are one where a row is filled to its end", () => {
    const [first, second, ...more] = findLinks(rows, 16);
    expect(first).toEqual({
      text: "https://a.example/path/to/something",
      target: { kind: "address", address: "https://a.example/path/to/something" },
      given: false,
      parts: [
        { row: 0, from: 3, to: 17 },
        { row: 1, from: 0, to: 16 },
        { row: 2, from: 0, to: 5 },
      ],
    });
    expect([second?.text, more]).toEqual(["src/a.ts:12:3", []]);
  });

  it("end with their row where it is not filled", () => {
    expect(findLinks(rowsOf("https://a.example/x", "not-of-it"), 40).map(({ text }) => text)).toEqual([
      "https://a.example/x",
    ]);
  });

  it("are found from each of their rows, and not beside them", () => {
    const at = (row: number, offset: number): string | undefined => linkAt(rows, 16, row, offset)?.text;
    expect([at(0, 2), at(0, 3), at(1, 0), at(2, 4), at(2, 5), at(3, 0), at(4, 0)]).toEqual([
      undefined,
      ...["", "", ""].map(() => "https://a.example/path/to/something"),
      undefined,
      "src/a.ts:12:3",
      undefined,
    ]);
  });

  it("are counted in the cells that characters take", () => {
    const row: PictureRow = [{ text: "漢字 ", bold: true }, { text: "e\u0301 src/a.ts:3" }];
    expect([0, 1, 2, 4, 5, 6, 7].map((column) => offsetAt(row, column))).toEqual([0, 0, 1, 2, 3, 5, 6]);
    expect(linkAt([row], 80, 0, offsetAt(row, 7))?.text).toBe("src/a.ts:3");
  });

  it("take no time in what is no line for people", () => {
    const flood = rowsOf(...Array.from({ length: 5000 }, () => "x".repeat(200)));
    const begun = performance.now();
    linkAt(flood, 200, 2500, 10);
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe("links that a program made", () => {
  const link = "https://evil.example/";

  it("lead where the program says, whatever their text is, and are one over rows and styles", () => {
    const rows: PictureRow[] = [
      [{ text: "see " }, { text: "https://a", link, bold: true }, { text: ".go", link }],
      [
        { text: "od/", link },
        { text: " src/a.ts:3", link: "file:///x/a.ts" },
      ],
    ];
    expect(findLinks(rows, 16)).toMatchObject([
      {
        text: "https://a.good/",
        target: { kind: "address", address: link },
        given: true,
        parts: [
          { row: 0, from: 4, to: 16 },
          { row: 1, from: 0, to: 3 },
        ],
      },
      { text: " src/a.ts:3", target: { kind: "address", address: "file:///x/a.ts" }, given: true },
    ]);
  });

  it("are none where a secret was taken out of their text", () => {
    expect(findLinks([[{ text: "key ‹redacted:token:12ab›", link }]], 80)).toEqual([]);
  });
});
