import { createColors } from "picocolors";
import { type Piece, type Tone, toneStyles } from "../protocol/piece";
import { cutToWidth, textWidth } from "../core/base/textWidth";

export type Paint = (text: string, tone: Tone) => string;

/** Paints with the terminal's own sixteen colours, or not at all. */
export function createPaint(colors: boolean): Paint {
  if (!colors) return (text) => text;
  const painters = createColors(true);
  return (text, tone) => {
    const style = toneStyles[tone];
    return text === "" || style === undefined ? text : painters[style](text);
  };
}

/** NO_COLOR and FORCE_COLOR as no-color.org and force-color.org have them; else only a terminal gets colours. */
export function wantsColors(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0") return true;
  return isTerminal && env.TERM !== "dumb";
}

export function piecesWidth(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + textWidth(piece.text), 0);
}

/** One line of at most `cells` cells; `…` stands where something is missing. */
export function paintLine(pieces: readonly Piece[], cells: number, paint: Paint): string {
  const whole = piecesWidth(pieces) <= cells;
  let left = cells;
  let line = "";
  for (const { text, tone = "plain" } of pieces) {
    const width = textWidth(text);
    if (!whole && width >= left) {
      // One character more than fits, so that the cut shows also where this piece alone would fit.
      return line + paint(cutToWidth(`${text}.`, left), tone);
    }
    line += paint(text, tone);
    left -= width;
  }
  return line;
}
