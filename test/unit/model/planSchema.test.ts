import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planJsonSchema } from "../../../src/core/model/planSchema";

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
}

/** Paths of the fields that an editor could not explain. */
function undescribed(schema: Schema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}.${name}`] : []),
    ...undescribed(field, `${path}.${name}`),
  ]);
  const inner = [
    schema.items,
    ...(schema.anyOf ?? []),
    typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined,
  ];
  return [...own, ...inner.flatMap((each) => (each ? undescribed(each, `${path}[]`) : []))];
}

describe("planJsonSchema", () => {
  it("is what media/plan.schema.json holds", async () => {
    await expect(
      `${JSON.stringify(planJsonSchema(), null, 2)}\n`,
      "media/plan.schema.json is not of this version of the schema. Run: npm run schema",
    ).toMatchFileSnapshot("../../../media/plan.schema.json");
  });

  it("explains every field", () => {
    expect(undescribed(planJsonSchema() as Schema, "plan")).toEqual([]);
  });

  it("allows x- keys and no other unknown ones", () => {
    expect(planJsonSchema()).toMatchObject({
      additionalProperties: false,
      patternProperties: { "^x-": true },
      required: ["project"],
    });
  });

  it("knows its keys in the file too", () => {
    const file = JSON.parse(
      readFileSync(new URL("../../../media/plan.schema.json", import.meta.url), "utf8"),
    ) as Schema;
    expect(Object.keys(file.properties ?? {})).toEqual(["project", "goal", "max_sessions", "quiet", "roles", "tasks"]);
  });
});
