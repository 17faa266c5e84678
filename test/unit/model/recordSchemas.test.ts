import { readFileSync } from "node:fs";
import * as z from "zod";
import { describe, expect, it } from "vitest";
import { projectContextSchema, projectSnapshotSchema, sessionContextSchema } from "../../../src/core/model/schemas";

const files = {
  project: projectContextSchema,
  sessions: z.array(sessionContextSchema),
  snapshot: projectSnapshotSchema,
} as const;

interface Manifest {
  readonly contributes: { readonly jsonValidation: readonly { readonly fileMatch: string; readonly url: string }[] };
}

describe("schemas of the record's files", () => {
  for (const [name, schema] of Object.entries(files)) {
    it(`are what media/${name}.schema.json holds`, async () => {
      // Values that a later version may write are not wrong in this one.
      const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
      await expect(
        `${JSON.stringify(json, null, 2)}\n`,
        `media/${name}.schema.json is not of this version of the schema. Run: npm run schema`,
      ).toMatchFileSnapshot(`../../../media/${name}.schema.json`);
    });
  }

  it("are given to the files of every record", () => {
    const { contributes } = JSON.parse(
      readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
    ) as Manifest;
    expect(contributes.jsonValidation).toEqual(
      Object.keys(files).map((name) => ({
        fileMatch: `**/.orchestrator/projects/*/${name}.json`,
        url: `./media/${name}.schema.json`,
      })),
    );
  });
});
