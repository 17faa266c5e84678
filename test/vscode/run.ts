import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";

/*
 * Runs the suite inside of a real extension host. VSCODE_EXECUTABLE names a desktop VS Code, or `download` has test-electron fetch one;
 * else it is VS Code's server build in a headless Chromium, which npm alone can install.
 */

const root = realpathSync(join(__dirname, "../../.."));

/** What this run starts is found here alone, and has ended when it is over. */
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "wso-vscode-")));
const workspace = join(scratch, "workspace");

function executable(): string | undefined {
  const asked = process.env.VSCODE_EXECUTABLE;
  return asked === "download" ? undefined : (asked ?? join(root, "dist/vscode-server.mjs"));
}

async function main(): Promise<void> {
  mkdirSync(join(workspace, "texts"), { recursive: true });
  const settings = join(scratch, "user/User");
  mkdirSync(settings, { recursive: true });
  writeFileSync(join(settings, "settings.json"), JSON.stringify({ "wshOrchestrator.server": "builtin", "wshOrchestrator.heartbeat": 5 }));
  const runtime = join(scratch, "runtime");
  mkdirSync(runtime, { mode: 0o700 });
  const vscodeExecutablePath = executable();
  process.env.WSH_ORCHESTRATOR_RUNTIME_DIR = runtime;
  // Shells of the suite read nobody's own start files; what is installed for it is found all the same.
  process.env.XDG_CACHE_HOME ??= join(homedir(), ".cache");
  process.env.HOME = join(scratch, "home");
  mkdirSync(process.env.HOME);
  await runTests({
    ...(vscodeExecutablePath === undefined ? {} : { vscodeExecutablePath }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, "dist/test/vscode/index.js"),
    launchArgs: [workspace, `--user-data-dir=${join(scratch, "user")}`, `--extensions-dir=${join(scratch, "extensions")}`],
    extensionTestsEnv: { WSH_ORCHESTRATOR_RUNTIME_DIR: runtime },
  });
}

/** Session servers that the suite started outlive the window; the next run shall not find them. */
async function endSessionServer(): Promise<void> {
  if (!existsSync(join(root, "dist/cli.js"))) return;
  const { spawnSync } = await import("node:child_process");
  spawnSync(process.execPath, [join(root, "dist/cli.js"), "wsh-server", "stop"], { env: { ...process.env, WSH_ORCHESTRATOR_RUNTIME_DIR: join(scratch, "runtime") } });
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(async () => {
    await endSessionServer();
    if (process.env.KEEP_SCRATCH === undefined) rmSync(scratch, { recursive: true, force: true });
  });
