import { readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntryDraft } from "../../../src/core/model/entry";
import { FakeClock } from "../../support/fakeClock";
import { Workspace, entries, note, optionsWith, project, rejection, texts } from "../../support/ledgerHarness";
import { failingSegments } from "./failingSegment";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

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
      upTo: ledger.beginning,
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
    expect(entry.text).toMatch(/^ä{512}\n\[first 1 KiB of 60000 bytes; the whole text is in blobs\/[0-9a-f]{64}\]$/);
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

it("projects share nothing but the folder", async () => {
  const store = workspace.store();
  const [a, b] = await Promise.all([store.create(project("a")), store.create(project("b"))]);
  await a.append(note("in a"), "synced");
  await b.append(note("in b"), "synced");
  expect([await texts(a), await texts(b)]).toEqual([["in a"], ["in b"]]);
  expect(optionsWith().ids.secret(16)).toMatch(/^[0-9a-f]{32}$/);
  await Promise.all([a.close(), b.close()]);
});
