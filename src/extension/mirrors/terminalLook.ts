import type { TerminalLook } from "../../protocol/mirror";

interface Reader {
  get(name: string): unknown;
}

/** Settings that change how a terminal looks. */
export const terminalLookSections = ["terminal.integrated", "editor.fontFamily"] as const;

/** VS Code's terminal settings; what means nothing is as VS Code has it by default. */
export function readTerminalLook(settings: Reader): TerminalLook {
  const text = (name: string): string | undefined => {
    const value = settings.get(name);
    return typeof value === "string" && value.trim() !== ""
      ? value
      : typeof value === "number"
        ? String(value)
        : undefined;
  };
  const number = (name: string, least: number, most: number, usual: number): number => {
    const value = settings.get(name);
    return typeof value === "number" && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : usual;
  };
  const cursor = text("terminal.integrated.cursorStyle");
  return {
    fontFamily: `${text("terminal.integrated.fontFamily") ?? text("editor.fontFamily") ?? "monospace"}, monospace`,
    fontSize: number("terminal.integrated.fontSize", 6, 100, 14),
    lineHeight: number("terminal.integrated.lineHeight", 1, 3, 1),
    letterSpacing: number("terminal.integrated.letterSpacing", -5, 20, 0),
    fontWeight: text("terminal.integrated.fontWeight") ?? "normal",
    fontWeightBold: text("terminal.integrated.fontWeightBold") ?? "bold",
    minimumContrastRatio: number("terminal.integrated.minimumContrastRatio", 1, 21, 4.5),
    brightBold: settings.get("terminal.integrated.drawBoldTextInBrightColors") !== false,
    cursorStyle: cursor === "line" || cursor === "underline" ? cursor : "block",
  };
}
