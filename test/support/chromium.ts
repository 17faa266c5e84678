import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** The browser to test pages with: the program that CHROMIUM_PATH names, or one in a usual place. */
export function chromiumPath(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  return named ?? usualPaths.find((path) => existsSync(path));
}

/** A browser without a window, which talks to this machine alone. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"],
  });
}
