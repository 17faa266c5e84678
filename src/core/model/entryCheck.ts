import * as z from "zod";
import type { ContextEntry } from "./entry";
import { contextEntryFields } from "./schemas";

type Check = (value: unknown) => boolean;

const fields = Object.entries(contextEntryFields.shape);
const checks: ReadonlyMap<string, Check> = new Map(fields.map(([name, schema]) => [name, checkOf(schema)]));
const needed: readonly string[] = fields
  .filter(([, schema]) => !(schema instanceof z.ZodOptional))
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

/** Most fields are strings of any content. */
function checkOf(schema: z.core.$ZodType): Check {
  if (schema instanceof z.ZodOptional) {
    const inner = checkOf(schema.unwrap());
    return (value) => value === undefined || inner(value);
  }
  if (schema instanceof z.ZodString && schema.def.checks === undefined) return (value) => typeof value === "string";
  return (value) => z.safeParse(schema, value).success;
}
