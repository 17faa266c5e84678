import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextEntrySchema } from "../../../src/core/model/schemas";
import {
  boolean,
  choice,
  fallback,
  filledString,
  int,
  intFrom,
  list,
  nullable,
  number,
  object,
  openObject,
  optional,
  record,
  string,
  tuple,
  union,
  where,
} from "../../../src/core/base/shape";
import { zodOf } from "../../support/zodOf";

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

const opinion = zodOf(contextEntrySchema);

describe("a shape", () => {
  it("says of each field of an entry what zod says of the same shape", () => {
    const taken: string[] = [];
    for (const name of names) {
      for (const value of fc.sample(values, { numRuns: 200, seed: 7 })) {
        const entry = { ...least, [name]: value };
        const expected = opinion.safeParse(entry);
        const found = contextEntrySchema.safeParse(entry);
        expect(found.success, `${name}: ${JSON.stringify(value)}`).toBe(expected.success);
        expect(found.data).toEqual(expected.data);
        if (expected.success) taken.push(name);
      }
    }
    expect(new Set(taken)).toEqual(new Set(names));
  });

  it("says of whole entries, with fields that are missing, wrong or unknown, what zod says, and where it is wrong", () => {
    const fields = fc.dictionary(
      fc.oneof(fc.constantFrom(...names, "later", "toString", "__proto__"), fc.string()),
      values,
      { maxKeys: 8 },
    );
    fc.assert(
      fc.property(fields, fc.subarray(Object.keys(least)), (given, missing) => {
        const entry: Record<string, unknown> = { ...least, ...given };
        for (const name of missing) Reflect.deleteProperty(entry, name);
        const places = (issues: readonly { readonly path: readonly PropertyKey[] }[] = []): Set<unknown> =>
          new Set(issues.map(({ path }) => path[0]));
        const expected = opinion.safeParse(entry);
        const found = contextEntrySchema.safeParse(entry);
        expect(found.success).toBe(expected.success);
        expect(places(found.error?.issues)).toEqual(places(expected.error?.issues));
      }),
      { numRuns: 2000 },
    );
  });

  it("takes nothing that is no object", () => {
    for (const value of [null, undefined, 1, "{}", [least], []])
      expect(contextEntrySchema.safeParse(value).success).toBe(false);
  });

  it("gives what fits as it is, and a copy of what has something replaced", () => {
    const inner = object({ a: fallback(choice(["x", "y"]), "x"), b: optional(number) });
    const outer = openObject({ inner, many: list(inner) });
    const fits = { inner: { a: "y" }, many: [{ a: "x", b: 1 }], more: 1 };
    expect(outer.parse(fits)).toBe(fits);
    const other = { inner: { a: "z", later: 2 }, many: [{ a: "x" }, {}], more: 1 };
    expect(outer.parse(other)).toEqual({ inner: { a: "x", later: 2 }, many: [{ a: "x" }, { a: "x" }], more: 1 });
    expect(other.inner.a).toBe("z");
  });

  it("says each place that does not fit, and how", () => {
    const shape = object({
      size: intFrom(0, 9),
      names: list(filledString),
      pair: tuple(string, int),
      either: union(string, list(boolean)),
      one: choice(["a", "b"]),
      known: record(number),
      maybe: nullable(number),
      even: where(int, (value) => value % 2 === 0),
    });
    const { error } = shape.safeParse({
      size: 10,
      names: ["", 1],
      pair: ["x"],
      either: [1],
      one: "c",
      known: { x: "1" },
      maybe: "",
      even: 3,
    });
    expect(error?.message).toBe(
      "size is out of its range; names.0 is too short; names.1 is not a string; pair is not a list of 2; " +
        "either has an unexpected form; one is not a or b; known.x is not a number; maybe is not a number; " +
        "even has an unexpected value",
    );
    expect(() => shape.parse(null)).toThrow("is not an object");
  });
});
