import { readFileSync } from "node:fs";

/** As the class of VS Code's workbench names them. */
export const themeKinds = ["vs", "vs-dark", "hc-black", "hc-light"] as const;

export type ThemeKind = (typeof themeKinds)[number];

/** The kinds of theme in which VS Code gives a variable of a webview (`--vscode-…`) a value. */
export type ThemeVariables = ReadonlyMap<string, ReadonlySet<ThemeKind>>;

/**
 * What VS Code itself defines in webviews, where a theme chooses no colour: one variable a line, with the kinds of
 * theme that have it behind it, unless all have. The walk through the overview holds it against the real product.
 */
export const themeVariablesFile = "test/fixtures/themeVariables.txt";

export function readThemeVariables(): ThemeVariables {
  return new Map(
    readFileSync(themeVariablesFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => {
        const [name = "", ...kinds] = line.split(" ");
        return [name, new Set(kinds.length === 0 ? themeKinds : (kinds as ThemeKind[]))];
      }),
  );
}

/** The file's text for what each kind of theme defines. */
export function themeVariablesText(defined: Readonly<Record<ThemeKind, readonly string[]>>): string {
  const names = [...new Set(Object.values(defined).flat())].sort();
  return names
    .map((name) => {
      const kinds = themeKinds.filter((kind) => defined[kind].includes(name));
      return `${[name, ...(kinds.length === themeKinds.length ? [] : kinds)].join(" ")}\n`;
    })
    .join("");
}
