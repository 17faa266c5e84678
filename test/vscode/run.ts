import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { type KindOfWindow, kindsOfWindows } from "./windows";

/*
 * Runs the suite inside of a real extension host, one kind of window after the other (TEST_WINDOW names one alone). VSCODE_EXECUTABLE names a
 * desktop VS Code; else, where there is a desktop, test-electron fetches one; else it is VS Code's server build in a headless Chromium, which
 * npm alone can install.
 */

const root = realpathSync(join(__dirname, "../../.."));
const cliProgram = join(root, "dist/cli.js");

/** What this run starts is found here alone, and has ended when it is over. */
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "wso-vscode-")));
const runtime = join(scratch, "runtime");

const hasDesktop =
  process.platform !== "linux" || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;

async function executable(): Promise<string> {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named !== undefined) return named;
  if (hasDesktop) {
    try {
      return await downloadAndUnzipVSCode();
    } catch (error) {
      console.log(
        `VS Code for the desktop cannot be had (${error instanceof Error ? error.message : String(error)}); its server build in a browser stands in for it.`,
      );
    }
  }
  return join(root, "dist/vscode-server.mjs");
}

async function runWindow(vscodeExecutablePath: string, name: string, kind: KindOfWindow): Promise<void> {
  const place = join(scratch, name);
  const [settings, workspace] = [join(place, "user/User"), join(place, "workspace")];
  for (const folder of [settings, workspace]) mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(settings, "settings.json"),
    JSON.stringify({ "wshOrchestrator.server": "builtin", "wshOrchestrator.heartbeat": 5, ...kind.settings }),
  );
  const opened = kind.prepare(
    workspace,
    (...args) => void spawnSync(process.execPath, [cliProgram, ...args], { cwd: workspace, stdio: "inherit" }),
  );
  const launchArgs = [
    ...opened,
    `--user-data-dir=${join(place, "user")}`,
    `--extensions-dir=${join(place, "extensions")}`,
  ];
  const tests = join(root, "dist/test/vscode/index.js");
  process.env.TEST_WINDOW = name;
  console.log(`\nIn a window of this kind: ${kind.title}`);
  if (kind.trusted)
    await runTests({ vscodeExecutablePath, extensionDevelopmentPath: root, extensionTestsPath: tests, launchArgs });
  else
    await runRestricted(vscodeExecutablePath, [
      ...launchArgs,
      "--no-sandbox",
      "--disable-updates",
      "--skip-welcome",
      "--skip-release-notes",
      `--extensionDevelopmentPath=${root}`,
      `--extensionTestsPath=${tests}`,
    ]);
}

/** test-electron trusts every folder, so a window in Restricted Mode is opened without it. */
async function runRestricted(vscodeExecutablePath: string, args: readonly string[]): Promise<void> {
  const [code] = (await once(spawn(vscodeExecutablePath, args, { stdio: "inherit" }), "exit")) as [number | null];
  if (code !== 0) throw new Error(`The tests ended with ${code}.`);
}

async function main(): Promise<void> {
  mkdirSync(runtime, { mode: 0o700 });
  process.env.WSH_ORCHESTRATOR_RUNTIME_DIR = runtime;
  process.env.WSH_ORCHESTRATOR_SERVER = "builtin";
  // Shells of the suite read nobody's own start files; what is installed for it is found all the same.
  process.env.XDG_CACHE_HOME ??= join(homedir(), ".cache");
  process.env.HOME = join(scratch, "home");
  mkdirSync(process.env.HOME);
  const vscodeExecutablePath = await executable();
  const asked = process.env.TEST_WINDOW;
  for (const [name, kind] of Object.entries(kindsOfWindows))
    if (asked === undefined || asked === name) await runWindow(vscodeExecutablePath, name, kind);
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => {
    // A session server outlives the windows that started it.
    spawnSync(process.execPath, [cliProgram, "wsh-server", "stop"], {
      env: { ...process.env, WSH_ORCHESTRATOR_RUNTIME_DIR: runtime },
    });
    if (process.env.KEEP_SCRATCH === undefined)
      rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    else console.log(scratch);
  });
