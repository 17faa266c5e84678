import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ContextEntry } from "../../src/core/model/entry";
import { contextEntrySchema } from "../../src/core/model/schemas";
import { keepFishQuiet } from "./quietFish";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly done: Promise<CliResult>;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** What comes through a pipe; absent: there is nothing to read. */
  readonly input?: string;
}

export const cliProgram = resolve("dist/cli.js");
const longestMs = 40_000;

/** A workspace, a home folder and a built-in server of their own, with the real command line on them. */
export class CliWorld {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "wo-cli-")));
  readonly workspace = join(this.root, "work");
  readonly #running = new Set<ChildProcess>();

  constructor() {
    if (!existsSync(cliProgram)) throw new Error("dist/cli.js is missing: run `npm run build` first");
    for (const folder of ["work", "home", "xdg", "run"]) mkdirSync(join(this.root, folder), { mode: 0o700 });
    writeFileSync(join(this.root, "home/.bashrc"), "PS1='$ '\n");
    keepFishQuiet(join(this.root, "home/.local/share"));
  }

  env(more: CliOptions["env"] = {}): NodeJS.ProcessEnv {
    const all: Record<string, string | undefined> = {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      HOME: join(this.root, "home"),
      SHELL: "/bin/bash",
      // As of somebody who sits at a shell.
      TERM: "xterm-256color",
      TMPDIR: this.root,
      WSH_ORCHESTRATOR_RUNTIME_DIR: join(this.root, "run"),
      WSH_ORCHESTRATOR_SERVER: "builtin",
      XDG_RUNTIME_DIR: join(this.root, "xdg"),
      ...more,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  start(args: readonly string[], options: CliOptions = {}): RunningCli {
    const child = spawn(process.execPath, [cliProgram, ...args], {
      cwd: options.cwd ?? this.workspace,
      env: this.env(options.env),
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.end(options.input);
    this.#running.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const done = new Promise<CliResult>((resolvePromise, reject) => {
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`It did not end in time: ${args.join(" ")}\n${stdout}\n${stderr}`));
      }, longestMs);
      child.once("close", (code) => {
        clearTimeout(timer);
        this.#running.delete(child);
        resolvePromise({ code, stdout, stderr });
      });
    });
    return { child, stdout: () => stdout, stderr: () => stderr, done };
  }

  run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return this.start(args, options).done;
  }

  /** Runs with --json and gives the document; fails for another exit code. */
  async json(args: readonly string[], code = 0, options: CliOptions = {}): Promise<unknown> {
    const result = await this.run(["--json", ...args], options);
    if (result.code !== code)
      throw new Error(`Exit code ${result.code}: ${args.join(" ")}\n${result.stdout}\n${result.stderr}`);
    return JSON.parse(result.stdout);
  }

  write(name: string, text: string): string {
    const path = join(this.workspace, name);
    writeFileSync(path, text);
    return path;
  }

  projectFolder(project_id: string): string {
    return join(this.workspace, ".orchestrator/projects", project_id);
  }

  /**
   * The record as it stands in the file, each whole line checked; without what a line says about itself (version and
   * checksum).
   */
  entries(project_id: string): ContextEntry[] {
    const text = readFileSync(join(this.projectFolder(project_id), "events-000001.jsonl"), "utf8");
    // What stands behind the last line break is a line that is being written at this moment.
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => {
        const fields = Object.entries(JSON.parse(line) as object).filter(([name]) => name !== "v" && name !== "c");
        return contextEntrySchema.parse(Object.fromEntries(fields));
      });
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill("SIGKILL");
    await this.run(["wsh-server", "stop"]);
    this.remove();
  }

  /** What still ends there writes until then. */
  protected remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}
