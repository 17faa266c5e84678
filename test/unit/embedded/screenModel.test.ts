import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repaintFrame } from "../../../src/embedded/repaint";
import { ScreenChanges, type ScreenChange } from "../../../src/embedded/screenChanges";
import { ScreenModel } from "../../../src/embedded/screenModel";

const ignore = { parsed: (): void => undefined, switched: (): void => undefined };
const size = { rows: 6, cols: 20 };

/** Feeds chunks and waits until they are in the picture. */
async function feed(screen: ScreenModel, ...chunks: (string | Uint8Array)[]): Promise<void> {
  for (const chunk of chunks) screen.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk, () => undefined);
  await new Promise<void>((resolve) => screen.afterParsing(resolve));
}

async function styled(text: string): Promise<unknown[]> {
  const screen = new ScreenModel(size, ignore);
  await feed(screen, text);
  return screen.screen("styled").lines.filter((line) => line.length > 0);
}

describe("the picture of a terminal", () => {
  it("ends at its last column, also where a wider one was drawn on before", async () => {
    const screen = new ScreenModel(size, ignore);
    await feed(screen, "\x1b[?1049h\x1b[44mstep 1: fold the end\x1b[0m");
    screen.resize({ rows: 6, cols: 6 });
    expect(screen.screen("plain").lines[0]).toBe("step 1");
    expect(screen.screen("styled").lines[0]).toEqual([{ text: "step 1", bg: { indexed: 4 } }]);
  });

  it("names all attributes and kinds of colour", async () => {
    expect(await styled("\x1b[1;2;3;4;5;7;9mx\x1b[0m")).toEqual([
      [
        {
          text: "x",
          bold: true,
          faint: true,
          italic: true,
          underline: true,
          blink: true,
          inverse: true,
          strikethrough: true,
        },
      ],
    ]);
    expect(await styled("\x1b[8mhidden\x1b[0m")).toEqual([[{ text: "hidden", invisible: true }]]);
    expect(await styled("\x1b[31ma\x1b[92mb\x1b[38;5;200mc\x1b[48;2;1;2;3md\x1b[39;49me")).toEqual([
      [
        { text: "a", fg: { indexed: 1 } },
        { text: "b", fg: { indexed: 10 } },
        { text: "c", fg: { indexed: 200 } },
        { text: "d", fg: { indexed: 200 }, bg: { rgb: { r: 1, g: 2, b: 3 } } },
        { text: "e" },
      ],
    ]);
  });

  it("has the echo of keys in it at once, and other output a little later", async () => {
    const screen = new ScreenModel(size, ignore, () => 0);
    screen.write(Buffer.from("$"), () => undefined);
    screen.expectEcho();
    screen.write(Buffer.from("x"), () => undefined);
    expect([screen.pendingBytes, screen.cursor().col]).toEqual([0, 2]);
    screen.write(Buffer.from("more"), () => undefined);
    expect(screen.pendingBytes).toBe(4);
    await feed(screen);
    expect(screen.screen("plain").lines[0]).toBe("$xmore");
  });

  it("has a little after a pause in it at once, with its answers, and a flood or its pieces a timer later", async () => {
    let now = 0;
    const answers: string[] = [];
    const screen = new ScreenModel(size, { ...ignore, answer: (text) => answers.push(text) }, () => now);
    const pendingAfter = (ms: number, text: string): number => {
      now += ms;
      screen.write(Buffer.from(text), () => undefined);
      return screen.pendingBytes;
    };
    expect(pendingAfter(0, "\r1\x1b[6n")).toBe(0);
    expect(answers).toEqual(["\x1b[1;2R"]);
    expect(pendingAfter(100, "\r22")).toBe(0);
    expect([pendingAfter(1, "\r333"), pendingAfter(100, "\r4444")]).toEqual([4, 9]);
    await feed(screen);
    expect(screen.screen("plain").lines[0]).toBe("4444");
    expect(pendingAfter(100, "x".repeat(5000))).toBe(5000);
    await feed(screen);
  });

  it("tells the modes that decide what a terminal sends", async () => {
    const screen = new ScreenModel(size, ignore);
    const modes = async (text: string): Promise<number[] | undefined> => {
      await feed(screen, text);
      return screen.screen("plain").private_modes;
    };
    expect(await modes("text")).toEqual([]);
    expect(await modes("\x1b[?2004h\x1b[?1h\x1b=\x1b[?1002;1006h\x1b[?7h\x1b[4h")).toEqual([1, 66, 1002, 1006, 2004]);
    expect(await modes("\x1b[?2004l\x1b>\x1b[?1002l")).toEqual([1, 1006]);
    expect(await modes("\x1b[!p")).toEqual([1006]);
    expect(await modes("\x1bc")).toEqual([]);
  });

  it("takes the mouse modes for what they are: each ends the one before, and none is left when one is switched off", async () => {
    const screen = new ScreenModel(size, ignore);
    const modes = async (text: string): Promise<number[] | undefined> => {
      await feed(screen, text);
      return screen.screen("plain").private_modes;
    };
    expect(await modes("\x1b[?1000;1002;1003h\x1b[?1005;1006h")).toEqual([1003, 1006]);
    expect(await modes("\x1b[?1000h\x1b[?1015h")).toEqual([1000, 1015]);
    expect(await modes("\x1b[?1002l\x1b[?1006l")).toEqual([]);
  });

  it("tells where links lead, over the end of a row, and none that is too long", async () => {
    const link = (uri: string, text: string): string => `\x1b]8;;${uri}\x1b\\${text}\x1b]8;;\x1b\\`;
    expect(
      await styled(`see ${link("https://a.example/x?y=1", "here")} or ${link("file:///f", "there and on")}`),
    ).toEqual([
      [
        { text: "see " },
        { text: "here", link: "https://a.example/x?y=1", underline: true },
        { text: " or " },
        { text: "there an", link: "file:///f", underline: true },
      ],
      [{ text: "d on", link: "file:///f", underline: true }],
    ]);
    expect(
      await styled(`\x1b[1m${link("https://a.example", "bold")}\x1b[0m ${link("https://b.example", "ab")}`),
    ).toEqual([
      [
        { text: "bold", bold: true, link: "https://a.example", underline: true },
        { text: " " },
        { text: "ab", link: "https://b.example", underline: true },
      ],
    ]);
    expect(await styled(link(`https://a.example/${"x".repeat(3000)}`, "long"))).toEqual([
      [{ text: "long", underline: true }],
    ]);
  });

  it("drops blanks at the end unless they have a style", async () => {
    expect(await styled("a   \r\n\x1b[44m   \x1b[0m   \r\n   ")).toEqual([
      [{ text: "a" }],
      [{ text: "   ", bg: { indexed: 4 } }],
    ]);
  });

  it("gives emoji two cells, as programs count", async () => {
    const screen = new ScreenModel(size, ignore);
    await feed(screen, "👍漢x");
    expect(screen.cursor().col).toBe(5);
  });

  it("has wide and combined characters once", async () => {
    expect(await styled("漢字e\u0301!")).toEqual([[{ text: "漢字e\u0301!" }]]);
  });

  it("puts characters together that come in pieces", async () => {
    const bytes = Buffer.from("žluťoučký 漢字 👍");
    const screen = new ScreenModel(size, ignore);
    await feed(screen, ...Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect(screen.screen("plain").lines[0]).toBe("žluťoučký 漢字 👍");
  });

  it("knows whether the cursor is visible", async () => {
    const screen = new ScreenModel(size, ignore);
    const after = async (text: string): Promise<boolean> => {
      await feed(screen, text);
      return screen.cursor().visible;
    };
    expect([
      await after("\x1b[?25l"),
      await after("\x1b[?1;25h"),
      await after("\x1b[?25l\x1bc"),
      await after("\x1b[?25l\x1b[!p"),
      await after("\x1b[25l"),
    ]).toEqual([false, true, true, true, true]);
  });

  it("is asked at the very point: nothing that comes later is in it", async () => {
    const screen = new ScreenModel({ rows: 6, cols: 40 }, ignore);
    const seen: string[] = [];
    for (let number = 0; number < 50; number++) {
      screen.write(Buffer.from(`\r${number}`.padEnd(200, "\0")), () => undefined);
      screen.afterParsing(() => seen.push(JSON.stringify(screen.screen("plain").lines[0])));
    }
    await feed(screen);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, number) => JSON.stringify(String(number))));
  });
});

