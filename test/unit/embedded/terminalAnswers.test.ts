import { describe, expect, it } from "vitest";
import { ScreenModel } from "../../../src/embedded/screenModel";

/** What a terminal of 24 rows and 80 columns answers to these bytes. */
async function answers(...chunks: string[]): Promise<string> {
  let told = "";
  const screen = new ScreenModel(
    { rows: 24, cols: 80 },
    { parsed: () => undefined, switched: () => undefined, answer: (text) => (told += text) },
  );
  for (const chunk of chunks) screen.write(Buffer.from(chunk), () => undefined);
  await new Promise<void>((resolve) => screen.afterParsing(resolve));
  screen.dispose();
  return told;
}

describe("what programs ask of their terminal", () => {
  it.each([
    ["its state", "\x1b[5n", "\x1b[0n"],
    ["the cursor", "\x1b[3;7H\x1b[6n", "\x1b[3;7R"],
    ["the cursor, as DEC asks", "ab\x1b[?6n", "\x1b[?1;3R"],
    ["primary attributes", "\x1b[c", "\x1b[?1;2c"],
    ["primary attributes, with a number", "\x1b[0c", "\x1b[?1;2c"],
    ["secondary attributes", "\x1b[>c", "\x1b[>0;276;0c"],
    ["tertiary attributes", "\x1b[=c", "\x1bP!|00000000\x1b\\"],
    ["its name", "\x1b[>0q", "\x1bP>|wsh-orchestrator\x1b\\"],
    ["kitty's keyboard protocol, of which nothing is on", "\x1b[=5u\x1b[?u", "\x1b[?0u"],
    ["its size in pixels", "\x1b[14t", "\x1b[4;480;800t"],
    ["the size of a cell", "\x1b[16t", "\x1b[6;20;10t"],
    ["its size in cells", "\x1b[18t", "\x1b[8;24;80t"],
    ["a mode that is on", "\x1b[?2004h\x1b[?2004$p", "\x1b[?2004;1$y"],
    ["a mode that nobody knows", "\x1b[?4711$p", "\x1b[?4711;0$y"],
    ["the cursor's shape", "\x1bP$q q\x1b\\", "\x1bP1$r2 q\x1b\\"],
    ["the background", "\x1b]11;?\x07", "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"],
    [
      "text and background at once",
      "\x1b]10;?;?\x1b\\",
      "\x1b]10;rgb:cccc/cccc/cccc\x1b\\\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    ],
    [
      "colours of the palette",
      "\x1b]4;1;?;110;?;232;?\x07",
      "\x1b]4;1;rgb:cdcd/0000/0000\x1b\\\x1b]4;110;rgb:8787/afaf/d7d7\x1b\\\x1b]4;232;rgb:0808/0808/0808\x1b\\",
    ],
    ["a colour that was set", "\x1b]11;#102030\x07\x1b]11;?\x07", "\x1b]11;rgb:1010/2020/3030\x1b\\"],
    [
      "a colour that was set back",
      "\x1b]4;1;rgb:f/0/8\x07\x1b]4;1;?\x07\x1b]104;1\x07\x1b]4;1;?\x07",
      "\x1b]4;1;rgb:ffff/0000/8888\x1b\\\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    ],
    ["a colour that was set by a name", "\x1b]11;papayawhip\x07\x1b]11;?\x07", ""],
    ["whether it is dark", "\x1b[?996n", "\x1b[?997;1n"],
    ["terminfo, which is not sent back", "\x1bP+q544e;rm -rf ~\x1b\\", "\x1bP0+r\x1b\\"],
    ["whether it knows of statuses", "\x1b]7501;?\x1b\\", "\x1b]7501;?\x1b\\"],
    ["whether it knows of statuses, ended by BEL", "\x1b]7501;?\x07", "\x1b]7501;?\x07"],
    ["nothing with a status", "\x1b]7501;state=idle:app=codex\x1b\\\x1b]7501;state=clear\x07", ""],
    ["nothing with what only begins like the question", "\x1b]7501;?:state=idle\x07\x1b]7501;??\x1b\\", ""],
    ["the window's title, which would be typed", "\x1b]2;rm -rf ~\x07\x1b[21t", ""],
  ])("%s", async (_what, asked, told) => {
    expect(await answers(asked)).toBe(told);
  });

  it("is answered in the order of the questions, each as things were then, however the bytes are cut", async () => {
    const asked = "a\x1b[6n\x1b]11;?\x07bc\x1b[6n\x1b[?u\x1b[c";
    const told = "\x1b[1;2R\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b[1;4R\x1b[?0u\x1b[?1;2c";
    expect(await answers(asked)).toBe(told);
    expect(await answers(...Array.from(asked))).toBe(told);
  });

  it.each(["\x07", "\x1b\\"])("knows of statuses before it says who it is, with the same end %j", async (end) => {
    const asked = `\x1b[?u\x1b]7501;?${end}\x1b[c\x1b]7501;state=working${end}x\x1b]7501;?${end}\x1b[5n`;
    const told = `\x1b[?0u\x1b]7501;?${end}\x1b[?1;2c\x1b]7501;?${end}\x1b[0n`;
    expect(await answers(asked)).toBe(told);
    expect(await answers(...Array.from(asked))).toBe(told);
    for (let cut = 1; cut < asked.length; cut++)
      expect(await answers(asked.slice(0, cut), asked.slice(cut))).toBe(told);
  });

  it("does not wait for what follows the question", async () => {
    expect(await answers("\x1b]7501;?\x07")).toBe("\x1b]7501;?\x07");
    expect(await answers("\x1b]7501;?\x07\x1b]7501;?\x1b\\\x1b]7501;?\x07")).toBe(
      "\x1b]7501;?\x07\x1b]7501;?\x1b\\\x1b]7501;?\x07",
    );
  });
});
