import { describe, expect, it } from "vitest";
import {
  apartMs,
  behindMs,
  checkMs,
  EscalationLadder,
  gatherMs,
  type LadderSteps,
  snoozeMs,
  type TellableQuestion,
  unknownMs,
} from "../../../src/protocol/escalationLadder";
import { FakeClock } from "../../support/fakeClock";

/** Several windows on one record: what one claims all of them see, the first in the record's order counts. */
class SharedRecord {
  readonly clock = new FakeClock();
  readonly questions = new Map<
    string,
    {
      key: string;
      teller: { by: OpenWindow; attempt: number; since: number } | undefined;
      seen: TellableQuestion["seen"];
    }
  >();
  readonly windows: OpenWindow[] = [];

  ask(id: string, key = "api"): void {
    this.questions.set(id, { key, teller: undefined, seen: undefined });
    this.look();
  }

  answer(id: string): void {
    this.questions.delete(id);
    this.look();
  }

  see(id: string, until?: number): void {
    const question = this.questions.get(id);
    if (question) question.seen = { id: `seen-${id}-${this.clock.now()}`, until };
    this.look();
  }

  claim(id: string, by: OpenWindow, attempt: number): void {
    const question = this.questions.get(id);
    if (question && attempt > (question.teller?.attempt ?? 0))
      question.teller = { by, attempt, since: this.clock.now() };
  }

  look(): void {
    for (const window of this.windows) window.look();
  }
}

class OpenWindow {
  readonly told: string[][] = [];
  readonly visible = new Set<string>();
  readonly muted = new Set<string>();
  focused = true;
  alive: boolean | undefined = true;
  writable = true;
  off = false;
  readonly #ladder = new EscalationLadder();
  #timer: { dispose(): void } | undefined;

  constructor(readonly record: SharedRecord) {
    record.windows.push(this);
  }

  look(): void {
    if (this.alive !== true) return;
    const { clock } = this.record;
    const steps = this.#ladder.step(this.#questions(), { now: clock.now(), focused: this.focused });
    if (steps.tell.length > 0) this.told.push([...steps.tell]);
    this.#write(steps);
    this.#timer?.dispose();
    this.#timer = steps.wakeAt === undefined ? undefined : clock.after(steps.wakeAt - clock.now(), () => this.look());
  }

  #questions(): TellableQuestion[] {
    return [...this.record.questions].map(([id, { key, teller, seen }]) => ({
      id,
      key,
      seen,
      teller: teller && {
        attempt: teller.attempt,
        since: teller.since,
        is:
          teller.by === this
            ? "here"
            : teller.by.alive === true
              ? "elsewhere"
              : teller.by.alive === false
                ? "gone"
                : "unknown",
      },
      hushed: this.off || this.muted.has(key),
      visible: this.visible.has(id),
    }));
  }

  /** As a file does: a little later, and everybody hears of it. */
  #write({ claims }: LadderSteps): void {
    for (const { id, attempt } of claims) {
      this.record.clock.after(5, () => {
        if (this.writable) this.record.claim(id, this, attempt);
        else this.#ladder.claimFailed(id);
        this.record.look();
      });
    }
  }
}

function open(count = 1): { record: SharedRecord; windows: OpenWindow[] } {
  const record = new SharedRecord();
  return { record, windows: Array.from({ length: count }, () => new OpenWindow(record)) };
}

const soon = gatherMs + 50;