describe("a repaint", () => {
  it("shows the same picture elsewhere, whatever was there before", async () => {
    const text = fc.array(
      fc.oneof(
        fc.constantFrom(
          "\x1b[1m",
          "\x1b[0m",
          "\x1b[31;42m",
          "\x1b[7m",
          "\x1b[38;2;9;8;7m",
          "\x1b[?25l",
          "\x1b[?25h",
          "\r\n",
          "\x1b[3;4H",
          "漢",
          "\x1b[K",
        ),
        fc.string({ maxLength: 12 }).map((plain) => plain.replace(/[\x00-\x1f\x7f]/g, "")),
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (shown, before) => {
        const source = new ScreenModel(size, ignore);
        await feed(source, shown.join(""));
        const target = new ScreenModel(size, ignore);
        await feed(target, before.join(""), "\x1b[0m", repaintFrame(source.screen("styled")));
        const [expected, actual] = [source.screen("styled"), target.screen("styled")];
        expect(actual.lines).toEqual(expected.lines);
        expect(actual.cursor).toEqual({ ...expected.cursor, col: Math.min(expected.cursor.col, size.cols - 1) });
      }),
      { seed: 20261123, numRuns: 60 },
    );
  });

  it("begins as wsh's does", () => {
    expect(repaintFrame(new ScreenModel(size, ignore).screen("styled")).toString().startsWith("\x1b[H\x1b[2J")).toBe(
      true,
    );
  });
});

