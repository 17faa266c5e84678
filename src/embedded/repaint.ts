import type { WireColor, WireScreen, WireSpan } from "../adapters/wsh/wire";

function colorCode(color: WireColor | undefined, base: 38 | 48): string[] {
  if (!color) return [];
  if ("rgb" in color && color.rgb) {
    const { r, g, b } = color.rgb as { r: number; g: number; b: number };
    return [`${base};2;${r};${g};${b}`];
  }
  return [`${base};5;${String(color.indexed)}`];
}

function spanText(span: WireSpan): string {
  const codes = [
    ...(span.bold ? ["1"] : []),
    ...(span.faint ? ["2"] : []),
    ...(span.italic ? ["3"] : []),
    ...(span.underline ? ["4"] : []),
    ...(span.blink ? ["5"] : []),
    ...(span.inverse ? ["7"] : []),
    ...(span.strikethrough ? ["9"] : []),
    ...colorCode(span.fg, 38),
    ...colorCode(span.bg, 48),
  ];
  return codes.length === 0 ? span.text : `\x1b[${codes.join(";")}m${span.text}\x1b[0m`;
}

/**
 * One frame that paints a styled screen anew, for a reader that lost output: home and clear, rows joined by CR LF,
 * cursor.
 */
export function repaintFrame(screen: WireScreen): Buffer {
  const rows = screen.lines.map((line) => (typeof line === "string" ? line : line.map(spanText).join("")));
  const { row, col, visible } = screen.cursor;
  return Buffer.from(
    `\x1b[H\x1b[2J\x1b[0m${rows.join("\r\n")}\x1b[${row + 1};${col + 1}H\x1b[?25${visible ? "h" : "l"}`,
  );
}
