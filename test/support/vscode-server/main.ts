import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser";
import { ensureInstalled } from "./install";
import { startServer, workbenchUrl } from "./server";
import { say, serverEntry, serverNode } from "./versions";

/*
 * Stands in for the desktop's `code` where that cannot be had: VS Code's server build in a headless Chromium. Takes the arguments that
 * @vscode/test-electron gives, ignores those that mean nothing here, and ends with the tests' exit code.
 *   --setup · --install-extension FILE · --list-extensions · [FOLDER] --extensionDevelopmentPath=… --extensionTestsPath=…
 */

interface Arguments {
  readonly folders: string[];
  readonly development: string[];
  readonly forwarded: string[];
  setup: boolean;
  /** As on the desktop: a folder is trusted only when asked for, or when trust is switched off. */
  trust: boolean;
  tests: string | undefined;
  userDataDir: string | undefined;
  extensionsDir: string | undefined;
}

const forwardedFlags = [
  "--install-extension",
  "--uninstall-extension",
  "--list-extensions",
  "--show-versions",
  "--force",
  "--version",
  "--help",
];
const resultMs = Number(process.env.VSCODE_SERVER_TIMEOUT ?? 600_000);

/** What the workbench says of itself, which is no output of a test. */
const chatter =
  /^(\[(AgentHost|AccountPolicyGate|reconnection-grace-time|Service Worker)|Resolv(ing|ed) connection token|Creating a socket|Updating additional builtin|Creation of workbench contribution|Canceled: Canceled|Timed out waiting for authentication provider|Ignoring fetching additional builtin|Started local extension host|Extension host \()/;

function parse(argv: readonly string[]): Arguments {
  const parsed: Arguments = {
    folders: [],
    development: [],
    forwarded: [],
    setup: false,
    trust: true,
    tests: undefined,
    userDataDir: undefined,
    extensionsDir: undefined,
  };
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? "";
    const [, flag, inline] = /^(--?[^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const value = (): string => inline ?? argv[++index] ?? "";
    if (flag === undefined) parsed.folders.push(argument);
    else if (flag === "--setup") parsed.setup = true;
    else if (flag === "--disable-workspace-trust") parsed.trust = false;
    else if (flag === "--user-data-dir") parsed.userDataDir = value();
    else if (flag === "--extensions-dir") parsed.extensionsDir = value();
    else if (flag === "--extensionTestsPath") parsed.tests = value();
    else if (flag === "--extensionDevelopmentPath") parsed.development.push(value());
    else if (flag === "--folder-uri" || flag === "--file-uri") parsed.folders.push(fileURLToPath(value()));
    else if (forwardedFlags.includes(flag))
      parsed.forwarded.push(flag, ...(flag.endsWith("install-extension") ? [value()] : []));
  }
  return parsed;
}

function forward({ forwarded, userDataDir, extensionsDir }: Arguments): number {
  const places = [
    ...(userDataDir === undefined
      ? []
      : ["--user-data-dir", resolve(userDataDir), "--server-data-dir", resolve(userDataDir)]),
    ...(extensionsDir === undefined ? [] : ["--extensions-dir", resolve(extensionsDir)]),
  ];
  const env = { ...process.env, EXTENSIONS_GALLERY: "{}", VSCODE_CLI: "1" };
  return (
    spawnSync(serverNode, [serverEntry, ...forwarded, ...places, "--accept-server-license-terms"], {
      stdio: "inherit",
      env,
    }).status ?? 1
  );
}

async function runTests(asked: Arguments): Promise<number> {
  const temporary = asked.userDataDir === undefined ? mkdtempSync(join(tmpdir(), "vscode-user-")) : undefined;
  const server = await startServer({
    userDataDir: asked.userDataDir ?? temporary ?? "",
    extensionsDir: asked.extensionsDir,
    trust: asked.trust,
    driver: true,
  });
  let browser: Browser | undefined;
  const cleanUp = async (): Promise<void> => {
    await browser?.close().catch(() => undefined);
    await server.stop();
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  const leave = (code: number): void => void cleanUp().finally(() => process.exit(code));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => leave(130));
  // Whoever started this may be killed without a word.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && leave(131), 1000).unref();
  try {
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const result = resultOf(browser, page);
    await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
      const text = format(...args);
      if (process.env.VSCODE_SERVER_VERBOSE !== undefined || !chatter.test(text))
        (type === "error" || type === "warn" ? console.error : console.log)(text);
    });
    await page.goto(
      workbenchUrl(server, {
        folder: asked.folders[0],
        extensionDevelopmentPaths: asked.development,
        extensionTestsPath: asked.tests,
      }),
    );
    return await result.catch((error: unknown) => tellFailure(page, error, server.log));
  } finally {
    await cleanUp();
  }
}

/** The exit code that the tests end with. */
function resultOf(browser: Browser, page: Page): Promise<number> {
  const result = new Promise<number>((settle, fail) => {
    setTimeout(() => fail(new Error(`The tests gave no result within ${resultMs} ms.`)), resultMs).unref();
    page.on("crash", () => fail(new Error("The page crashed.")));
    browser.on("disconnected", () => fail(new Error("The browser ended.")));
    void page.exposeFunction("codeAutomationExit", settle);
  });
  result.catch(() => undefined);
  return result;
}

async function tellFailure(page: Page, error: unknown, log: string): Promise<number> {
  const picture = join(tmpdir(), `vscode-server-${process.pid}.png`);
  await page.screenshot({ path: picture }).catch(() => undefined);
  say(`${error instanceof Error ? error.message : String(error)} Screenshot: ${picture} · server log: ${log}`);
  return 1;
}

async function main(): Promise<number> {
  const asked = parse(process.argv.slice(2));
  const home = await ensureInstalled();
  if (asked.setup) process.stdout.write(`${home}\n`);
  else if (asked.forwarded.length > 0) return forward(asked);
  else return runTests(asked);
  return 0;
}

process.exitCode = await main();
process.exit();