describe("changes of a picture", () => {
  function follow(): { screen: ScreenModel; changes: ScreenChanges; told: ScreenChange[]; take: () => ScreenChange[] } {
    const told: ScreenChange[] = [];
    const screen: ScreenModel = new ScreenModel(size, {
      parsed: () => undefined,
      switched: (alternate) => changes.switched(alternate),
    });
    const changes = new ScreenChanges(screen);
    changes.follow((some) => told.push(...some));
    return { screen, changes, told, take: () => told.splice(0) };
  }

  it("are rows that differ and the cursor, counted through", async () => {
    const { screen, changes, take } = follow();
    await feed(screen, "one\r\ntwo");
    changes.publish();
    expect(take()).toEqual([
      { event: "line", seq: 0, index: 0, total_lines: 6, line: [{ text: "one" }] },
      { event: "line", seq: 1, index: 1, total_lines: 6, line: [{ text: "two" }] },
      { event: "cursor", seq: 2, row: 1, col: 3, visible: true },
    ]);
    changes.publish();
    expect(take()).toEqual([]);
  });

  it("repeat all rows after a reset", async () => {
    const { screen, changes, take } = follow();
    await feed(screen, "one\x1b[?1049htwo");
    changes.publish();
    const told = take();
    expect(told.map(({ event }) => event)).toEqual(["mode", "reset", ...Array<string>(6).fill("line"), "cursor"]);
    expect(told.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("leave a late follower alone with what it has seen in its snapshot", async () => {
    const { screen, changes } = follow();
    await feed(screen, "before");
    const late: ScreenChange[] = [];
    changes.follow((some) => late.push(...some));
    changes.publish();
    expect(late).toEqual([]);
    await feed(screen, "!");
    changes.publish();
    expect(late.map(({ event }) => event)).toEqual(["line", "cursor"]);
  });
});
