import { hostname } from "node:os";
import type { Processes } from "../../core/ports/machine";
import { type ProcessFacts, findProcess, ownStart, processFacts } from "./processFacts";

/** Another machine of the same name, or this one before it was started anew: its process numbers mean nothing here. */
function isOtherSystem(one: string, other: string): boolean {
  const [oneBoot, otherBoot] = [one, other].map((start) => /^([0-9a-f]{8})-\d+$/.exec(start)?.[1]);
  return oneBoot !== undefined && otherBoot !== undefined && oneBoot !== otherBoot;
}

/** This process and its neighbours. */
export async function createProcesses(facts: ProcessFacts = processFacts()): Promise<Processes> {
  const host = hostname();
  const started_at = await ownStart(facts);
  return {
    host,
    pid: process.pid,
    started_at,
    async isAlive(other) {
      if (other.host !== host || isOtherSystem(other.started_at, started_at)) return undefined;
      const found = await findProcess(other, facts);
      return found === "stopped" ? undefined : found === "running";
    },
  };
}
