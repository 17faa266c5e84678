import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { deferred } from "../../src/core/base/async";
import type { LedgerJobSpec } from "./ledgerProcess";

export interface LedgerProcess {
  /** All lines that it said. */
  readonly lines: string[];
  /** Resolves with the exit code, or the signal that ended it, when all of its output is in `lines`. */
  readonly ended: Promise<number | string>;
  /** Resolves when it has said that many lines. */
  said(count: number): Promise<void>;
  kill(): void;
}

export interface LedgerProcessStart {
  /** User to run as; only root can choose. */
  readonly uid?: number;
  /** Largest file in 1 KiB blocks, as `ulimit -f`: beyond it writes are cut short as on a full disk. */
  readonly fileBlocks?: number;
}

/** Builds the program into a folder (a test's own), once per test file. */
export async function buildLedgerProcess(folder: string): Promise<string> {
  const outfile = join(folder, "ledgerProcess.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "ledgerProcess.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  });
  return outfile;
}

export function startLedgerProcess(
  program: string,
  spec: LedgerJobSpec,
  start: LedgerProcessStart = {},
): LedgerProcess {
  const argv = [program, JSON.stringify(spec)];
  const limited = start.fileBlocks === undefined ? undefined : `ulimit -f ${start.fileBlocks}; exec "$0" "$@"`;
  const child = limited
    ? spawn("bash", ["-c", limited, process.execPath, ...argv], { stdio: ["ignore", "pipe", "inherit"] })
    : spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"], uid: start.uid });
  const lines: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const end = deferred<number | string>();
  const ended = end.promise;
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    for (const one of waiting) if (lines.length >= one.count) one.resolve();
  });
  child.on("close", (code, signal) => end.resolve(code ?? signal ?? "unknown"));
  return {
    lines,
    ended,
    said: (count) => {
      if (lines.length >= count) return Promise.resolve();
      const reached = deferred<undefined>();
      waiting.push({ count, resolve: () => reached.resolve(undefined) });
      return Promise.race([
        reached.promise,
        ended.then((how) => {
          if (lines.length < count)
            throw new Error(`ended (${how}) after ${lines.length} of ${count} lines: ${lines.at(-1)}`);
        }),
      ]);
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
