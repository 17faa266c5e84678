import * as z from "zod/mini";
import { $ZodCheckMinLength, type $ZodType } from "zod/v4/core";
import { contextEntryFields, projectContextSchema } from "./schemas";

/** What a field may hold, as data. */
export type Shape =
  | { readonly type: "any" | "boolean" | "int" | "number" }
  /** Of at least so many UTF-16 units. */
  | { readonly type: "string"; readonly least: number }
  | { readonly type: "enum"; readonly values: readonly unknown[] }
  | { readonly type: "list" | "nullable" | "optional" | "record"; readonly of: Shape }
  | { readonly type: "object"; readonly fields: Shapes };

export type Shapes = Readonly<Record<string, Shape>>;

/*
 * The builder puts this data into the program of the command line, which then reads a record without the library that
 * checks shapes: to set that up took it two milliseconds.
 */

/** What the fields of an entry may hold, as their schemas take it. */
export const entryShapes: Shapes = shapesOf(contextEntryFields.shape);
/** What the fields of a project's file may hold; what the schema would change is of no such shape. */
export const projectShapes: Shapes = shapesOf(projectContextSchema.shape, true);

function shapesOf(fields: Readonly<Record<string, $ZodType>>, unchanged = false): Shapes {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, shapeOf(schema, unchanged)]));
}

/** Throws for a schema of a kind that no field has had so far. */
function shapeOf(schema: $ZodType, unchanged: boolean): Shape {
  if (schema instanceof z.ZodMiniOptional) return { type: "optional", of: shapeOf(schema.def.innerType, unchanged) };
  if (schema instanceof z.ZodMiniNullable) return { type: "nullable", of: shapeOf(schema.def.innerType, unchanged) };
  if (schema instanceof z.ZodMiniReadonly) return shapeOf(schema.def.innerType, unchanged);
  if (schema instanceof z.ZodMiniCatch) return unchanged ? shapeOf(schema.def.innerType, true) : { type: "any" };
  if (schema instanceof z.ZodMiniString) return { type: "string", least: leastLength(schema) };
  if (schema instanceof z.ZodMiniNumberFormat && schema.def.format === "safeint") return { type: "int" };
  const checks: unknown = schema._zod.def.checks;
  if (Array.isArray(checks) && checks.length > 0) throw unknownKind(schema);
  if (schema instanceof z.ZodMiniNumber) return { type: "number" };
  if (schema instanceof z.ZodMiniBoolean) return { type: "boolean" };
  if (schema instanceof z.ZodMiniEnum) return { type: "enum", values: Object.values(schema.def.entries) };
  if (schema instanceof z.ZodMiniArray) return { type: "list", of: shapeOf(schema.def.element, unchanged) };
  if (schema instanceof z.ZodMiniRecord && schema.def.keyType instanceof z.ZodMiniString)
    return { type: "record", of: shapeOf(schema.def.valueType, unchanged) };
  if (schema instanceof z.ZodMiniObject && takesOtherFields(schema))
    return { type: "object", fields: shapesOf(schema.def.shape, unchanged) };
  throw unknownKind(schema);
}

function takesOtherFields({ def }: z.ZodMiniObject): boolean {
  return def.catchall === undefined || def.catchall instanceof z.ZodMiniUnknown;
}

function leastLength(schema: z.ZodMiniString): number {
  const [check, ...others] = schema.def.checks ?? [];
  if (check === undefined) return 0;
  if (!(check instanceof $ZodCheckMinLength) || others.length > 0) throw unknownKind(schema);
  return check._zod.def.minimum;
}

function unknownKind(schema: $ZodType): Error {
  return new Error(`A stored field is of a kind that its check does not know: ${schema._zod.def.type}.`);
}
