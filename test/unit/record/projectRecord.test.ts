import { plansHere } from "../../../src/core/run/plansHere";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deferred } from "../../../src/core/base/async";
import type { ContextEntry, EntryDraft } from "../../../src/core/model/entry";
import { emptyProjectState } from "../../../src/core/model/projectState";
import { storedState } from "../../../src/core/model/storedState";
import { answerQuestion } from "../../../src/core/acts/answerQuestion";
import type { Logger, Processes } from "../../../src/core/ports/machine";
import type { Ledger } from "../../../src/core/ports/ledger";
import { ProjectRecord, type RecordOptions } from "../../../src/core/record/projectRecord";
import { FakeClock } from "../../support/fakeClock";
import { SharedRecord } from "../../support/sharedRecord";
import { testConsents } from "../../support/testConsents";
import { noTerminals } from "../../support/noTerminals";

let shared: SharedRecord;
let warnings: string[];
const logger: Logger = { debug: () => undefined, warn: (message) => void warnings.push(message) };
const records: ProjectRecord[] = [];
beforeEach(() => {
  shared = new SharedRecord();
  warnings = [];
});
afterEach(async () => {
  shared.goOn();
  await Promise.all(records.splice(0).map((record) => record.close()));
});

const alone: Processes = { host: "h", pid: 1, started_at: "1", isAlive: () => Promise.resolve(false) };
const looking: RecordOptions = { start: "checkpoint", pace: "unhurried", keep: 3 };
const running: RecordOptions = { start: "beginning" };

async function opened(options: RecordOptions, more: Partial<Ledger> = {}): Promise<ProjectRecord> {
  const record = await ProjectRecord.open(shared.ledger(more), logger, options);
  records.push(record);
  return record;
}

function note(text: string): EntryDraft {
  return { kind: "note", actor: "human:ada", session_name: null, text };
}

function question(): ContextEntry {
  return shared.add({
    kind: "approval_needed",
    actor: "engine",
    session_name: null,
    human_attention_needed: true,
    options: ["run", "skip"],
    text: "May it run?",
  });
}

function answerOf(about: ContextEntry, actor: string): EntryDraft {
  return {
    kind: "answer",
    actor,
    session_name: null,
    text: "",
    answer: "run",
    refs: [{ type: "entry", id: about.id }],
  };
}

function answered(record: ProjectRecord, { id }: ContextEntry, actor: string): Promise<unknown> {
  const by = {
    actor,
    clock: new FakeClock(),
    processes: alone,
    consents: testConsents(),
    plans: plansHere,
    insideSession: undefined,
    runsHere: false,
  };
  return answerQuestion(record, by, { question: id, text: "run", resume: "no", terminals: noTerminals });
}

/** A checkpoint that holds, behind so many entries, and tells that it was used. */
function leaveCheckpoint(count: number): void {
  const state = { ...emptyProjectState(), goal: "of the checkpoint", entries: count };
  const newest_id = shared.entries[count - 1]?.id ?? "";
  shared.checkpoint = { state: storedState(state), upTo: shared.placeBehind(count), newest_id };
}

