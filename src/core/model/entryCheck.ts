import * as z from "zod/mini";
import { $ZodCheckMinLength, type $ZodType } from "zod/v4/core";
import type { ContextEntry } from "./entry";
import { contextEntryFields } from "./schemas";

type Check = (value: unknown) => boolean;

const fields = Object.entries(contextEntryFields.shape);
const checks: ReadonlyMap<string, Check> = new Map(fields.map(([name, schema]) => [name, checkOf(schema)]));
const needed: readonly string[] = fields
  .filter(([, schema]) => !(schema instanceof z.ZodMiniOptional))
  .map(([name]) => name);

/**
 * Whether `contextEntrySchema` takes a value, without the copy that its parse makes: that would be a third of what it
 * costs to read a record (`npm run bench -- ledger`).
 */
export function isEntry(value: unknown): value is ContextEntry {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entry = value as Record<string, unknown>;
  for (const name of needed) if (!(name in entry)) return false;
  for (const name of Object.keys(entry)) {
    const check = checks.get(name);
    if (check && !check(entry[name])) return false;
  }
  return true;
}

/** Most fields are strings of any content, or of any but none. */
function checkOf(schema: $ZodType): Check {
  if (schema instanceof z.ZodMiniOptional) {
    const inner = checkOf(schema.def.innerType);
    return (value) => value === undefined || inner(value);
  }
  if (schema instanceof z.ZodMiniNullable) {
    const inner = checkOf(schema.def.innerType);
    return (value) => value === null || inner(value);
  }
  if (schema instanceof z.ZodMiniString) {
    const least = leastLength(schema);
    if (least !== undefined) return (value) => typeof value === "string" && value.length >= least;
  }
  return (value) => z.safeParse(schema, value).success;
}

/** Undefined for a schema that asks for anything else than a length. */
function leastLength({ def }: z.ZodMiniString): number | undefined {
  const [check, ...others] = def.checks ?? [];
  if (check === undefined) return 0;
  return check instanceof $ZodCheckMinLength && others.length === 0 ? check._zod.def.minimum : undefined;
}
