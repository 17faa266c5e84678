import type { Terminal } from "@xterm/headless";
import { StatusQuery } from "./statusQuery";

/** What a cell of 10 by 20 pixels makes of the size: pictures are not shown here, but programs wait for the answer. */
const cellWidth = 10;
const cellHeight = 20;
/** Of VS Code's dark themes, in which most sessions are shown: text, background, cursor. */
const dynamicColors: ReadonlyMap<number, string> = new Map([
  [10, "cc/cc/cc"],
  [11, "1e/1e/1e"],
  [12, "cc/cc/cc"],
]);
/** xterm's first sixteen colours (XTerm-col.ad). */
const namedColors = [
  ..."000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5".split(" "),
  ..."7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff".split(" "),
];
const lastNamed = 15;
const firstGray = 232;
/** Levels of xterm's colour cube. */
const cubeLevels = [0, 95, 135, 175, 215, 255];

/** The emulator passes on no question about its window that is not listed. */
export const askedSizes = { getWinSizePixels: true, getCellSizePixels: true, getWinSizeChars: true } as const;

const hex = (value: number): string => value.toString(16).padStart(2, "0");

/** `rr/gg/bb` of a colour of xterm's palette, 0 to 255. */
function paletteColor(index: number): string {
  if (index <= lastNamed) return (namedColors[index] ?? "").replace(/(..)(?=.)/g, "$1/");
  if (index >= firstGray)
    return Array(3)
      .fill(hex((index - firstGray) * 10 + 8))
      .join("/");
  const place = index - lastNamed - 1;
  return [place / 36, (place / 6) % 6, place % 6].map((level) => hex(cubeLevels[Math.trunc(level)] ?? 0)).join("/");
}

/** Colours are told with 16 bits, as xterm tells them. */
const told = (color: string): string =>
  `rgb:${color
    .split("/")
    .map((part) => part + part)
    .join("/")}`;

/** `rr/gg/bb` of `rgb:…` or `#…` (XParseColor); undefined for names and the like. */
function givenColor(text: string): string | undefined {
  const parts =
    /^rgb:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})$/i.exec(text) ??
    /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return parts
    ?.slice(1)
    .map((part) => hex(Math.round((parseInt(part, 16) * 255) / (16 ** part.length - 1))))
    .join("/");
}

/**
 * Answers what programs ask of their terminal, as xterm does (ctlseqs), in the order of the questions and by the state
 * of that moment. The emulator answers the commonest itself (device attributes, cursor, modes, settings); the rest is
 * answered here: name and unit, sizes, colours, dark or light, kitty's keyboard protocol (none of it is ever on), the
 * protocol of program statuses, terminfo (nothing is told: what was asked is never sent back, since it would be typed).
 * Gives back what has to be called with the last byte of each piece of output that was parsed.
 */
export function answerQueries(terminal: Terminal, tell: (text: string) => void): (last: number | undefined) => void {
  const { parser } = terminal;
  const status = new StatusQuery(parser, tell);
  const answer = (text: string): void => {
    status.before();
    tell(text);
  };
  const always = (text: string) => (): boolean => {
    answer(text);
    return true;
  };
  terminal.onData((text) => {
    if (text !== "") answer(text);
  });
  parser.registerCsiHandler({ prefix: "=", final: "c" }, always("\x1bP!|00000000\x1b\\"));
  parser.registerCsiHandler({ prefix: ">", final: "q" }, always("\x1bP>|wsh-orchestrator\x1b\\"));
  parser.registerCsiHandler({ prefix: "?", final: "u" }, always("\x1b[?0u"));
  parser.registerDcsHandler({ intermediates: "+", final: "q" }, always("\x1bP0+r\x1b\\"));
  parser.registerCsiHandler({ prefix: "?", final: "n" }, ([what]) => {
    if (what !== 996) return false;
    answer("\x1b[?997;1n");
    return true;
  });
  parser.registerCsiHandler({ final: "t" }, ([what]) => {
    const { rows, cols } = terminal;
    if (what === 14) answer(`\x1b[4;${rows * cellHeight};${cols * cellWidth}t`);
    else if (what === 16) answer(`\x1b[6;${cellHeight};${cellWidth}t`);
    else if (what === 18) answer(`\x1b[8;${rows};${cols}t`);
    else return false;
    return true;
  });
  answerColors(terminal, answer);
  return (last) => status.parsed(last);
}

/** Those that a program has set are told as it set them; of a name nobody here knows the colour. */
function answerColors({ parser }: Terminal, answer: (text: string) => void): void {
  const changed = new Map<string, string | undefined>();
  /** `key` is what stands in front of the colour, in the question as in the answer. */
  const heed = (key: string, value: string, original: string | undefined): void => {
    if (value !== "?") changed.set(key, givenColor(value));
    else {
      const color = changed.has(key) ? changed.get(key) : original;
      if (color !== undefined) answer(`\x1b]${key};${told(color)}\x1b\\`);
    }
  };
  for (const [code] of dynamicColors) {
    // Several values are those of the codes that follow.
    parser.registerOscHandler(code, (data) => {
      for (const [offset, value] of data.split(";").entries())
        heed(String(code + offset), value, dynamicColors.get(code + offset));
      return true;
    });
    parser.registerOscHandler(code + 100, () => changed.delete(String(code)));
  }
  parser.registerOscHandler(4, (data) => {
    const parts = data.split(";");
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const index = Number(parts[at]);
      if (/^\d{1,3}$/.test(parts[at] ?? "") && index < 256)
        heed(`4;${index}`, parts[at + 1] ?? "", paletteColor(index));
    }
    return true;
  });
  parser.registerOscHandler(104, (data) => {
    const all = [...changed.keys()].filter((key) => key.startsWith("4;"));
    for (const key of data === "" ? all : data.split(";").map((index) => `4;${index}`)) changed.delete(key);
    return true;
  });
}