/** All that can settle by itself has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const texts = (entries: readonly ContextEntry[]): string[] => entries.map(({ text }) => text);

describe("opening a record", () => {
  it("reads only what came after the checkpoint, for who looks", async () => {
    for (let index = 0; index < 10; index++) shared.add(note(`${index}`));
    leaveCheckpoint(9);
    const record = await opened(looking);
    expect([record.state.goal, record.state.entries, shared.given]).toEqual(["of the checkpoint", 10, 1]);
    expect(texts(record.recent)).toEqual(["7", "8", "9"]);
  });

  it("reads all of it, for who runs the project", async () => {
    for (let index = 0; index < 10; index++) shared.add(note(`${index}`));
    leaveCheckpoint(9);
    const record = await opened({ ...running, keep: 2 });
    expect([record.state.goal, record.state.entries, shared.given]).toEqual(["", 10, 10]);
    expect(texts(record.recent)).toEqual(["8", "9"]);
  });

  it("reads all of it where something older stands behind the checkpoint, and keeps each of the newest once", async () => {
    const [first, second, third] = ["0", "1", "2"].map((text) => shared.add(note(text)));
    leaveCheckpoint(1);
    // As after a careless merge.
    shared.entries.splice(0, 3, second as ContextEntry, third as ContextEntry, first as ContextEntry);
    const record = await opened({ ...looking, keep: 100 });
    expect([record.state.goal, record.state.entries]).toEqual(["", 3]);
    expect(texts(record.recent)).toEqual(["1", "2", "0"]);
  });

  it("keeps what is shown however many other entries came behind it, at the start and later", async () => {
    for (let index = 0; index < 20; index++) shared.add(note(`${index}`));
    const beat: EntryDraft = { kind: "heartbeat", actor: "engine", session_name: null, text: "beat" };
    for (let index = 0; index < 9; index++) shared.add(beat);
    leaveCheckpoint(25);
    const record = await opened({ ...looking, shown: ({ kind }) => kind === "note" });
    const kept = ["17", "18", "19", "beat", "beat", "beat"];
    expect(texts(record.recent)).toEqual(kept);
    for (let index = 0; index < 9; index++) shared.add(beat);
    await record.catchUp();
    expect(texts(record.recent)).toEqual(kept);
    shared.add(note("20"));
    await record.catchUp();
    expect(texts(record.recent)).toEqual(["18", "19", "beat", "beat", "beat", "20"]);
  });

  it("looks no further than is reasonable for what is shown", async () => {
    const last = vi.fn((count: number) => Promise.resolve(shared.entries.slice(-count)));
    for (let index = 0; index < 1000; index++) shared.add(note(`${index}`));
    leaveCheckpoint(1000);
    const record = await opened({ ...looking, shown: () => false }, { last });
    expect([last.mock.calls.flat(), record.recent.length]).toEqual([[3, 12, 48], 3]);
  });

  it("closes the ledger when it cannot be read", async () => {
    const failing = shared.ledger({ readCheckpoint: () => Promise.reject(new Error("no")) });
    await expect(ProjectRecord.open(failing, logger, looking)).rejects.toThrow("no");
    expect([shared.openLedgers, shared.followers.size]).toEqual([0, 0]);
  });
});

describe("own and foreign entries", () => {
  it("come once each, with the state that they lead to", async () => {
    const record = await opened(looking);
    const heard: [string, number][] = [];
    record.onEntry(({ text }) => heard.push([text, record.state.entries]));
    shared.add(note("theirs"));
    const own = await record.append(note("ours"), "written");
    shared.add(note("theirs again"));
    await settled();
    expect(heard.map(([, count]) => count)).toEqual([1, 2, 3]);
    expect(heard.map(([text]) => text).sort()).toEqual(["ours", "theirs", "theirs again"]);
    expect(record.recent.filter(({ id }) => id === own.id)).toHaveLength(1);
    expect(record.place).toEqual(shared.placeBehind(3));
  });

  it("of our own are in the state when append resolves, before and after the follower met them", async () => {
    for (const late of [false, true]) {
      // The follower is told nothing before the append has returned, or everything.
      const gate = deferred<undefined>();
      const record = await opened(running, {
        append: async (draft) => {
          const entry = shared.add(draft);
          if (late) await gate.promise;
          return entry;
        },
      });
      if (!late) shared.pause();
      const heard: string[] = [];
      record.onEntry(({ text }) => heard.push(text));
      const before = record.state.entries;
      const appended = record.append(note("ours"), "synced");
      await settled();
      gate.resolve(undefined);
      await appended;
      expect([record.state.entries - before, heard]).toEqual([1, ["ours"]]);
      shared.goOn();
      await settled();
      expect([record.state.entries - before, heard]).toEqual([1, ["ours"]]);
    }
  });

  it("are read at once by who asks for them, though the follower rests, and not taken twice", async () => {
    const record = await opened(looking);
    const heard: string[] = [];
    record.onEntry(({ text }) => heard.push(text));
    await settled();
    shared.pause();
    shared.add(note("one"));
    shared.add(note("two"));
    await Promise.all([record.catchUp(), record.catchUp()]);
    expect(heard).toEqual(["one", "two"]);
    shared.goOn();
    shared.add(note("three"));
    await settled();
    expect(heard).toEqual(["one", "two", "three"]);
  });
});

describe("an answer", () => {
  it("takes effect in the record's order: who was first there is first for everybody", async () => {
    const asked = question();
    const [one, other] = [await opened(looking), await opened(looking)];
    shared.pause();
    const both = [answered(one, asked, "human:ada"), answered(other, asked, "human:bob")];
    await settled();
    expect([one, other].map((each) => each.state.escalations.get(asked.id)?.answer)).toEqual([undefined, undefined]);
    shared.goOn();
    const [first, second] = await Promise.allSettled(both);
    expect(first?.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: { code: "already_answered" } });
    for (const each of [one, other]) expect(each.state.escalations.get(asked.id)?.answer?.actor).toBe("human:ada");
  });

  it("is not waited for any more when the follower met it before append returned", async () => {
    const asked = question();
    const gate = deferred<undefined>();
    const record = await opened(looking, {
      append: async (draft) => {
        const entry = shared.add(draft);
        await gate.promise;
        return entry;
      },
    });
    const given = record.append(answerOf(asked, "human:ada"), "synced");
    await settled();
    expect(record.state.escalations.get(asked.id)?.answer?.actor).toBe("human:ada");
    gate.resolve(undefined);
    await given;
  });

  it("still waits for the follower when somebody read ahead meanwhile", async () => {
    const asked = question();
    const record = await opened(looking);
    await settled();
    shared.pause();
    let resolved = false;
    const given = record.append(answerOf(asked, "human:ada"), "synced").then(() => (resolved = true));
    await record.catchUp();
    await settled();
    expect([record.state.escalations.get(asked.id)?.answer?.actor, resolved]).toEqual(["human:ada", false]);
    shared.goOn();
    await given;
  });

  it("is refused when the record is lost while it waits", async () => {
    const asked = question();
    const record = await opened(looking);
    await settled();
    shared.pause();
    const given = record.append(answerOf(asked, "human:ada"), "synced");
    const refused = expect(given).rejects.toThrow("moved away");
    await settled();
    shared.vanish(new Error("moved away"));
    await refused;
    await expect(record.append(note("more"), "synced")).rejects.toThrow("moved away");
    await expect(record.catchUp()).rejects.toThrow("moved away");
  });

  it("is done with when the record is closed while it waits, because it is written", async () => {
    const asked = question();
    const record = await opened(looking);
    await settled();
    shared.pause();
    const given = record.append(answerOf(asked, "human:ada"), "synced");
    await settled();
    await record.close();
    expect((await given).kind).toBe("answer");
  });
});

describe("a record that is lost", () => {
  it("tells so once, also to who begins to listen afterwards", async () => {
    const record = await opened(looking);
    const told: string[] = [];
    record.onLost(({ message }) => told.push(`before: ${message}`));
    shared.vanish(new Error("gone"));
    await settled();
    record.onLost(({ message }) => told.push(`after: ${message}`));
    expect(told).toEqual(["before: gone", "after: gone"]);
    expect(warnings).toEqual(["The log can no longer be followed: gone"]);
  });

  it("is not one that was closed", async () => {
    const record = await opened(looking);
    record.onLost(() => warnings.push("lost"));
    await record.close();
    shared.vanish(new Error("gone"));
    await settled();
    expect(warnings).toEqual([]);
  });
});

describe("a listener that throws", () => {
  it("is logged and takes nothing from the others, the follower or who appends", async () => {
    const record = await opened(looking);
    const heard: string[] = [];
    record.onEntry(({ text }) => {
      throw new Error(`cannot show ${text}`);
    });
    record.onEntry(({ text }) => heard.push(text));
    await record.append(note("ours"), "written");
    shared.add(note("theirs"));
    await settled();
    expect(heard).toEqual(["ours", "theirs"]);
    expect(record.state.entries).toBe(2);
    expect(warnings.map((each) => /cannot show \w+/.exec(each)?.[0])).toEqual([
      "cannot show ours",
      "cannot show theirs",
    ]);
  });
});

describe("a record that is closed", () => {
  it("lets go of its follower and its ledger, however often it is closed, and appends nothing", async () => {
    const record = await opened(running);
    await settled();
    expect([shared.followers.size, shared.openLedgers]).toEqual([1, 1]);
    await Promise.all([record.close(), record.close()]);
    expect([shared.followers.size, shared.openLedgers]).toEqual([0, 0]);
    await expect(record.append(note("late"), "synced")).rejects.toMatchObject({ code: "cancelled" });
    await expect(record.catchUp()).rejects.toMatchObject({ code: "cancelled" });
    expect(shared.entries).toEqual([]);
  });

  it("is closed with its ledger: what was on its way to the disk then is waited for no longer", async () => {
    const asked = question();
    const gate = deferred<undefined>();
    const closed = new AbortController();
    const record = await opened(looking, {
      append: async (draft) => {
        const entry = shared.add(draft);
        await gate.promise;
        return entry;
      },
      follow: (from, signal, pace) => shared.ledger().follow(from, AbortSignal.any([signal, closed.signal]), pace),
    });
    await settled();
    shared.pause();
    const given = record.append(answerOf(asked, "human:ada"), "synced");
    // As when all ledgers of a window are closed together.
    closed.abort();
    await settled();
    gate.resolve(undefined);
    expect((await given).kind).toBe("answer");
    await expect(record.append(note("late"), "synced")).rejects.toMatchObject({ code: "cancelled" });
  });

  it("hears no more of what others write", async () => {
    const record = await opened(looking);
    const heard: string[] = [];
    record.onEntry(({ text }) => heard.push(text));
    await record.close();
    shared.add(note("theirs"));
    await settled();
    expect(heard).toEqual([]);
  });
});
