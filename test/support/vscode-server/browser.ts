import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { ensureInstalled } from "./install";
import { ownChromiumFolder, ownFontsFile, systemChromium } from "./versions";

/** Every name but this machine's is unknown to it: nothing is loaded from elsewhere. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/**
 * The machine's Chromium, else the one from npm with the libraries and fonts that came with it, which is installed when
 * it is missing.
 */
export async function launchBrowser(): Promise<Browser> {
  await ensureInstalled();
  const system = systemChromium();
  const own = {
    executablePath: join(ownChromiumFolder, "chromium"),
    env: {
      ...definedVariables(),
      LD_LIBRARY_PATH: join(ownChromiumFolder, "al2023/lib"),
      FONTCONFIG_FILE: ownFontsFile,
    },
  };
  // Signals are for the program that started this: it ends the browser, then the server.
  return chromium.launch({
    ...(system === undefined ? own : { executablePath: system }),
    args,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((each): each is [string, string] => each[1] !== undefined),
  );
}
