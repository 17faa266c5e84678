import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEntry, isProject } from "../../../src/core/model/entryCheck";
import { contextEntrySchema, projectContextSchema } from "../../../src/core/model/schemas";

const least = {
  id: "01J",
  project_id: "alpha",
  session_name: null,
  actor: "engine",
  kind: "note",
  ts: "2026-01-01T00:00:00.000Z",
  text: "x",
};
const names = Object.keys(contextEntrySchema.shape);
const values = fc.oneof(
  fc.constantFrom<unknown>(
    "",
    "text",
    "paste",
    "mark",
    "exited",
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    Number.MAX_VALUE,
    [],
    ["a"],
    [1],
    {},
    [{ type: "entry", id: "1" }],
    [{ type: "entry" }],
    undefined,
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

describe("the check of an entry", () => {
  it("says of each field what the schema says", () => {
    const taken: string[] = [];
    for (const name of names) {
      for (const value of fc.sample(values, { numRuns: 200, seed: 7 })) {
        const entry = { ...least, [name]: value };
        const expected = contextEntrySchema.safeParse(entry).success;
        expect(isEntry(entry), `${name}: ${JSON.stringify(value)}`).toBe(expected);
        if (expected) taken.push(name);
      }
    }
    expect(new Set(taken)).toEqual(new Set(names));
  });

  it("says of whole entries, with fields that are missing, wrong or unknown, what the schema says", () => {
    const fields = fc.dictionary(
      fc.oneof(fc.constantFrom(...names, "later", "toString", "__proto__"), fc.string()),
      values,
      { maxKeys: 8 },
    );
    fc.assert(
      fc.property(fields, fc.subarray(Object.keys(least)), (given, missing) => {
        const entry: Record<string, unknown> = { ...least, ...given };
        for (const name of missing) Reflect.deleteProperty(entry, name);
        expect(isEntry(entry)).toBe(contextEntrySchema.safeParse(entry).success);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes nothing that is no object", () => {
    for (const value of [null, undefined, 1, "{}", [least], []])
      expect(isEntry(value)).toBe(contextEntrySchema.safeParse(value).success);
  });
});

describe("the check of a project", () => {
  const project = {
    project_id: "alpha",
    name: "Alpha",
    goal: "",
    status: "running",
    default_cwd: "/w",
    active_branch: null,
    owner: "human:me",
    updated_at: "2026-01-01T00:00:00.000Z",
    server: { address: "builtin", server_id: null, process: { pid: 1, started_at: "", host: "vm" }, later: 1 },
    later: { any: ["thing"] },
  };

  it("takes what the schema takes and leaves as it is, and nothing else", () => {
    expect(isProject(project)).toBe(true);
    const taken: unknown[] = [];
    for (const name of Object.keys(project)) {
      for (const value of [...fc.sample(values, { numRuns: 100, seed: 7 }), "planned", { address: "" }, { pid: 1 }]) {
        const changed = { ...project, [name]: value };
        const { success, data } = projectContextSchema.safeParse(changed);
        expect(isProject(changed), `${name}: ${JSON.stringify(value)}`).toBe(
          success && JSON.stringify(data) === JSON.stringify(changed),
        );
        taken.push(success);
      }
      const { [name]: _, ...missing } = project as Record<string, unknown>;
      const { success, data } = projectContextSchema.safeParse(missing);
      expect(isProject(missing), name).toBe(success && JSON.stringify(data) === JSON.stringify(missing));
    }
    expect(new Set(taken)).toEqual(new Set([true, false]));
  });
});
