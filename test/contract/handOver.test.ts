import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIds } from "../../src/adapters/ledger/ids";
import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import { requestHandOver } from "../../src/core/people/runnerRequests";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import { CliWorld } from "../support/cliWorld";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

let world: CliWorld;

beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

const log = (): string => {
  try {
    return readFileSync(join(world.workspace, "kept.log"), "utf8");
  } catch {
    return "";
  }
};

/** Asks the runner of `kept` to hand over, as a window does that closes. */
async function askToHandOver(): Promise<void> {
  const store = new FileProjectStore(world.workspace, {
    clock: systemClock,
    ids: createIds(() => Date.now()),
    sanitize: (text) => text,
  });
  const record = await ProjectRecord.open(await store.open("kept"), silentLogger, { start: "beginning" });
  if (record.state.lease) await requestHandOver(record, record.state.lease, "human:somebody", "background");
  await record.close();
}

describe("a runner that is asked to hand over", () => {
  it("leaves what runs alone, gives up its lease, and the next one goes on with it", async () => {
    const run = [
      "do",
      "kept",
      "--run",
      "echo begun >> kept.log; until [ -e go ]; do sleep 0.05; done; echo ended >> kept.log",
      "--run",
      "echo next >> kept.log",
    ];
    const first = world.start(run);
    await until("the command runs", () => log() === "begun\n");
    await askToHandOver();
    await first.done;
    const entries = world.entries("kept");
    expect(entries.filter((entry) => entry.kind === "lease").map((entry) => entry.event)).toEqual([
      "claimed",
      "released",
    ]);
    expect(entries.filter((entry) => entry.event === "interrupting" || entry.outcome === "interrupted")).toEqual([]);
    expect(entries.findLast((entry) => entry.kind === "project" && entry.state !== undefined)?.state).toBe("running");
    const second = world.start(["do", "kept"]);
    await until(
      "the second runs it",
      () => world.entries("kept").filter((entry) => entry.event === "claimed").length === 2,
    );
    world.write("go", "");
    expect((await second.done).code).toBe(0);
    expect(log()).toBe("begun\nended\nnext\n");
  });
});
