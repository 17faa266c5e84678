import type * as fs from "node:fs";
import type * as files from "node:fs/promises";

/**
 * The file system with faults, for tests that put it in the place of the real one:
 *
 *     vi.mock("node:fs/promises", async (original) => faultyPromises(await original()));
 *     vi.mock("node:fs", async (original) => faultySync(await original()));
 */

/**
 * What happens at a call: `before`, it fails and nothing is done; `after`, it is done and fails all the same; `short`,
 * a write takes half of its bytes, as on a full disk, and says so (a whole-file write fails). A close always closes.
 */
export const faultModes = ["before", "after", "short"] as const;
export type FaultMode = (typeof faultModes)[number];

interface Plan {
  readonly at: number;
  readonly mode: FaultMode;
  readonly code: string;
}

const state: { plan: Plan | undefined; calls: number; hit: string | undefined; open: number } = {
  plan: undefined,
  calls: 0,
  hit: undefined,
  open: 0,
};

export function errno(code: string): Error {
  return Object.assign(new Error(`${code}: made up by a test`), { code });
}

export interface FaultReport {
  /** Calls that were made in all. */
  readonly calls: number;
  /** The call that failed; undefined when there were fewer. */
  readonly hit: string | undefined;
}

/** Runs the action with a fault at the `at`-th call, counted from 1. */
export async function withFaultAt(
  at: number,
  mode: FaultMode,
  code: string,
  action: () => Promise<void>,
): Promise<FaultReport> {
  Object.assign(state, { plan: { at, mode, code }, calls: 0, hit: undefined });
  try {
    await action();
    return { calls: state.calls, hit: state.hit };
  } finally {
    state.plan = undefined;
  }
}

/** Without faults, and not counted. */
export async function unharmed<T>(action: () => Promise<T>): Promise<T> {
  const { plan } = state;
  state.plan = undefined;
  try {
    return await action();
  } finally {
    state.plan = plan;
  }
}

/** Files that are open. */
export function openFiles(): number {
  return state.open;
}

function faultOf(name: string): Plan | undefined {
  const { plan } = state;
  if (!plan || ++state.calls !== plan.at) return undefined;
  state.hit = name;
  return plan;
}

type Method = (...args: unknown[]) => unknown;

async function call(name: string, real: Method, args: unknown[]): Promise<unknown> {
  const fault = faultOf(name);
  if (!fault) return real(...args);
  if (fault.mode === "short" && name === "write")
    return real(args[0], 0, Math.floor((args[0] as Uint8Array).length / 2), null);
  if (fault.mode === "short" && name === "writeFile")
    await real((args[0] as string).slice(0, (args[0] as string).length / 2));
  else if (fault.mode === "after" || name === "close") await real(...args);
  throw errno(fault.code);
}

/** Everything that the record's files are touched with. */
const calls = ["open", "lstat", "readdir", "mkdir", "chmod", "rename", "unlink"] as const;
const handleCalls = ["read", "write", "stat", "datasync", "sync", "chmod", "readFile", "writeFile", "close"];

export function faultyPromises(real: typeof files): typeof files {
  const faulty: Record<string, unknown> = { ...real };
  for (const name of calls) faulty[name] = (...args: unknown[]) => call(name, real[name] as unknown as Method, args);
  faulty.open = async (...args: Parameters<typeof files.open>) => {
    const fault = faultOf("open");
    if (fault?.mode === "before") throw errno(fault.code);
    const handle = await real.open(...args);
    if (fault) {
      await handle.close();
      throw errno(fault.code);
    }
    state.open++;
    return faultyHandle(handle);
  };
  return faulty as typeof files;
}

function faultyHandle(handle: files.FileHandle): files.FileHandle {
  let closed = false;
  return new Proxy(handle, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const method = (value as Method).bind(target);
      if (!handleCalls.includes(String(name))) return method;
      return (...args: unknown[]) => {
        if (name === "close" && !closed) {
          closed = true;
          state.open--;
        }
        return call(String(name), method, args);
      };
    },
  });
}

export function faultySync(real: typeof fs): typeof fs {
  const now =
    (name: "lstatSync" | "watch") =>
    (...args: unknown[]): unknown => {
      const fault = faultOf(name);
      if (fault) throw errno(fault.code);
      return (real[name] as unknown as Method)(...args);
    };
  return { ...real, lstatSync: now("lstatSync") as typeof fs.lstatSync, watch: now("watch") as typeof fs.watch };
}
