import { shortSession } from "../../../src/core/model/names";
import { describe, expect, it } from "vitest";
import { Heartbeat } from "../../../src/core/run/heartbeat";
import type { OpenRecord } from "../../../src/core/record/projectRecord";
import type { OpenSession } from "../../../src/core/session/openSession";
import type { EntryDraft } from "../../../src/core/model/entry";
import { applyEntry, emptyProjectState } from "../../../src/core/model/projectState";
import { FakeClock } from "../../support/fakeClock";
import { entryOf } from "../../support/entries";
import { silentLogger } from "../../support/systemClock";

const name = "proj-alpha::builder::1";

function beating(given: Partial<EntryDraft> = {}): {
  clock: FakeClock;
  said: string[];
  shell: { lastLine: string; silence: { withoutNewsMs: number } };
  heartbeat: Heartbeat;
  end: () => void;
  is: (state: EntryDraft["state"]) => void;
} {
  const clock = new FakeClock();
  const state = emptyProjectState();
  const command = {
    ...entryOf({ kind: "command", session_name: name, command_id: "c", input: "npm ci", ...given }),
    ts: new Date(clock.now()).toISOString(),
  };
  applyEntry(state, command);
  const said: string[] = [];
  const shell = { lastLine: "added 3 packages", silence: { withoutNewsMs: 0 } };
  const record = {
    state,
    append: (draft: EntryDraft) => {
      said.push(draft.text);
      return Promise.resolve(entryOf(draft));
    },
  } as unknown as OpenRecord;
  const heartbeat = new Heartbeat(
    record,
    () => [{ name, shell } as unknown as OpenSession],
    clock,
    silentLogger,
    30_000,
    600_000,
  );
  return {
    clock,
    said,
    shell,
    heartbeat,
    is: (to) =>
      applyEntry(state, entryOf({ kind: "session", session_name: name, ...(to === undefined ? {} : { state: to }) })),
    end: () => applyEntry(state, entryOf({ kind: "result", session_name: name, command_id: "c", outcome: "exited" })),
  };
}

describe("heartbeats", () => {
  it("say of an agent how long it works, without its screen, and nothing while it waits for a person", async () => {
    const { clock, said, is } = beating({ input: "Mend it.", typed_as: "prompt" });
    is("working");
    await clock.advanceAsync(30_000);
    expect(said).toEqual([`${shortSession(name)} has been working on "Mend it." for 30 s.`]);
    is("waiting");
    await clock.advanceAsync(300_000);
    expect(said).toHaveLength(1);
    is("working");
    await clock.advanceAsync(30_000);
    expect(said).toHaveLength(2);
  });

  it("say one sentence for a command that runs on, and nothing while nothing changes", async () => {
    const { clock, said, shell, heartbeat } = beating();
    await clock.advanceAsync(30_000);
    expect(said).toEqual([
      `${shortSession(name)} has been running "npm ci" for 30 s. Last output: "added 3 packages".`,
    ]);
    await clock.advanceAsync(15_000);
    expect(said).toHaveLength(1);
    shell.lastLine = "added 9 packages";
    await clock.advanceAsync(90_000);
    expect(said[1]).toBe(`${shortSession(name)} has been running "npm ci" for 1 min. Last output: "added 9 packages".`);
    expect(said[2]).toBe(`${shortSession(name)} has been running "npm ci" for 2 min. Last output: "added 9 packages".`);
    heartbeat.dispose();
  });

  it("go on while nothing is printed, once a minute and later once an hour, and say since when", async () => {
    const { clock, said, shell, heartbeat } = beating();
    shell.lastLine = "Proceed? [y/N]";
    const start = clock.now();
    for (let minute = 1; minute <= 180; minute++) {
      await clock.advanceAsync(60_000);
      shell.silence.withoutNewsMs = clock.now() - start;
    }
    expect(said.find((text) => text.includes("quiet"))).toBe(
      `${shortSession(name)} has been running "npm ci" for 11 min, quiet for 10 min. Last output: "Proceed? [y/N]".`,
    );
    expect(said.length).toBeGreaterThan(60);
    expect(said.length).toBeLessThan(70);
    expect(said.at(-1)).toContain("for 3 h, quiet for 2 h.");
    heartbeat.dispose();
  });

  it("are silent when nothing runs, and end when they are disposed of", async () => {
    const { clock, said, heartbeat, end } = beating();
    end();
    await clock.advanceAsync(90_000);
    expect(said).toEqual([]);
    heartbeat.dispose();
    expect(clock.pending).toBe(0);
  });
});
