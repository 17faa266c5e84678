import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasCode } from "../../../src/core/model/errors";
import {
  isRoleName,
  logicalName,
  matchesSession,
  parseLogicalName,
  projectIdOf,
  wireName,
  workspaceTag,
  type SessionName,
} from "../../../src/core/model/names";

const idForm = /^[a-z0-9][a-z0-9-]{0,47}$/;
const wireForm = /^[A-Za-z0-9._-]{1,64}$/;

const anyName = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 80 }),
  fc.stringMatching(/^[A-Za-z0-9._ -]{1,60}$/),
);
const projectId = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,47}$/);
const role = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/);
const session: fc.Arbitrary<SessionName> = fc.record({
  project_id: projectId,
  role,
  index: fc.integer({ min: 1, max: 999_999 }),
});

function idOrRefusal(name: string): string | undefined {
  try {
    return projectIdOf(name);
  } catch (error) {
    if (hasCode(error, "name_invalid")) return undefined;
    throw error;
  }
}

describe("projectIdOf", () => {
  it.each(["alpha", "a", "0", "my-project-2", "a".repeat(48), "a-", "trailing-"])(
    "keeps %s, which is an id already",
    (name) => {
      expect(projectIdOf(name)).toBe(name);
    },
  );

  it.each([
    ["Alpha", /^alpha-[0-9a-f]{8}$/],
    ["My Project!", /^my-project-[0-9a-f]{8}$/],
    ["Ärger mit Ümläuten", /^a-?rger-mit-u/],
    ["项目", /^p-[0-9a-f]{8}$/],
    ["🚀", /^p-[0-9a-f]{8}$/],
    ["a/b", /^a-b-[0-9a-f]{8}$/],
    ["..", /^p-[0-9a-f]{8}$/],
    [".", /^p-[0-9a-f]{8}$/],
    ["-x", /^x-[0-9a-f]{8}$/],
    ["a".repeat(49), /^a{39}-[0-9a-f]{8}$/],
    ["a_b", /^a-b-[0-9a-f]{8}$/],
  ])("makes an id of %s", (name, form) => {
    expect(projectIdOf(name)).toMatch(form);
  });

  it.each(["con", "nul", "aux", "prn", "com1", "lpt9", "CON", "Nul"])(
    "never gives the name of a Windows device: %s",
    (name) => {
      expect(projectIdOf(name)).toMatch(/-[0-9a-f]{8}$/);
    },
  );

  it.each(["", " ", "\t", "a\u0000b", "a\nb", "\u007f", "\u0085", "a\u202eb", "\u200b", "\u2028"])(
    "refuses %j",
    (name) => {
      expect(() => projectIdOf(name)).toThrow(expect.objectContaining({ code: "name_invalid" }));
    },
  );

  it("takes spellings of one text as one", () => {
    expect(projectIdOf(" alpha ")).toBe("alpha");
    expect(projectIdOf("caf\u00e9")).toBe(projectIdOf("cafe\u0301"));
  });

  it("tells names apart whose slugs are equal", () => {
    const names = [
      "My Project",
      "my project",
      "My-Project",
      "My_Project",
      "MY PROJECT",
      "my.project",
      "项目",
      "計画",
      "Ä",
      "ä",
      "a ",
      "A",
    ];
    expect(new Set(names.map(projectIdOf)).size).toBe(new Set(names.map((name) => name.trim())).size);
  });

  it("gives an id that is its own id, whatever the name", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const id = idOrRefusal(name);
        if (id === undefined) return;
        expect(id).toMatch(idForm);
        expect(projectIdOf(id)).toBe(id);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("session names", () => {
  it("are read as they are written", () => {
    fc.assert(
      fc.property(session, (name) => {
        expect(parseLogicalName(logicalName(name))).toEqual(name);
      }),
    );
    expect(logicalName({ project_id: "alpha", role: "builder", index: 1 })).toBe("proj-alpha::builder::1");
  });

  it.each([
    "",
    "proj-a",
    "proj-a::b",
    "proj-a::b::0",
    "proj-a::b::x",
    "a::b::1",
    "proj-::b::1",
    "proj-a::::1",
    "proj-a::b::01",
    "proj-a::b::1 ",
    "proj-a::b::c::1",
    "proj-a::b.c::1",
    "proj-A::b::1",
    "proj-a::b::1\n",
  ])("are nothing else: %j", (text) => {
    expect(parseLogicalName(text)).toBeUndefined();
  });

  it("fit on every server", () => {
    fc.assert(
      fc.property(session, (name) => {
        expect(wireName(name)).toMatch(wireForm);
        expect(wireName(name)).toMatch(new RegExp(`\\.${name.index}$`));
      }),
      { numRuns: 2000 },
    );
    expect(wireName({ project_id: "alpha", role: "builder", index: 1 })).toBe("proj-alpha.builder.1");
    expect(wireName({ project_id: "p".repeat(48), role: "r".repeat(48), index: 999_999 })).toHaveLength(64);
  });

  it("differ on the server when they differ, also when they are cut", () => {
    const long = fc.record({
      project_id: fc.constantFrom("a".repeat(47), "a".repeat(48), `${"a".repeat(40)}-b`),
      role: fc.constantFrom("b".repeat(40), "b".repeat(48), "B".repeat(48), "b-", "b"),
      index: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.oneof(long, session), fc.oneof(long, session), (one, other) => {
        fc.pre(logicalName(one) !== logicalName(other));
        expect(wireName(one)).not.toBe(wireName(other));
      }),
      { numRuns: 2000 },
    );
  });

  it("begin with their project when they are cut", () => {
    fc.assert(
      fc.property(session, (name) => {
        expect(wireName(name).startsWith(`proj-${name.project_id.slice(0, 30)}`)).toBe(true);
      }),
    );
  });

  it.each(["proj-alpha::builder::1", "proj-alpha.builder.1", "builder::1", "builder.1", "1", "alpha::builder::1"])(
    "are found by %s",
    (query) => {
      expect(matchesSession(query, "proj-alpha::builder::1", "proj-alpha.builder.1")).toBe(true);
    },
  );

  it.each(["", "uilder::1", "builder", "builder::2", "proj-alpha::builder", "::1", "lpha::builder::1"])(
    "are not found by %j",
    (query) => {
      expect(matchesSession(query, "proj-alpha::builder::1", "proj-alpha.builder.1")).toBe(false);
    },
  );
});

describe("isRoleName", () => {
  it.each(["builder", "B", "r2", "a_b", "a-b", "a".repeat(48)])("takes %s", (name) => {
    expect(isRoleName(name)).toBe(true);
  });

  it.each(["", "a.b", "a b", "a:b", "-a", "_a", "a".repeat(49), "ä", "a\n"])("refuses %j", (name) => {
    expect(isRoleName(name)).toBe(false);
  });
});

describe("the tag of a workspace", () => {
  it("stays the same, because living sessions carry it, and tells folders apart without naming them", () => {
    expect(workspaceTag("/home/ada/work")).toBe("ws-e16f4510cf0817c8");
    expect(workspaceTag("/home/ada/work2")).not.toBe(workspaceTag("/home/ada/work"));
  });
});
