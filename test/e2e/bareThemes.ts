import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ThemeKind, themeKinds } from "../support/themeVariables";

/** A theme of each kind that chooses no colour itself. */
export const bareThemes: Readonly<Record<ThemeKind, string>> = {
  vs: "Bare Light",
  "vs-dark": "Bare Dark",
  "hc-black": "Bare Dark High Contrast",
  "hc-light": "Bare Light High Contrast",
};

/** Puts an extension with the bare themes beside those that are installed. */
export function installBareThemes(extensions: string): void {
  const folder = join(extensions, "wso.bare-themes-1.0.0");
  mkdirSync(folder);
  const themes = themeKinds.map((uiTheme) => ({ label: bareThemes[uiTheme], uiTheme, path: `./${uiTheme}.json` }));
  for (const { label, path } of themes)
    writeFileSync(join(folder, path), JSON.stringify({ name: label, colors: {}, tokenColors: [] }));
  const manifest = {
    name: "bare-themes",
    publisher: "wso",
    version: "1.0.0",
    engines: { vscode: "^1.105.0" },
    contributes: { themes },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const list = join(extensions, "extensions.json");
  const installed = JSON.parse(readFileSync(list, "utf8")) as unknown[];
  const location = { $mid: 1, path: folder, scheme: "file" };
  const identifier = { id: `${manifest.publisher}.${manifest.name}` };
  const entry = { identifier, version: manifest.version, location, relativeLocation: "wso.bare-themes-1.0.0" };
  writeFileSync(list, JSON.stringify([...installed, entry]));
}
