import { readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntryDraft } from "../../../src/core/model/entry";
import { asFilePlace, filePlace } from "../../../src/adapters/ledger/filePlace";
import { FakeClock } from "../../support/fakeClock";
import { errno } from "../../support/faultyFiles";
import { randomBy, seed } from "../../support/seed";
import { Workspace, entries, note, optionsWith, project, stored, texts } from "./ledgerHarness";
import { failingSegments } from "./failingSegment";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "resolved",
    (error: unknown) => error,
  );

describe("append", () => {
  it("gives identity and time, keeps what it does not know, and reads back the same", async () => {
    const clock = new FakeClock(Date.UTC(2026, 1, 13));
    const ledger = await workspace.ledger({ clock });
    const draft = {
      ...note("a\n„b“"),
      actor: "agent:x",
      kind: "dream",
      refs: [{ type: "file", id: "a.ts", line: 3 }],
      novel: { deep: [1, null, { x: true }] },
    };
    const withAbsent: EntryDraft = Object.assign({ absent: undefined }, draft);
    const entry = await ledger.append(withAbsent, "synced");
    expect(entry).toStrictEqual({ ...draft, id: entry.id, project_id: "alpha", ts: "2026-02-13T00:00:00.000Z" });
    expect(entry.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(await entries(ledger)).toStrictEqual([entry]);
    expect(await ledger.last(1)).toStrictEqual([entry]);
    expect((await workspace.bytes()).toString()).toMatch(
      /^\{"v":1,"id":"\w+","project_id":"alpha","session_name":null,"actor":"agent:x","kind":"dream","ts":"/,
    );
  });

  it("keeps the order of the calls, whatever their durability and size", async () => {
    const ledger = await workspace.ledger();
    const wanted = Array.from({ length: 200 }, (_, index) => `n${index}`);
    await Promise.all(
      wanted.map((text, index) =>
        ledger.append(
          note(text, index % 50 === 7 ? { output: "y".repeat(40_000) } : {}),
          index % 3 === 0 ? "synced" : "written",
        ),
      ),
    );
    expect(await texts(ledger)).toEqual(wanted);
  });

  it("refuses what is no entry, uses the record's own names, is too long or no JSON", async () => {
    const ledger = await workspace.ledger();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const bad: Record<string, unknown>[] = [
      { text: 7 },
      { actor: undefined },
      { exit_code: "0" },
      { c: "00000000" },
      { v: 2 },
      { kind: "segment_end" },
      { huge: 1n },
      { circular },
      { options: Array.from({ length: 300_000 }, () => "abcd") },
    ];
    for (const fields of bad) {
      const refused = await rejection(ledger.append({ ...note("x"), ...fields }, "written"));
      expect([Object.keys(fields), refused]).toMatchObject([Object.keys(fields), { code: "request_invalid" }]);
    }
    await ledger.append(note("fine", { id: "mine", ts: "never" }), "written");
    const all = await entries(ledger);
    expect(all.map((entry) => entry.text)).toEqual(["fine"]);
    expect(all[0]?.id).not.toBe("mine");
  });

  it("has `written` entries on the disk within a second, and `synced` ones at once", async () => {
    const clock = new FakeClock();
    let syncs = 0;
    const openSegment = failingSegments((call) => {
      if (call === "datasync") syncs++;
      return undefined;
    });
    const ledger = await workspace.ledger({ clock, openSegment });
    await ledger.append(note("a"), "written");
    await ledger.append(note("b"), "written");
    expect([syncs, clock.pending]).toEqual([0, 1]);
    clock.advance(999);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    await ledger.flush();
    expect(syncs).toBe(1);
    await ledger.append(note("c"), "synced");
    expect(syncs).toBe(2);
    await ledger.flush();
    expect([syncs, clock.pending]).toEqual([2, 0]);
  });

  it("puts many waiting entries into few writes of at most 64 KiB", async () => {
    const sizes: number[] = [];
    const openSegment = failingSegments((call, bytes) => {
      if (call === "write") sizes.push(bytes ?? 0);
      return undefined;
    });
    const ledger = await workspace.ledger({ openSegment });
    await Promise.all(Array.from({ length: 1000 }, (_, index) => ledger.append(note(`n${index}`), "written")));
    expect(sizes.length).toBeLessThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
    expect(await texts(ledger)).toHaveLength(1000);
  });

  it("writes what is queued before it closes, and refuses afterwards", async () => {
    const ledger = await workspace.ledger();
    const pending = Array.from({ length: 50 }, (_, index) => ledger.append(note(`n${index}`), "written"));
    await ledger.close();
    await Promise.all(pending);
    expect(await texts(ledger)).toHaveLength(50);
    expect(await rejection(ledger.append(note("late"), "written"))).toMatchObject({ code: "ledger_unwritable" });
    await ledger.close();
  });
});

describe("what is written", () => {
  it("went through the sanitizer in every string that no machine made", async () => {
    const secret = "hunter2-very-secret";
    const sanitize = (text: string): string =>
      text.replaceAll(secret, "‹redacted›").replace(/[\u0000-\u0008\u001b]/g, "");
    const ledger = await workspace.ledger({ sanitize });
    const long = `${"a".repeat(50_000)}${secret}`;
    const draft = note(`text ${secret}\u001b[31m`, {
      input: `mysql -p${secret}`,
      output: long,
      reason: secret,
      actor: `human:${secret}`,
      refs: [{ type: "file", id: `/tmp/${secret}`, extra: { deep: [secret] } }],
      options: [secret],
      novel: [[{ at: secret }]],
      command_id: "c-1",
    });
    const entry = await ledger.append(draft, "synced");
    await ledger.writeProject({ ...project(), goal: `log in with ${secret}` });
    await ledger.writeDerived({
      snapshot: {
        summary: secret,
        open_blockers: [secret],
        next_steps: [],
        recent_highlights: [],
        project_id: "alpha",
      },
      sessions: [
        {
          session_name: "s",
          project_id: "alpha",
          agent_id: null,
          role: "r",
          state: "idle",
          next_action: secret,
          last_signal: secret,
          updated_at: "",
        },
      ],
      markdown: `# ${secret}`,
      upTo: filePlace(1, 0),
    });
    expect(entry.text).toBe("text ‹redacted›[31m");
    expect(entry.command_id).toBe("c-1");
    for (const path of await readdir(workspace.root, { recursive: true })) {
      const full = join(workspace.root, path);
      if ((await stat(full)).isFile()) expect([path, (await readFile(full)).includes(secret)]).toEqual([path, false]);
    }
    expect(await ledger.readBlob(entry.output_blob as string)).toBe(long.replace(secret, "‹redacted›"));
  });

  it("kept what names things, also where a known secret has the same letters", async () => {
    const ledger = await workspace.ledger({ sanitize: () => "‹redacted›" });
    const names = {
      role: "builder",
      to: "reviewer",
      rule: "removes-files",
      holder: "human:ada",
      host: "ada-desk",
      started_at: "12345",
      expires_at: "2026-01-01T00:00:00.000Z",
      known_by: "mark",
      task_id: "build",
      server_id: "s",
    } as const;
    const entry = await ledger.append(
      note("x", {
        ...names,
        refs: [
          { type: "task", id: "build", why: "x" },
          { type: "file", id: "x" },
        ],
      }),
      "synced",
    );
    expect(entry).toMatchObject({
      ...names,
      text: "‹redacted›",
      refs: [
        { type: "task", id: "build", why: "‹redacted›" },
        { type: "‹redacted›", id: "‹redacted›" },
      ],
    });
  });

  it("leaves texts above 32 KiB to files, with their first KiB in the entry", async () => {
    const ledger = await workspace.ledger();
    const long = "ä".repeat(30_000);
    const entry = await ledger.append(note(long, { output: "z".repeat(32 * 1024) }), "synced");
    expect(entry.text).toMatch(/^ä{512}\n\[the first 1 KiB of 60000 bytes; all of it is in blobs\/[0-9a-f]{64}\]$/);
    expect(entry.output).toHaveLength(32 * 1024);
    expect(entry.output_blob).toBeUndefined();
    expect(await ledger.readBlob(entry.text_blob as string)).toBe(long);
    await ledger.append(note(long), "synced");
    expect(await readdir(join(workspace.folder, "blobs"))).toEqual([entry.text_blob]);
    expect(await ledger.verify()).toMatchObject({ damaged_blobs: 0 });
    await rm(join(workspace.folder, "blobs", entry.text_blob as string));
    expect(await ledger.verify()).toMatchObject({ damaged_blobs: 1 });
    for (const hash of [entry.text_blob as string, "../../project.json", ""]) {
      expect(await rejection(ledger.readBlob(hash))).toMatchObject({ code: "entry_not_found" });
    }
  });
});

describe("when writing fails", () => {
  it("refuses the whole batch after a short write, and the next append starts a new line", async () => {
    let short: number | undefined;
    const ledger = await workspace.ledger({
      openSegment: failingSegments((call) => (call === "write" ? short : undefined)),
    });
    await ledger.append(note("before"), "synced");
    short = 100;
    const batch = [ledger.append(note("x"), "written"), ledger.append(note("y"), "synced")];
    expect(await Promise.all(batch.map(rejection))).toMatchObject([{ code: "disk_full" }, { code: "disk_full" }]);
    short = undefined;
    await ledger.append(note("after"), "synced");
    expect(await texts(ledger)).toEqual(["before", "after"]);
    expect(await ledger.verify()).toMatchObject({ damaged: 1, entries: 2 });
  });

  it.each([
    ["ENOSPC", "disk_full"],
    ["EDQUOT", "disk_full"],
    ["EROFS", "ledger_unwritable"],
    ["EACCES", "ledger_unwritable"],
    ["EIO", "ledger_unwritable"],
  ])("says %s as %s and goes on when it is over", async (code, expected) => {
    let failing = true;
    const fault = (call: string): undefined => {
      if (failing && (call === "write" || call === "open")) throw errno(code);
    };
    const ledger = await workspace.ledger({ openSegment: failingSegments(fault) });
    expect(await rejection(ledger.append(note("x"), "synced"))).toMatchObject({ code: expected });
    failing = false;
    await ledger.append(note("y"), "synced");
    expect(await texts(ledger)).toEqual(["y"]);
  });

  it("ends each fault at the Nth call in a clean refusal, with nothing acknowledged lost (R12)", async () => {
    const limits = { bytes: 1_000_000, entries: 4 };
    for (let failAt = 1; ; failAt++) {
      const place = await Workspace.make();
      let calls = 0;
      const fault = (): undefined => {
        if (++calls === failAt) throw errno("EIO");
      };
      const clock = new FakeClock();
      const ledger = await place.ledger({ openSegment: failingSegments(fault), limits, clock });
      const kept: string[] = [];
      for (let index = 0; index < 10; index++) {
        const result = await rejection(ledger.append(note(`n${index}`), index % 2 === 0 ? "synced" : "written"));
        if (result === "resolved") kept.push(`n${index}`);
        else expect(result).toMatchObject({ code: "ledger_unwritable" });
        clock.advance(1000);
      }
      await rejection(ledger.flush());
      await ledger.flush();
      const found = await texts(ledger);
      expect([failAt, kept.filter((text) => !found.includes(text))]).toEqual([failAt, []]);
      expect(new Set(found).size).toBe(found.length);
      expect(kept.length).toBeGreaterThanOrEqual(8);
      await place.dispose();
      if (calls < failAt) break;
      expect(failAt).toBeLessThan(300);
    }
  });

  it("tells with the next flush that a delayed sync failed", async () => {
    const clock = new FakeClock();
    const warnings: string[] = [];
    let failing = true;
    const fault = (call: string): undefined => {
      if (failing && call === "datasync") throw errno("EIO");
    };
    const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) };
    const ledger = await workspace.ledger({ clock, logger, openSegment: failingSegments(fault) });
    await ledger.append(note("a"), "written");
    clock.advance(1000);
    await expect.poll(() => warnings).toHaveLength(1);
    failing = false;
    expect(await rejection(ledger.flush())).toMatchObject({ code: "ledger_unwritable" });
    await ledger.flush();
    expect(await texts(ledger)).toEqual(["a"]);
  });

  it("loses nothing acknowledged when space runs out at random places (R8)", async () => {
    console.log(`seed ${seed}`);
    const random = randomBy(seed);
    let space = Infinity;
    const fault = (call: string, bytes?: number): number | undefined => {
      if (call !== "write" || bytes === undefined) return undefined;
      // As tmpfs does it: first a short count, then the error.
      if (space === 0) throw errno("ENOSPC");
      const taken = Math.min(bytes, space);
      space -= taken;
      return taken;
    };
    const ledger = await workspace.ledger({
      openSegment: failingSegments(fault),
      limits: { bytes: 8000, entries: 1000 },
    });
    const kept: string[] = [];
    for (let round = 0; round < 50; round++) {
      space = Math.floor(random() * 3000);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => rejection(ledger.append(note(`r${round}n${index}`), "synced"))),
      );
      results.forEach((result, index) => {
        if (result === "resolved") kept.push(`r${round}n${index}`);
        else expect(result).toMatchObject({ code: "disk_full" });
      });
      space = Infinity;
      await ledger.append(note(`r${round}`), "synced");
      kept.push(`r${round}`);
    }
    const found = new Set(await texts(ledger));
    expect(kept.filter((text) => !found.has(text))).toEqual([]);
  });

  it.each([
    ["deleted", (folder: string) => rm(folder, { recursive: true })],
    ["moved away", (folder: string) => rename(folder, `${folder}-elsewhere`)],
  ])("says so when the folder was %s, and does not make a new one", async (_how, remove) => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await remove(workspace.folder);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await rejection(ledger.append(note("b"), "written"))).toMatchObject({
        code: "ledger_unwritable",
        message: /gone/,
      });
    }
    expect(await rejection(texts(ledger))).toMatchObject({ code: "project_not_found" });
    expect(await rejection(ledger.readProject())).toMatchObject({ code: "project_not_found" });
    expect(await readdir(join(workspace.root, "projects"))).not.toContain("alpha");
  });

  it("goes on when the folder is back", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await rename(workspace.folder, `${workspace.folder}-elsewhere`);
    await rejection(ledger.append(note("b"), "written"));
    await rename(`${workspace.folder}-elsewhere`, workspace.folder);
    await ledger.append(note("c"), "written");
    expect(await texts(ledger)).toEqual(["a", "c"]);
  });
});

