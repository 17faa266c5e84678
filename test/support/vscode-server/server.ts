import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureInstalled } from "./install";
import { serverEntry, serverNode } from "./versions";

/** Nothing of a workbench for tests asks, updates, downloads or shows what is not under test. */
const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.openRepositoryInParentFolders": "never",
  "npm.fetchOnlinePackageInfo": false,
  "json.schemaDownload.enable": false,
};

export interface WorkbenchServerOptions {
  readonly userDataDir: string;
  readonly extensionsDir?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** 0: any free one. A server that is started again needs the one it had. */
  readonly port?: number;
  /** False: every folder counts as trusted. */
  readonly trust?: boolean;
  /** Lets tests run inside of the extension host; the workbench then shows no toasts. */
  readonly driver: boolean;
  readonly args?: readonly string[];
}

export interface WorkbenchServer {
  readonly origin: string;
  readonly authority: string;
  readonly port: number;
  readonly log: string;
  stop(): Promise<void>;
}

const startMs = 60_000;
const pollMs = 50;
const stopMs = 5000;

/** Starts VS Code's server on a loopback port. Throws with the place of its log when it does not start. */
export async function startServer(options: WorkbenchServerOptions): Promise<WorkbenchServer> {
  await ensureInstalled();
  const userDataDir = resolve(options.userDataDir);
  writeSettings(
    userDataDir,
    { ...quietSettings, "security.workspace.trust.enabled": options.trust ?? false },
    options.settings ?? {},
  );
  const log = join(userDataDir, "server.log");
  const out = openSync(log, "w");
  // A group of its own: extension host and terminals outlive a server that is ended alone.
  const child = spawn(serverNode, serverArguments(options, userDataDir), {
    detached: true,
    stdio: ["ignore", out, out],
    env: { ...process.env, VSCODE_CLI: "1", EXTENSIONS_GALLERY: "{}", ...options.env },
  });
  closeSync(out);
  const { pid } = child;
  const endGroup = (): void => {
    if (pid !== undefined) endProcessGroup(pid);
  };
  process.once("exit", endGroup);
  const end = Date.now() + startMs;
  for (;;) {
    await delay(pollMs);
    if (child.exitCode !== null || Date.now() > end) {
      endGroup();
      throw new Error(`VS Code's server did not start; see ${log}`);
    }
    const port = Number(/listening on (\d+)/.exec(readFileSync(log, "utf8"))?.[1] ?? 0);
    if (port === 0 || !(await answers(port))) continue;
    const stop = async (): Promise<void> => {
      process.off("exit", endGroup);
      const gone = child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve();
      child.kill("SIGTERM");
      await Promise.race([gone, delay(stopMs)]);
      endGroup();
    };
    return { origin: `http://127.0.0.1:${port}`, authority: `127.0.0.1:${port}`, port, log, stop };
  }
}

function serverArguments(
  { extensionsDir, port, trust, driver, args }: WorkbenchServerOptions,
  userDataDir: string,
): string[] {
  return [
    serverEntry,
    ...[
      "--host",
      "127.0.0.1",
      "--port",
      String(port ?? 0),
      "--without-connection-token",
      "--accept-server-license-terms",
    ],
    ...["--server-data-dir", userDataDir, "--user-data-dir", userDataDir],
    ...(extensionsDir === undefined ? [] : ["--extensions-dir", resolve(extensionsDir)]),
    ...["--disable-telemetry", "--telemetry-level", "off"],
    // A login shell before each extension host costs seconds and is not what is tested.
    "--force-disable-user-env",
    ...(driver ? ["--enable-smoke-test-driver"] : []),
    ...(trust === true ? [] : ["--disable-workspace-trust"]),
    ...(args ?? []),
  ];
}

function writeSettings(
  userDataDir: string,
  quiet: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): void {
  const folder = join(userDataDir, "User");
  const file = join(folder, "settings.json");
  mkdirSync(folder, { recursive: true });
  const theirs = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
  writeFileSync(file, JSON.stringify({ ...quiet, ...theirs, ...wanted }, null, 2));
  // In a remote window settings of machine scope count only where the machine keeps them; until those are read, a
  // window sees the user's.
  const machine = join(userDataDir, "Machine");
  mkdirSync(machine, { recursive: true });
  const own = Object.entries({ ...theirs, ...wanted }).filter(([name]) => name.startsWith("wshOrchestrator."));
  writeFileSync(join(machine, "settings.json"), JSON.stringify(Object.fromEntries(own), null, 2));
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/`)).status === 200;
  } catch {
    return false;
  }
}

function endProcessGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

export interface WorkbenchUrl {
  /** A folder, or a .code-workspace file; absent: an empty window. */
  readonly folder?: string | undefined;
  readonly extensionDevelopmentPaths?: readonly string[];
  readonly extensionTestsPath?: string | undefined;
}

/** The address of one window. The paths are honoured only with the driver. */
export function workbenchUrl(
  server: Pick<WorkbenchServer, "origin" | "authority">,
  { folder, extensionDevelopmentPaths = [], extensionTestsPath }: WorkbenchUrl,
): string {
  const remote = (path: string): string => `vscode-remote://${server.authority}${resolve(path)}`;
  const payload = [
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
    ...extensionDevelopmentPaths.map((path) => ["extensionDevelopmentPath", remote(path)]),
    ...(extensionTestsPath === undefined ? [] : [["extensionTestsPath", remote(extensionTestsPath)]]),
  ];
  const kind = folder?.endsWith(".code-workspace") === true ? "workspace" : "folder";
  const where = folder === undefined ? "ew=true" : `${kind}=${encodeURIComponent(resolve(folder))}`;
  return `${server.origin}/?${where}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}
