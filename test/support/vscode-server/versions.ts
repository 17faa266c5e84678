import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * What is installed: VS Code's server build as npm has it, the Node that it asks for, and what compiles its log writer.
 */
export const codeServerVersion = "4.139.1";
export const nodeVersion = "24.21.0";
export const gypVersion = "12.4.0";
export const chromiumVersion = "153.0.0";

/** The package that has this platform's Node and nothing else. */
export const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

const cache =
  process.env.VSCODE_SERVER_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "wsh-orchestrator-tests");

/** Outside of the project, so that a fresh checkout finds it again. */
export const home = join(cache, `vscode-${codeServerVersion}-${nodeVersion}-${process.platform}-${process.arch}`);
export const serverFolder = join(home, "node_modules/code-server/lib/vscode");
export const serverNode = join(home, "node_modules", nodePackage, "bin/node");
export const serverEntry = join(serverFolder, "out/server-main.js");

export const ownChromiumFolder = join(home, "chromium");
export const ownFontsFile = join(ownChromiumFolder, "fonts.conf");

const usualBrowsers = [
  ...["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map((name) => join("/usr/bin", name)),
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  join(process.env.PROGRAMFILES ?? "C:\\Program Files", "Google/Chrome/Application/chrome.exe"),
];

/** The browser of this machine; undefined when one from npm is to be used. */
export function systemChromium(): string | undefined {
  if (process.env.VSCODE_SERVER_CHROMIUM === "npm") return undefined;
  return [process.env.CHROMIUM_PATH ?? "", ...usualBrowsers].find((path) => path !== "" && existsSync(path));
}

export function say(text: string): void {
  process.stderr.write(`[vscode-server] ${text}\n`);
}
