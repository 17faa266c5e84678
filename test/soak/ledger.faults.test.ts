import { expect, it, vi } from "vitest";
import { faultModes, faultyPromises, faultySync } from "../support/faultyFiles";
import { liveWithFault } from "../support/faultScenario";

vi.mock("node:fs/promises", async (original) => faultyPromises(await original()));
vi.mock("node:fs", async (original) => faultySync(await original()));

/** What the record does to the disk while all is well. */
const everyCall = [
  "close",
  "datasync",
  "lstat",
  "lstatSync",
  "mkdir",
  "open",
  "read",
  "readFile",
  "readdir",
  "rename",
  "stat",
  "sync",
  "watch",
  "write",
  "writeFile",
];

it.each(["EIO", "ENOSPC", "EACCES", "EMFILE"])(
  "ends %s at every call to the file system in a clean refusal (R12)",
  async (code) => {
    const { calls } = await liveWithFault(Infinity, "before", code);
    const reached = new Map<string, number>();
    for (const mode of faultModes) {
      for (let at = 1; ; at++) {
        // A fault can make a life longer, by what is tried again, or shorter.
        const { hit } = await liveWithFault(at, mode, code);
        if (hit === undefined) break;
        reached.set(hit, (reached.get(hit) ?? 0) + 1);
      }
    }
    const all = [...reached.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${code}: ${all} faults in a life of ${calls} calls, each refused cleanly: ${[...reached].map(([name, count]) => `${name} ${count}`).join(", ")}`,
    );
    expect(all).toBeGreaterThanOrEqual(calls * (faultModes.length - 1));
    expect([...reached.keys()]).toEqual(expect.arrayContaining(everyCall));
  },
);
