import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type InstallLock, lockFolder } from "./installLock";
import {
  chromiumVersion,
  codeServerVersion,
  gypVersion,
  home,
  nodePackage,
  nodeVersion,
  ownChromiumFolder,
  ownFontsFile,
  say,
  serverFolder,
  serverNode,
  systemChromium,
} from "./versions";

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Without it everything runs, only log output channels stay empty. */
  readonly optional?: true;
}

/** No package gets to run scripts: what must be compiled is compiled here. */
const npmInstall = ["install", "--ignore-scripts", "--omit=dev", "--engine-strict=false"];
const quietNpm = {
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_update_notifier: "false",
  npm_config_progress: "false",
  npm_config_loglevel: "warn",
  npm_config_yes: "true",
};
const tickMs = 15_000;
const tailLines = 25;

/**
 * Installs what is missing, and gives the folder. Killed at any step, it goes on there the next time. Throws with the
 * end of the log.
 */
export async function ensureInstalled(): Promise<string> {
  const done = join(home, systemChromium() === undefined ? "installed-with-browser-and-fonts" : "installed");
  if (existsSync(done)) return home;
  const lock = await lockFolder(home);
  try {
    if (!existsSync(done)) await install(lock);
    writeFileSync(done, "");
    return home;
  } finally {
    lock.release();
  }
}

async function install(lock: InstallLock): Promise<void> {
  const manifest = join(home, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private":true}');
  const began = Date.now();
  const all = steps();
  for (const [index, step] of all.entries()) {
    const title = `${index + 1}/${all.length} ${step.name}`;
    const stamp = join(home, `.done-${step.name.replaceAll(" ", "-")}`);
    if (existsSync(stamp)) continue;
    if (await runStep(step, title, lock)) writeFileSync(stamp, "");
    else say(`${title} could not be built (no compiler?); log output channels will stay empty`);
  }
  if (systemChromium() === undefined) writeFileSync(ownFontsFile, fontsConfiguration);
  say(`ready after ${Math.round((Date.now() - began) / 1000)} s`);
}

function steps(): Step[] {
  const gyp = (name: string): Step => ({
    name: `native ${name}`,
    command: serverNode,
    args: [
      join(home, "node_modules/node-gyp/bin/node-gyp.js"),
      "rebuild",
      "--silent",
      `--nodedir=${join(home, "node_modules", nodePackage)}`,
    ],
    cwd: join(serverFolder, "node_modules/@vscode", name),
    optional: true,
  });
  return [
    {
      name: "packages",
      command: "npm",
      args: [
        ...npmInstall,
        "--no-save",
        "--no-package-lock",
        `${nodePackage}@${nodeVersion}`,
        `code-server@${codeServerVersion}`,
        `node-gyp@${gypVersion}`,
      ],
      cwd: home,
    },
    { name: "server dependencies", command: "npm", args: npmInstall, cwd: serverFolder },
    { name: "built-in extensions", command: "npm", args: npmInstall, cwd: join(serverFolder, "extensions") },
    gyp("spdlog"),
    gyp("native-watchdog"),
    ...(systemChromium() === undefined ? browserSteps() : []),
  ];
}

/**
 * Fonts of the machine, then those that came with the browser, whose own configuration names other places: this browser
 * ends where an input wants a font and there is none.
 */
const fontsConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(ownChromiumFolder, "fonts/fonts")}</dir>
  <cachedir>${join(ownChromiumFolder, "fonts-cache")}</cachedir>
</fontconfig>
`;

/**
 * The package unpacks its browser itself; the variable makes it unpack libraries and fonts too, for machines that have
 * none.
 */
function browserSteps(): Step[] {
  const unpack = `process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x"; process.env.TMPDIR = ${JSON.stringify(ownChromiumFolder)}; await (await import("@sparticuz/chromium")).default.executablePath();`;
  return [
    {
      name: "browser",
      command: "npm",
      args: [
        "install",
        "--ignore-scripts",
        "--no-save",
        "--no-package-lock",
        "--prefix",
        ownChromiumFolder,
        `@sparticuz/chromium@${chromiumVersion}`,
      ],
      cwd: home,
    },
    {
      name: "browser unpacked",
      command: serverNode,
      args: ["--input-type=module", "-e", unpack],
      cwd: ownChromiumFolder,
    },
  ];
}

/** False when an optional step failed. A needed one is tried once more from empty, then throws. */
async function runStep(step: Step, title: string, lock: InstallLock): Promise<boolean> {
  const began = Date.now();
  const log = join(home, "install.log");
  say(`${title} …`);
  const tick = setInterval(() => say(`${title} … ${Math.round((Date.now() - began) / 1000)} s`), tickMs);
  try {
    if ((await runCommand(step, log, lock)) === 0) return true;
    if (step.optional) return false;
    say(`${title} failed; once more, from empty`);
    rmSync(join(step.cwd, "node_modules"), { recursive: true, force: true });
    const code = await runCommand(step, log, lock);
    if (code === 0) return true;
    const tail = readFileSync(log, "utf8").split("\n").slice(-tailLines).join("\n");
    throw new Error(`The step "${step.name}" failed with exit code ${code}. The end of ${log}:\n${tail}`);
  } finally {
    clearInterval(tick);
  }
}

function runCommand({ command, args, cwd }: Step, log: string, lock: InstallLock): Promise<number> {
  return new Promise((resolve) => {
    mkdirSync(cwd, { recursive: true });
    const out = openSync(log, "a");
    const { NODE_OPTIONS, ...env } = process.env;
    const child = spawn(command, args, { cwd, env: { ...env, ...quietNpm }, stdio: ["ignore", out, out] });
    if (child.pid !== undefined) lock.alsoWhile(child.pid);
    child.once("error", (error) => {
      writeSync(out, String(error));
      resolve(127);
    });
    child.once("close", (code) => {
      closeSync(out);
      resolve(code ?? 1);
    });
  });
}
