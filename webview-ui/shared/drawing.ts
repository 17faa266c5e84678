import type { Span } from "../../src/core/ports/sessions";
import type { TerminalLook } from "../../src/protocol/mirror";
import type { PictureRow } from "../../src/protocol/screenPicture";
import { cssColor, isSamePalette, type Palette, paintOf } from "./colors";
import { type Run, runsOf } from "./rowCells";
import { onPossibleThemeChange, readPalette } from "./theme";

/**
 * Glyphs whose width differs less from their cells, in pixels, do not move the end of a long row by a visible amount.
 */
const tolerance = 0.01;
const rememberedGlyphs = 20_000;
const measuredLetters = 100;

/** Turns rows into elements in one font and one set of colours. */
export class Drawing {
  #look: TerminalLook;
  #zoom = 1;
  #palette: Palette;
  /** Pixels. */
  cell = { width: 0, height: 0 };
  readonly #fits = new Map<string, boolean>();
  readonly #pen = document.createElement("canvas").getContext("2d");

  constructor(look: TerminalLook) {
    this.#look = look;
    this.#palette = readPalette();
    this.#measure();
  }

  get look(): TerminalLook {
    return this.#look;
  }

  get palette(): Palette {
    return this.#palette;
  }

  setFont(look: TerminalLook, zoom: number): void {
    this.#look = look;
    this.#zoom = zoom;
    this.#measure();
  }

  /**
   * Takes the colours of each theme that comes; `redraw` draws with them again. What is selected does not outlive that,
   * so it is done for other colours only.
   */
  followTheme(redraw: () => void): void {
    onPossibleThemeChange(() => {
      const palette = readPalette();
      if (isSamePalette(palette, this.#palette)) return;
      this.#palette = palette;
      redraw();
    });
  }

  /** Gives an element that holds rows this font and these colours. */
  dress(element: HTMLElement): void {
    const { fontFamily, fontWeight, letterSpacing } = this.#look;
    const { style } = element;
    style.fontFamily = fontFamily;
    style.fontSize = `${this.#size}px`;
    style.fontWeight = fontWeight;
    style.letterSpacing = `${letterSpacing}px`;
    style.color = cssColor(this.#palette.foreground);
    style.backgroundColor = cssColor(this.#palette.background);
    style.setProperty("--cell-width", `${this.cell.width}px`);
    style.setProperty("--cell-height", `${this.cell.height}px`);
    style.setProperty("--bold", this.#look.fontWeightBold);
  }

  row(row: PictureRow): HTMLElement {
    const element = document.createElement("div");
    element.className = "row";
    this.fill(element, row);
    return element;
  }

  /** Puts what a row shows into its element. */
  fill(element: HTMLElement, row: PictureRow): void {
    element.replaceChildren(...runsOf(row, this.#fitsCell).map((run) => this.#piece(run)));
  }

  paint(element: HTMLElement, span: Span): void {
    const { color, background } = paintOf(span, this.#palette, this.#look);
    element.style.color = cssColor(color);
    if (background) element.style.backgroundColor = cssColor(background);
  }

  get #size(): number {
    return this.#look.fontSize * this.#zoom;
  }

  #piece({ text, cells, boxed, style }: Run): Node {
    const names = [boxed ? `cell-${cells}` : "", ...attributeClasses(style)].filter((name) => name !== "");
    const colored = style.fg !== undefined || style.bg !== undefined || style.inverse === true || style.faint === true;
    if (names.length === 0 && !colored) return document.createTextNode(text);
    const piece = document.createElement("span");
    if (names.length > 0) piece.className = names.join(" ");
    if (colored) this.paint(piece, style);
    piece.textContent = text;
    return piece;
  }

  readonly #fitsCell = (character: string, width: number, style: Span): boolean => {
    // Emoji and letters that join or stand on each other need a box whatever they measure alone.
    if (width !== 1 || character.length > 1) return false;
    const key = `${style.bold === true ? "b" : ""}${style.italic === true ? "i" : ""}${character}`;
    const known = this.#fits.get(key);
    if (known !== undefined) return known;
    const fits =
      isSimple.test(character) && Math.abs(this.#advance(character, style) - this.#advance("W", style)) < tolerance;
    if (this.#fits.size >= rememberedGlyphs) this.#fits.clear();
    this.#fits.set(key, fits);
    return fits;
  };

  #advance(text: string, { bold, italic }: Pick<Span, "bold" | "italic">): number {
    if (!this.#pen) return 0;
    const { fontFamily, fontWeight, fontWeightBold } = this.#look;
    this.#pen.font = `${italic === true ? "italic " : ""}${bold === true ? fontWeightBold : fontWeight} ${this.#size}px ${fontFamily}`;
    return this.#pen.measureText(text).width;
  }

  #measure(): void {
    this.#fits.clear();
    const probe = document.createElement("span");
    probe.className = "probe";
    probe.setAttribute("aria-hidden", "true");
    probe.textContent = "W".repeat(measuredLetters);
    const { fontFamily, fontWeight, letterSpacing, lineHeight } = this.#look;
    Object.assign(probe.style, {
      fontFamily,
      fontWeight,
      fontSize: `${this.#size}px`,
      letterSpacing: `${letterSpacing}px`,
    });
    document.body.append(probe);
    const { width, height } = probe.getBoundingClientRect();
    probe.remove();
    this.cell = { width: width / measuredLetters, height: Math.ceil(height * lineHeight) };
  }
}

/** Scripts and signs whose characters stand alone, left to right. */
const isSimple = /^[\u00a1-\u02af\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2bff]$/;

function attributeClasses(style: Span): string[] {
  const names: readonly [boolean | undefined, string][] = [
    [style.bold, "bold"],
    [style.italic, "italic"],
    [style.inverse, "inverse"],
    [style.blink, "blink"],
    [style.underline, style.strikethrough === true ? "underline-strike" : "underline"],
    [style.strikethrough, style.underline === true ? "" : "strike"],
  ];
  return names.flatMap(([on, name]) => (on === true && name !== "" ? [name] : []));
}
