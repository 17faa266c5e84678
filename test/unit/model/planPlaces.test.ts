import { describe, expect, it } from "vitest";
import { keyAt } from "../../../src/core/model/planKeys";
import { planHover } from "../../../src/core/model/planHover";
import { nameAt, placesOf } from "../../../src/core/model/planOutline";
import { planOutline } from "../../../src/core/model/planPlaces";
import { planFileSchema, planKeys } from "../../../src/core/model/planSchema";

const text = `project: a
roles:
  builder: {}
  "coder": { agent: codex }
tasks:
  - id: build
    role: builder
    run: make
  - id: fix
    role: 'coder'
    needs: [build]
    prompt: |
      See {{build.output}} and \\{{build.output}}, {{ build.handoff }} and {{file:build.output}}.
`;

describe("the outline of a plan", () => {
  const outline = planOutline(text);
  const at = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);

  it("has its parts, with what they are about", () => {
    expect(outline.project && at(outline.project.at)).toBe("a");
    expect(outline.roles.map(({ name, detail }) => [name, detail])).toEqual([
      ["builder", ""],
      ["coder", "codex"],
    ]);
    expect(outline.tasks.map(({ name, detail }) => [name, detail])).toEqual([
      ["build", "builder"],
      ["fix", "coder"],
    ]);
    expect(at(outline.tasks[0]?.at ?? { start: 0, end: 0 })).toMatch(/^id: build\n {4}role: builder\n {4}run: make$/);
  });

  it("knows each place in which a role or a task is named, in prompts too, without quotes", () => {
    const names = (is: "role" | "task", name: string): string[] =>
      placesOf(outline, { is, name }).map((each) => `${at(each.at)} ${each.isDefinition} ${each.isBare}`);
    expect(names("task", "build")).toEqual([
      "build true true",
      "build false true",
      "build false false",
      "build false false",
    ]);
    expect(names("role", "coder")).toEqual(["coder true false", "coder false false"]);
    expect(nameAt(outline, text.indexOf("[build]") + 3)).toMatchObject({ is: "task", name: "build" });
    expect(nameAt(outline, text.indexOf("make"))).toBeUndefined();
  });

  it("is there while the rest is wrong, and empty for what is no plan", () => {
    expect(planOutline("tasks:\n  - id: a\n    run: x: y\n  - id: b\n    ne").tasks.map(({ name }) => name)).toEqual([
      "a",
      "b",
    ]);
    for (const none of ["", "- a", "a: [", "x".repeat(3_000_000), "[".repeat(1000)])
      expect(planOutline(none)).toMatchObject({ tasks: [], roles: [], names: [] });
  });

  it("has the problem matchers that roles and tasks name", () => {
    const named =
      "roles: { r: { problems: $tsc } }\ntasks:\n  - { id: a, role: r, problems: ['$go', &m b] }\n  - { id: b, problems: *m }\n";
    const { matchers } = planOutline(named);
    expect(matchers.map((each) => [each.name, named.slice(each.at.start, each.at.end)])).toEqual([
      ["$tsc", "$tsc"],
      ["$go", "$go"],
      ["b", "b"],
    ]);
  });

  it("counts what an anchor stands for once", () => {
    const shared =
      "x-t: &t { role: r }\nroles: { r: {} }\ntasks:\n  - { id: a, <<: *t }\n  - { id: b, needs: &n [a] }\n  - { id: c, needs: *n }\n";
    expect(placesOf(planOutline(shared), { is: "task", name: "a" })).toHaveLength(2);
  });
});

describe("what is said of a place", () => {
  const hover = (before: string): ReturnType<typeof planHover> => planHover(text, text.indexOf(before) + 1);

  it("is what the schema says of a key, with an example", () => {
    expect(hover("needs:")).toMatchObject({
      key: {
        key: "needs",
        description: "Tasks that must succeed before this one starts: an id, or a list of ids. Default: none.",
        examples: ["needs: [ build ]"],
      },
    });
    expect(hover("agent: codex")?.key?.examples).toEqual(["agent: codex", "agent: { use: codex, mode: edits }"]);
    expect(hover("builder: {}")?.key?.description).toMatch(/^A kind of session/);
  });

  it("is the task or role that is named there", () => {
    expect(hover("[build]")?.described).toBe("- id: build\n  role: builder\n  run: make");
    expect(hover("'coder'")?.described).toBe('"coder": { agent: codex }');
  });

  it("is nothing in a value, and behind the text", () => {
    expect(hover("make")).toBeUndefined();
    expect(planHover(text, text.length)).toBeUndefined();
  });
});

it("each key of a plan has a meaning and an example that a plan can have", () => {
  const inner = {
    retries: "tasks",
    restart: "tasks",
    until: "tasks",
    prompt: "tasks",
    budget: "tasks",
    agent: "roles",
  };
  const without: string[] = [];
  for (const [map, keys] of Object.entries(planKeys))
    for (const key of keys) {
      const path =
        map === "plan"
          ? [key]
          : map === "role" || map === "task"
            ? [`${map}s`, map === "role" ? "builder" : 0, key]
            : inner[map as keyof typeof inner] === "roles"
              ? ["roles", "builder", map, key]
              : ["tasks", 0, map, key];
      const found = keyAt(path);
      if (!found || found.description === "" || found.examples.length === 0) without.push(path.join("."));
    }
  expect(without).toEqual([]);
  expect(planFileSchema.shape.project.description).toBe("Name of the project.");
});
