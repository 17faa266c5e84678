import { execFile } from "node:child_process";

export interface ProgramResult {
  readonly exit_code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** Added to this process's environment; undefined leaves a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

const outputLimit = 8 * 1024 * 1024;

/**
 * Runs a program without a shell and waits for its end. Undefined when it is not installed, did not end in time, was
 * ended by the signal or printed too much.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult | undefined> {
  const { cwd, timeoutMs = 5000, env, signal } = options;
  return new Promise((resolve) => {
    const settings = {
      cwd,
      timeout: timeoutMs,
      maxBuffer: outputLimit,
      windowsHide: true,
      env: { ...process.env, ...env },
      encoding: "utf8",
      ...(signal === undefined ? {} : { signal }),
    } as const;
    const child = execFile(program, [...args], settings, (error, stdout, stderr) => {
      if (!error) resolve({ exit_code: 0, stdout, stderr });
      else if (typeof error.code === "number" && error.killed !== true)
        resolve({ exit_code: error.code, stdout, stderr });
      else resolve(undefined);
    });
    child.stdin?.end();
  });
}
