import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ruleFileJsonSchema } from "../../../src/core/model/ruleFileSchema";

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

interface Manifest {
  readonly contributes: { readonly yamlValidation: readonly { readonly fileMatch: string; readonly url: string }[] };
}

/** Paths of the fields that an editor could not explain. */
function undescribed(schema: Schema, path: string): string[] {
  const fields = Object.entries(schema.properties ?? {});
  const inner = [
    schema.items,
    typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined,
  ];
  return [
    ...fields.flatMap(([name, field]) => [
      ...(field.description === undefined ? [`${path}.${name}`] : []),
      ...undescribed(field, `${path}.${name}`),
    ]),
    ...inner.flatMap((each) => (each ? undescribed(each, `${path}[]`) : [])),
  ];
}

describe("the schema of a file of rules", () => {
  it("is what media/program-rules.schema.json holds", async () => {
    await expect(
      `${JSON.stringify(ruleFileJsonSchema(), null, 2)}\n`,
      "media/program-rules.schema.json is not of this version of the schema. Run: npm run schema",
    ).toMatchFileSnapshot("../../../media/program-rules.schema.json");
  });

  it("explains every field", () => {
    expect(undescribed(ruleFileJsonSchema() as Schema, "file")).toEqual([]);
  });

  it("is given to the files of a user's settings folder", () => {
    const { contributes } = JSON.parse(
      readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
    ) as Manifest;
    expect(contributes.yamlValidation).toContainEqual({
      fileMatch: "**/wsh-orchestrator/programs/*.{yaml,yml}",
      url: "./media/program-rules.schema.json",
    });
  });
});
