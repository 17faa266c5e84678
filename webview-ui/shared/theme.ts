import { type Palette, parseColor, type Rgb } from "./colors";

const ansiNames = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"] as const;
/** Of the sixteen colours that programs choose by number, in their order (ECMA-48 8.3.117, and their bright ones). */
export const terminalColors: readonly string[] = [...ansiNames, ...ansiNames.map((name) => `Bright${name}`)].map(
  (name) => `--vscode-terminal-ansi${name}`,
);

/** The colours of the present theme. Some themes leave those of the terminal to others. */
export function readPalette(): Palette {
  const styles = getComputedStyle(document.documentElement);
  const first = (names: readonly string[], under?: Rgb): Rgb | undefined => {
    for (const name of names) {
      const color = parseColor(styles.getPropertyValue(name), under);
      if (color) return color;
    }
    return undefined;
  };
  const background = first([
    "--vscode-terminal-background",
    "--vscode-panel-background",
    "--vscode-editor-background",
  ]) ?? { r: 0, g: 0, b: 0 };
  const foreground = first(["--vscode-terminal-foreground", "--vscode-editor-foreground"], background) ?? {
    r: 255,
    g: 255,
    b: 255,
  };
  return { background, foreground, ansi: terminalColors.map((name) => first([name], background) ?? foreground) };
}

/**
 * Tells when VS Code may have changed its theme: it changes the classes of the body and the variables of the root. There
 * are classes of other things too, such as a menu that is open.
 */
export function onPossibleThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
}
