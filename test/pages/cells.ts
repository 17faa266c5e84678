import { Unicode11Addon } from "@xterm/addon-unicode11";
import { Terminal } from "@xterm/xterm";
import type { TerminalLook } from "../../src/protocol/mirror";
import { cssColor, type Palette, parseColor, type Rgb } from "../../webview-ui/shared/colors";
import { readPalette } from "../../webview-ui/shared/theme";

/** What a person sees in one cell. */
interface SeenCell {
  readonly text: string;
  readonly width: number;
  readonly color: string;
  readonly background: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
}

/** For the test: a terminal beside our page, and what either shows. */
interface CellsOfPage {
  open(look: TerminalLook, rows: number, cols: number, stylesheet: string): void;
  write(text: string): Promise<void>;
  theirs(): (SeenCell | null)[][];
  ours(rows: number, cols: number): (SeenCell | null)[][];
}

let terminal: Terminal | undefined;
let palette: Palette | undefined;

const page: CellsOfPage = {
  open(look, rows, cols, stylesheet) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(stylesheet);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    palette = readPalette();
    const [black, red, green, yellow, blue, magenta, cyan, white, ...bright] = palette.ansi.map(cssColor);
    const [brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite] =
      bright;
    const host = document.createElement("div");
    document.body.append(host);
    terminal = new Terminal({
      rows,
      cols,
      allowProposedApi: true,
      fontFamily: look.fontFamily,
      fontSize: look.fontSize,
      minimumContrastRatio: 1,
      theme: {
        background: cssColor(palette.background),
        foreground: cssColor(palette.foreground),
        black,
        red,
        green,
        yellow,
        blue,
        magenta,
        cyan,
        white,
        brightBlack,
        brightRed,
        brightGreen,
        brightYellow,
        brightBlue,
        brightMagenta,
        brightCyan,
        brightWhite,
      },
    });
    terminal.loadAddon(new Unicode11Addon());
    terminal.unicode.activeVersion = "11";
    terminal.open(host);
  },

  write: (text) =>
    new Promise((resolve) => {
      terminal?.write(text, () => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
    }),

  theirs() {
    if (!terminal) return [];
    const { rows, cols, buffer } = terminal;
    const elements = [...document.querySelectorAll(".xterm-rows > div")];
    return Array.from({ length: rows }, (_, index) => {
      const line = buffer.active.getLine(buffer.active.baseY + index);
      const cells: (SeenCell | null)[] = [];
      const texts = textsOf(elements[index]);
      let text = texts.shift();
      let at = 0;
      for (let column = 0; column < cols; column++) {
        const cell = line?.getCell(column);
        if (!cell || cell.getWidth() === 0) {
          cells.push(null);
          continue;
        }
        while (text && at >= text.content.length) {
          text = texts.shift();
          at = 0;
        }
        const chars = cell.getChars() === "" || cell.isInvisible() ? " " : cell.getChars();
        at += cell.isInvisible() ? 1 : chars.length;
        // Of underline with strike xterm's own style sheet shows one; what it knows of a cell is right.
        cells.push({
          ...seen(chars, cell.getWidth(), text?.style),
          underline: cell.isUnderline() !== 0,
          strike: cell.isStrikethrough() !== 0,
        });
      }
      return cells;
    });
  },

  ours(rows, cols) {
    const elements = [...document.querySelectorAll<HTMLElement>("#content .screen .row")];
    const cellWidth = Number.parseFloat(
      document.getElementById("content")?.style.getPropertyValue("--cell-width") ?? "",
    );
    return Array.from({ length: rows }, (_, index) => {
      const cells: (SeenCell | null)[] = Array.from({ length: cols }, () => seen(" ", 1, undefined));
      const row = elements[index];
      if (!row) return cells;
      const left = row.getBoundingClientRect().left;
      for (const { node, style, box } of textsOf(row)) {
        for (const { segment, index: offset } of segmentsOf(node.data, box !== undefined)) {
          const range = document.createRange();
          range.setStart(node, offset);
          range.setEnd(node, offset + segment.length);
          const place = box ?? range.getBoundingClientRect();
          const column = (place.left - left) / cellWidth;
          const width = Math.round(place.width / cellWidth);
          // A glyph that does not begin where its cell does is in none.
          if (Math.abs(column - Math.round(column)) > 0.1) continue;
          cells[Math.round(column)] = seen(segment, width, style);
          for (let more = 1; more < width; more++) cells[Math.round(column) + more] = null;
        }
      }
      return cells;
    });
  },
};

/** Where a box has a whole cell, it is one piece. */
function segmentsOf(text: string, boxed: boolean): { segment: string; index: number }[] {
  if (boxed) return [{ segment: text, index: 0 }];
  return Array.from(text, (segment, index) => ({ segment, index }));
}

interface StyledText {
  readonly node: Text;
  readonly content: string;
  readonly style: CSSStyleDeclaration;
  readonly box: DOMRect | undefined;
}

function textsOf(row: Element | undefined): StyledText[] {
  if (!row) return [];
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  const texts: StyledText[] = [];
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    const parent = node.parentElement ?? document.body;
    texts.push({
      node,
      content: node.data,
      style: getComputedStyle(parent),
      box: /\bcell-\d/.test(parent.className) ? parent.getBoundingClientRect() : undefined,
    });
  }
  return texts;
}

function seen(text: string, width: number, style: CSSStyleDeclaration | undefined): SeenCell {
  const { foreground, background } = palette ?? { foreground: { r: 0, g: 0, b: 0 }, background: { r: 0, g: 0, b: 0 } };
  const under = (style && opaque(style.backgroundColor, background)) ?? background;
  const color = (style && opaque(style.color, under)) ?? foreground;
  const plain = /^[ \u00a0\u2028\u2029]$/.test(text);
  const lines = style?.textDecorationLine ?? "";
  return {
    text: plain ? " " : text,
    width,
    // Of a blank nobody sees a colour.
    color: plain ? "" : rounded(color),
    background: rounded(under),
    bold: !plain && Number(style?.fontWeight ?? 400) >= 600,
    italic: !plain && style?.fontStyle === "italic",
    underline: lines.includes("underline"),
    strike: lines.includes("line-through"),
  };
}

function opaque(color: string, under: Rgb): Rgb | undefined {
  return parseColor(color, under);
}

function rounded({ r, g, b }: Rgb): string {
  return [r, g, b].map(Math.round).join(" ");
}

Object.assign(window, { cellsOfPage: page });
