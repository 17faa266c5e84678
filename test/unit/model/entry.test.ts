import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hash64 } from "../../../src/core/base/hash";
import { entryKinds, escalationKinds } from "../../../src/core/model/entryKinds";
import { needsHuman, refOf, type ContextEntry } from "../../../src/core/model/entry";
import { contextEntrySchema } from "../../../src/core/model/schemas";

const least: ContextEntry = {
  id: "01J",
  project_id: "alpha",
  session_name: null,
  actor: "engine",
  kind: "note",
  ts: "2026-01-01T00:00:00.000Z",
  text: "x",
};
const known = new Set(Object.keys(contextEntrySchema.shape));

function roundTrip(entry: unknown): unknown {
  return JSON.parse(JSON.stringify(contextEntrySchema.parse(JSON.parse(JSON.stringify(entry)))));
}

describe("a ContextEntry", () => {
  it("survives parsing and writing with fields and kinds that nobody knows yet", () => {
    const extra = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 12 }).filter((key) => !known.has(key) && key !== "__proto__"),
      fc.jsonValue({ maxDepth: 3 }),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(
        extra,
        fc.oneof(fc.constantFrom(...entryKinds), fc.string({ minLength: 1, maxLength: 20 })),
        fc.string({ unit: "binary" }),
        (fields, kind, text) => {
          const entry = JSON.parse(JSON.stringify({ ...least, ...fields, kind, text })) as unknown;
          expect(roundTrip(entry)).toEqual(entry);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps what a newer version says within its references", () => {
    const entry = {
      ...least,
      refs: [
        { type: "entry", id: "1", more: { a: [1] } },
        { type: "planet", id: "mars" },
      ],
      v: 2,
    };
    expect(roundTrip(entry)).toEqual(entry);
  });

  it("keeps all fields of its own", () => {
    const entry = {
      ...least,
      session_name: "proj-alpha::builder::1",
      kind: "result",
      human_attention_needed: false,
      event: "finished",
      state: "succeeded",
      task_id: "build",
      attempt: 1,
      step: 0,
      definition: "00",
      reason: "",
      command_id: "01K",
      k: "key",
      n: 3,
      input: "npm ci",
      typed_as: "paste",
      outcome: "exited",
      exit_code: 0,
      known_by: "mark",
      duration_ms: 1.5,
      output: "ok\n",
      complete: true,
      cwd: "/",
      options: ["yes"],
      answer: "yes",
      wire_name: "w",
      server_id: "s",
      pid: 1,
      refs: [{ type: "command", id: "01K" }],
    };
    expect(roundTrip(entry)).toEqual(entry);
    for (const field of Object.keys(entry)) expect(known).toContain(field);
  });

  it.each([
    ["no id", { ...least, id: "" }],
    ["no kind", { ...least, kind: "" }],
    ["another type of text", { ...least, text: 1 }],
    ["no session_name at all", { ...least, session_name: undefined }],
    ["an unknown way of typing", { ...least, typed_as: "telepathy" }],
  ])("is refused with %s", (_name, entry) => {
    expect(contextEntrySchema.safeParse(entry).success).toBe(false);
  });

  it("needs a person only when it is an escalation that says so", () => {
    for (const kind of entryKinds) {
      expect(needsHuman({ ...least, kind, human_attention_needed: true })).toBe(escalationKinds.includes(kind));
      expect(needsHuman({ ...least, kind })).toBe(false);
    }
  });

  it("tells what it refers to", () => {
    expect(
      refOf(
        {
          ...least,
          refs: [
            { type: "task", id: "a" },
            { type: "entry", id: "b" },
            { type: "entry", id: "c" },
          ],
        },
        "entry",
      ),
    ).toBe("b");
    expect(refOf(least, "entry")).toBeUndefined();
  });
});

describe("hash64", () => {
  it("is FNV-1a over both bytes of each unit", () => {
    expect(hash64("")).toBe("cbf29ce484222325");
    expect(hash64("a")).toBe("089be207b544f1e4");
  });

  it("is sixteen hex digits, equal for equal text only", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
        expect(hash64(one)).toMatch(/^[0-9a-f]{16}$/);
        expect(hash64(one) === hash64(other)).toBe(one === other);
      }),
    );
  });

  it("spreads close texts over its digits", () => {
    const seen = new Set(Array.from({ length: 5000 }, (_, index) => hash64(`session-${index}`).slice(0, 8)));
    expect(seen.size).toBeGreaterThan(4990);
  });
});