describe("segments", () => {
  it("end by size and by number of entries, and are read as one", async () => {
    const ledger = await workspace.ledger({ limits: { bytes: 2000, entries: 5 } });
    const wanted = Array.from({ length: 23 }, (_, index) => `n${index}`);
    for (const text of wanted)
      await ledger.append(note(text, text === "n7" ? { filler: "x".repeat(1500) } : {}), "written");
    const all = await stored(ledger);
    expect(all.map((item) => item.entry.text)).toEqual(wanted);
    expect((await workspace.bytes()).toString().trimEnd().split("\n").at(-1)).toContain(
      "The record goes on in events-000002.jsonl.",
    );
    const perSegment = [1, 2, 3, 4, 5, 6].map(
      (segment) => all.filter((item) => asFilePlace(item.at).segment === segment).length,
    );
    expect(perSegment).toEqual([5, 2, 2, 5, 5, 4]);
    for (const [index, item] of all.entries()) expect(await texts(ledger, item.next)).toEqual(wanted.slice(index + 1));
    for (const count of [0, 1, 4, 5, 6, 11, 23, 99]) {
      expect((await ledger.last(count)).map((entry) => entry.text)).toEqual(count === 0 ? [] : wanted.slice(-count));
    }
  });

  it("count only to their first end mark: what a late writer put behind it is written again", async () => {
    const limits = { bytes: 1_000_000, entries: 3 };
    const other = await workspace.ledger({ limits });
    let interfere = false;
    const late = await workspace.ledger({
      openSegment: failingSegments(async (call) => {
        if (call !== "write" || !interfere) return undefined;
        interfere = false;
        // Between the late writer's look and its write the segment fills up and ends.
        for (const text of ["b", "c", "d"]) await other.append(note(text), "written");
        return undefined;
      }),
    });
    await late.append(note("a"), "synced");
    const places: string[] = [];
    interfere = true;
    await Promise.all([late.append(note("x"), "synced"), late.append(note("y"), "written")]);
    for (const { entry, at } of await stored(late)) places.push(`${entry.text}@${asFilePlace(at).segment}`);
    expect(places).toEqual(["a@1", "b@1", "c@1", "d@2", "x@2", "y@2"]);
    expect((await workspace.bytes(1)).toString()).toContain('"text":"x"');
    expect((await late.last(6)).map((entry) => entry.text)).toEqual(["a", "b", "c", "d", "x", "y"]);
    const counts = await late.verify();
    expect(counts).toMatchObject({ entries: 6, duplicates: 0, damaged: 0 });
    expect(counts.superseded_bytes).toBeGreaterThan(0);
  });

  it("are read to their end when the end mark itself is damaged", async () => {
    const ledger = await workspace.ledger({ limits: { bytes: 1_000_000, entries: 2 } });
    for (const text of ["a", "b", "c"]) await ledger.append(note(text), "synced");
    await writeFile(workspace.segment(), (await workspace.bytes()).toString().replace("segment_end", "segment_enD"));
    expect(await texts(ledger)).toEqual(["a", "b", "c"]);
    expect(await ledger.verify()).toMatchObject({ damaged: 1, entries: 3 });
  });

  it("go on when a process died between the end mark and the next file, or after making that file", async () => {
    const ledger = await workspace.ledger({ limits: { bytes: 1_000_000, entries: 2 } });
    for (const text of ["a", "b", "c"]) await ledger.append(note(text), "synced");
    await ledger.close();
    await rm(workspace.segment(2));
    const next = await workspace.ledger();
    expect(await texts(next)).toEqual(["a", "b"]);
    await next.append(note("d"), "synced");
    expect(await texts(next)).toEqual(["a", "b", "d"]);
    expect((await workspace.bytes(2)).toString()).toContain('"text":"d"');
  });

  it("take a nested field that looks like an end mark for what it is", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a", { nested: { kind: "segment_end" } }), "synced");
    const other = await workspace.ledger();
    await other.append(note("b"), "synced");
    await ledger.append(note("c"), "synced");
    expect(await texts(ledger)).toEqual(["a", "b", "c"]);
    expect(await readdir(workspace.folder)).toEqual(["events-000001.jsonl", "project.json"]);
  });
});

it("projects share nothing but the folder", async () => {
  const store = workspace.store();
  const [a, b] = await Promise.all([store.create(project("a")), store.create(project("b"))]);
  await a.append(note("in a"), "synced");
  await b.append(note("in b"), "synced");
  expect([await texts(a), await texts(b)]).toEqual([["in a"], ["in b"]]);
  expect(optionsWith().ids.secret(16)).toMatch(/^[0-9a-f]{32}$/);
  await Promise.all([a.close(), b.close()]);
});
