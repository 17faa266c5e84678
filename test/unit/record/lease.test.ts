import { afterEach, describe, expect, it } from "vitest";
import type { ProjectRecord } from "../../../src/core/record/projectRecord";
import { Lease, untilNotRunning } from "../../../src/core/record/lease";
import type { Processes } from "../../../src/core/ports/machine";
import { FakeClock } from "../../support/fakeClock";
import { SharedRecord } from "../../support/sharedRecord";

/** A process on a host of its own: nobody else can look at it. */
function onHost(host: string, pid: number): Processes {
  return {
    host,
    pid,
    started_at: `${host}-start`,
    isAlive: (other) => Promise.resolve(other.host === host ? other.pid === pid : undefined),
  };
}

const never = new AbortController().signal;
const records: ProjectRecord[] = [];
const opened = async (shared: SharedRecord): Promise<ProjectRecord> => {
  const record = await shared.record();
  records.push(record);
  return record;
};
afterEach(async () => {
  await Promise.all(records.splice(0).map((record) => record.close()));
});

interface Runner {
  readonly lease: Lease;
  /** It answers no more, as a process that has ended or stands still. */
  die(): void;
}

async function runner(shared: SharedRecord, processes: Processes, clock: FakeClock): Promise<Runner> {
  const record = await opened(shared);
  const lease = await Lease.claim(record, processes, clock, "human:first");
  const answers = record.onEntry((entry) => {
    if (entry.event === "asked") void lease.renew();
  });
  return { lease, die: () => answers.dispose() };
}

/** The follower's wait, with what it came to; undefined while it waits. */
function following(
  record: ProjectRecord,
  processes: Processes,
  clock: FakeClock,
): { result: number | "released" | undefined } {
  const wait: { result: number | "released" | undefined } = { result: undefined };
  void untilNotRunning(record, processes, clock, "human:second", never).then(
    (over) => (wait.result = over ?? "released"),
  );
  return wait;
}

describe("a runner on another host", () => {
  it.each([0, -7, 7])(
    "is left alone while it answers, and replaced within 10 s when it does not, with its clock %i h off",
    async (hours) => {
      const shared = new SharedRecord();
      const clock = new FakeClock();
      const first = await runner(shared, onHost("one", 1), new FakeClock(clock.now() + hours * 3_600_000));
      const second = await opened(shared);
      const wait = following(second, onHost("two", 2), clock);
      await clock.advanceAsync(60_000);
      expect(wait.result).toBeUndefined();
      expect(shared.entries.some((entry) => entry.event === "renewed")).toBe(true);
      first.die();
      await clock.advanceAsync(10_000);
      expect(wait.result).toBe(1);
      const lease = await Lease.claim(second, onHost("two", 2), clock, "human:second", 1);
      expect([lease.held, lease.generation]).toEqual([true, 2]);
      // The first one has heard of it, wherever it is.
      await clock.advanceAsync(0);
      expect(first.lease.held).toBe(false);
    },
  );

  it("is not replaced without being asked", async () => {
    const shared = new SharedRecord();
    const clock = new FakeClock();
    await runner(shared, onHost("one", 1), clock);
    const second = await opened(shared);
    await expect(Lease.claim(second, onHost("two", 2), clock, "human:second")).rejects.toMatchObject({
      code: "driven_elsewhere",
      message: "alpha is running in process 1 on one.",
    });
  });

  it("ends its turn for a follower when it gives the lease back", async () => {
    const shared = new SharedRecord();
    const clock = new FakeClock();
    const first = await runner(shared, onHost("one", 1), clock);
    const wait = following(await opened(shared), onHost("two", 2), clock);
    await clock.advanceAsync(100);
    await first.lease.release();
    await clock.advanceAsync(0);
    expect(wait.result).toBe("released");
  });
});

describe("a runner on this host", () => {
  it("is not asked while it can be looked at, and replaced within a second when it is gone", async () => {
    const shared = new SharedRecord();
    const clock = new FakeClock();
    let alive = true;
    const first = onHost("one", 1);
    await runner(shared, first, clock);
    const second: Processes = { ...onHost("one", 2), started_at: "other", isAlive: () => Promise.resolve(alive) };
    const wait = following(await opened(shared), second, clock);
    await clock.advanceAsync(60_000);
    expect(shared.entries.map((entry) => entry.event)).toEqual(["claimed"]);
    alive = false;
    await clock.advanceAsync(1000);
    expect(wait.result).toBe(1);
  });
});

describe("a claim", () => {
  it("of a generation counts once, the first in the record", async () => {
    const shared = new SharedRecord();
    const clock = new FakeClock();
    const both = [await opened(shared), await opened(shared)];
    const claims = await Promise.allSettled(
      both.map((record, index) => Lease.claim(record, onHost(`h${index}`, index), clock, `human:${index}`)),
    );
    expect(claims.map((claim) => claim.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(shared.entries.map((entry) => entry.generation)).toEqual([1, 1]);
  });

  it("of another makes one who stood still read the shared before it types, by either clock", async () => {
    for (const move of [
      (clock: FakeClock) => clock.advance(5000),
      (clock: FakeClock) => clock.setNow(clock.now() + 5000),
      (clock: FakeClock) => clock.setNow(clock.now() - 5000),
    ]) {
      const shared = new SharedRecord();
      const clock = new FakeClock();
      const record = await opened(shared);
      const lease = await Lease.claim(record, onHost("one", 1), clock, "human:first");
      await lease.check();
      shared.add({
        kind: "lease",
        actor: "human:second",
        session_name: null,
        event: "claimed",
        text: "",
        holder: "human:second",
        host: "two",
        pid: 2,
        started_at: "x",
        generation: 2,
      });
      move(clock);
      await expect(lease.check()).rejects.toMatchObject({ code: "driven_elsewhere" });
      await expect(lease.renew()).rejects.toMatchObject({ code: "driven_elsewhere" });
    }
  });

  it("makes what the one before still writes count for nothing", async () => {
    const shared = new SharedRecord();
    const clock = new FakeClock();
    const record = await opened(shared);
    await Lease.claim(record, onHost("one", 1), clock, "human:first");
    const late = {
      kind: "command",
      actor: "engine",
      session_name: "proj-alpha::w::1",
      text: "Runs.",
      command_id: "late",
    } as const;
    shared.add({ ...late, command_id: "early", generation: 1 });
    shared.add({
      kind: "lease",
      actor: "human:second",
      session_name: null,
      event: "claimed",
      text: "",
      holder: "human:second",
      host: "two",
      pid: 2,
      started_at: "x",
      generation: 2,
    });
    shared.add({ ...late, generation: 1 });
    await record.catchUp();
    expect([...record.state.openCommands.keys()]).toEqual(["early"]);
  });
});
