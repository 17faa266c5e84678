import type { Color, Span } from "../../src/core/ports/sessions";

export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** The theme's colours of a terminal. */
export interface Palette {
  /** The 16 of ANSI. */
  readonly ansi: readonly Rgb[];
  readonly foreground: Rgb;
  readonly background: Rgb;
}

export interface Paint {
  readonly color: Rgb;
  /** Absent: the terminal's own. */
  readonly background: Rgb | undefined;
}

const black: Rgb = { r: 0, g: 0, b: 0 };
const white: Rgb = { r: 255, g: 255, b: 255 };
/** Of the 6 by 6 by 6 cube of xterm's 256 colours. */
const cubeSteps = [0, 95, 135, 175, 215, 255] as const;
const faintPart = 0.5;
/** Steps on the way to black or white in which a colour becomes readable. */
const contrastSteps = 20;

/** `#rgb`, `#rrggbb` and `rgb(…)`, each also with opacity over `under`; undefined for anything else. */
export function parseColor(text: string, under: Rgb = black): Rgb | undefined {
  const hex = /^#([\da-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined && hex.length !== 5 && hex.length !== 7) {
    const wide = hex.length <= 4 ? hex.replace(/./g, "$&$&") : hex;
    const [r = 0, g = 0, b = 0, alpha = 255] = (wide.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
    return mixed({ r, g, b }, under, alpha / 255);
  }
  const parts = /^rgba?\(([^)]*)\)$/i
    .exec(text.trim())?.[1]
    ?.split(/[\s,/]+/)
    .map((part) => (part.endsWith("%") ? Number(part.slice(0, -1)) / 100 : Number(part)));
  if (!parts || parts.length < 3 || parts.some(Number.isNaN)) return undefined;
  const [r = 0, g = 0, b = 0, alpha = 1] = parts;
  return mixed({ r, g, b }, under, alpha);
}

/** Whether everything is drawn alike with both. */
export function isSamePalette(one: Palette, other: Palette): boolean {
  const colors = ({ ansi, foreground, background }: Palette): string =>
    [...ansi, foreground, background].map(({ r, g, b }) => `${r} ${g} ${b}`).join();
  return colors(one) === colors(other);
}

export function cssColor({ r, g, b }: Rgb): string {
  return `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;
}

/**
 * What a span is painted with, by the rules of xterm: inverse first, then bold in bright colours, faint, and at last
 * contrast.
 */
export function paintOf(
  span: Span,
  palette: Palette,
  options: { readonly brightBold: boolean; readonly minimumContrastRatio: number },
): Paint {
  const inverse = span.inverse === true;
  const [front, back] = inverse ? [span.bg, span.fg] : [span.fg, span.bg];
  const bright = options.brightBold && span.bold === true && front?.indexed !== undefined && front.indexed < 8;
  const background = rgbOf(back, palette) ?? (inverse ? palette.foreground : undefined);
  const under = background ?? palette.background;
  const full =
    rgbOf(bright ? { indexed: (front.indexed ?? 0) + 8 } : front, palette) ??
    (inverse ? palette.background : palette.foreground);
  const color = span.faint === true ? mixed(full, under, faintPart) : full;
  return { color: readable(color, under, options.minimumContrastRatio), background };
}

function rgbOf(color: Color | undefined, palette: Palette): Rgb | undefined {
  if (color?.rgb) return color.rgb;
  const index = color?.indexed;
  if (index === undefined) return undefined;
  if (index < 16) return palette.ansi[index];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { r: grey, g: grey, b: grey };
  }
  const cube = index - 16;
  return {
    r: cubeSteps[Math.floor(cube / 36) % 6] ?? 0,
    g: cubeSteps[Math.floor(cube / 6) % 6] ?? 0,
    b: cubeSteps[cube % 6] ?? 0,
  };
}

function mixed(color: Rgb, under: Rgb, part: number): Rgb {
  const mix = (one: number, other: number): number => one * part + other * (1 - part);
  return part >= 1 ? color : { r: mix(color.r, under.r), g: mix(color.g, under.g), b: mix(color.b, under.b) };
}

/** The colour itself, or the nearest one towards black or white that stands out enough, as far as there is one. */
function readable(color: Rgb, background: Rgb, ratio: number): Rgb {
  if (contrast(color, background) >= ratio) return color;
  const ends = luminance(background) < 0.5 ? [white, black] : [black, white];
  for (const end of ends) {
    for (let step = 1; step <= contrastSteps; step++) {
      const nearer = mixed(end, color, step / contrastSteps);
      if (contrast(nearer, background) >= ratio) return nearer;
    }
  }
  return contrast(white, background) > contrast(black, background) ? white : black;
}

/** Contrast ratio of WCAG 2.2. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance of WCAG 2.2. */
function luminance({ r, g, b }: Rgb): number {
  const part = (value: number): number => {
    const share = Math.round(value) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}