describe("one window", () => {
  it("tells of questions that come together in one message, whatever project they are of", () => {
    const {
      record,
      windows: [window],
    } = open();
    record.ask("a");
    record.clock.advance(gatherMs / 2);
    record.ask("b", "web");
    record.clock.advance(gatherMs);
    expect(window?.told).toEqual([["a", "b"]]);
    record.clock.advance(apartMs * 3);
    expect(window?.told).toHaveLength(1);
  });

  it("tells what comes meanwhile together, after half a minute for each project", () => {
    const {
      record,
      windows: [window],
    } = open();
    record.ask("a");
    record.clock.advance(soon);
    for (const id of ["b", "c"]) {
      record.clock.advance(1000);
      record.ask(id);
    }
    record.ask("other", "web");
    record.clock.advance(soon);
    expect(window?.told).toEqual([["a"], ["other"]]);
    record.clock.advance(apartMs);
    expect(window?.told).toEqual([["a"], ["other"], ["b", "c"]]);
  });

  it.each([
    ["has answered", (record: SharedRecord) => record.answer("a")],
    ["has seen", (record: SharedRecord) => record.see("a")],
    ["has put off", (record: SharedRecord) => record.see("a", record.clock.now() + snoozeMs)],
  ])("tells at once again when the person %s what was told before", (_, react) => {
    const {
      record,
      windows: [window],
    } = open();
    record.ask("a");
    record.clock.advance(soon);
    react(record);
    record.ask("b");
    record.clock.advance(soon);
    expect(window?.told).toEqual([["a"], ["b"]]);
  });

  it("tells once more when the time is over for which a question was put off, as long as it is open", () => {
    const {
      record,
      windows: [window],
    } = open();
    for (const id of ["a", "b"]) record.ask(id);
    record.clock.advance(soon);
    for (const id of ["a", "b"]) record.see(id, record.clock.now() + snoozeMs);
    record.answer("b");
    record.clock.advance(snoozeMs - 1);
    expect(window?.told).toEqual([["a", "b"]]);
    record.clock.advance(snoozeMs);
    expect(window?.told).toEqual([["a", "b"], ["a"]]);
  });

  it("tells at once what was put off for a moment: the person has reacted to the message before", () => {
    const {
      record,
      windows: [window],
    } = open();
    record.ask("a");
    record.clock.advance(soon);
    record.see("a", record.clock.now() + apartMs / 10);
    record.clock.advance(apartMs / 5);
    expect(window?.told).toEqual([["a"], ["a"]]);
  });

  it("is silent for what was seen, for a muted project and when messages are off, and tells when that is over", () => {
    const {
      record,
      windows: [window],
    } = open();
    if (!window) throw new Error("No window.");
    record.questions.set("seen", { key: "api", teller: undefined, seen: { id: "x", until: undefined } });
    window.muted.add("web");
    window.off = true;
    record.ask("a");
    record.ask("muted", "web");
    record.clock.advance(apartMs);
    expect([window.told, record.questions.get("a")?.teller]).toEqual([[], undefined]);
    window.off = false;
    record.look();
    record.clock.advance(soon);
    expect(window.told).toEqual([["a"]]);
    window.muted.clear();
    record.look();
    record.clock.advance(soon);
    expect(window.told).toEqual([["a"], ["muted"]]);
  });

  it("is silent while the session is in front of the person, and tells when they go", () => {
    const {
      record,
      windows: [window, other],
    } = open(2);
    if (!window || !other) throw new Error("No windows.");
    other.focused = false;
    window.visible.add("a");
    record.ask("a");
    record.clock.advance(apartMs);
    expect([window.told, other.told]).toEqual([[], []]);
    window.visible.clear();
    record.look();
    expect([window.told, other.told]).toEqual([[["a"]], []]);
  });

  it("tells all the same where the record cannot be written", () => {
    const {
      record,
      windows: [window],
    } = open();
    if (!window) throw new Error("No window.");
    window.writable = false;
    record.ask("a");
    record.clock.advance(soon + apartMs);
    expect(window.told).toEqual([["a"]]);
  });
});

describe("several windows", () => {
  const tellers = (windows: readonly OpenWindow[]): number[] => windows.map(({ told }) => told.length);

  it("leave it to one, also when they look at the same moment", () => {
    for (let count = 2; count < 6; count++) {
      const { record, windows } = open(count);
      record.ask("a");
      record.clock.advance(apartMs * 2);
      expect(tellers(windows).toSorted()).toEqual([...Array.from({ length: count - 1 }, () => 0), 1]);
    }
  });

  it("leave it to the one that the person looks at", () => {
    const { record, windows } = open(3);
    for (const [index, window] of windows.entries()) window.focused = index === 1;
    record.ask("a");
    record.clock.advance(soon + behindMs);
    expect(tellers(windows)).toEqual([0, 1, 0]);
  });

  it("tell of it when no window is looked at", () => {
    const { record, windows } = open(2);
    for (const window of windows) window.focused = false;
    record.ask("a");
    record.clock.advance(soon);
    expect(tellers(windows)).toEqual([0, 0]);
    record.clock.advance(behindMs);
    expect(tellers(windows).toSorted()).toEqual([0, 1]);
  });

  it.each([
    ["goes without an answer", undefined, false, checkMs + soon, 1],
    ["goes after the person saw it", "seen", false, unknownMs * 2, 0],
    ["is on a machine that cannot be asked any more", undefined, undefined, unknownMs + checkMs + soon, 1],
  ] as const)("when the one that told %s", (_, seen, alive, ms, times) => {
    const {
      record,
      windows: [first, second],
    } = open(2);
    if (!first || !second) throw new Error("No windows.");
    second.focused = false;
    record.ask("a");
    record.clock.advance(soon);
    if (seen) record.see("a");
    first.alive = alive;
    second.focused = true;
    record.clock.advance(ms);
    expect([first.told.length, second.told.length]).toEqual([1, times]);
    record.clock.advance(unknownMs * 2);
    expect(second.told).toHaveLength(times);
  });

  it("put a question off together: only the one that told tells again", () => {
    const {
      record,
      windows: [first, second],
    } = open(2);
    if (!first || !second) throw new Error("No windows.");
    second.focused = false;
    record.ask("a");
    record.clock.advance(soon);
    record.see("a", record.clock.now() + snoozeMs);
    second.focused = true;
    record.clock.advance(snoozeMs * 2);
    expect([first.told, second.told]).toEqual([[["a"], ["a"]], []]);
  });

  it("after a reload tell at once of all that nobody has reacted to, and of nothing else", () => {
    const {
      record,
      windows: [before],
    } = open();
    if (!before) throw new Error("No window.");
    for (const id of ["a", "b", "c"]) record.ask(id);
    record.clock.advance(soon);
    record.see("b");
    before.alive = false;
    const after = new OpenWindow(record);
    record.ask("new", "web");
    record.clock.advance(soon);
    expect(after.told).toEqual([["a", "c", "new"]]);
    record.clock.advance(unknownMs);
    expect(after.told).toHaveLength(1);
  });
});
