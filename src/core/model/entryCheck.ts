import * as z from "zod/mini";
import { $ZodCheckMinLength, type $ZodType } from "zod/v4/core";
import type { ContextEntry } from "./entry";
import { contextEntryFields } from "./schemas";

type Check = (value: unknown) => boolean;

const schemas: Readonly<Record<string, $ZodType | undefined>> = contextEntryFields.shape;
const needed: readonly string[] = Object.keys(contextEntryFields.shape).filter(
  (name) => !(schemas[name] instanceof z.ZodMiniOptional),
);
/** Made when a field is first met: a record has few of them. */
const checks = new Map<string, Check | undefined>();

/**
 * Whether `contextEntrySchema` takes a value, without the copy that its parse makes: that would be a third of what it
 * costs to read a record (`npm run bench -- ledger`).
 */
export function isEntry(value: unknown): value is ContextEntry {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entry = value as Record<string, unknown>;
  for (const name of needed) if (!(name in entry)) return false;
  for (const name of Object.keys(entry)) {
    const check = checkOfField(name);
    if (check && !check(entry[name])) return false;
  }
  return true;
}

function checkOfField(name: string): Check | undefined {
  if (checks.has(name)) return checks.get(name);
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  const check = schema && checkOf(schema);
  checks.set(name, check);
  return check;
}

/** Most fields are strings of any content, or of any but none, numbers, booleans, or objects and lists of them. */
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
  if (schema instanceof z.ZodMiniBoolean) return (value) => typeof value === "boolean";
  if (schema instanceof z.ZodMiniCatch) return () => true;
  if (schema instanceof z.ZodMiniNumberFormat && schema.def.format === "safeint" && !schema.def.checks)
    return Number.isSafeInteger;
  if (schema instanceof z.ZodMiniEnum) {
    const values = new Set<unknown>(Object.values(schema.def.entries));
    return (value) => values.has(value);
  }
  if (schema instanceof z.ZodMiniArray) {
    const element = checkOf(schema.def.element);
    if ((schema.def.checks ?? []).length === 0) return (value) => Array.isArray(value) && value.every(element);
  }
  if (schema instanceof z.ZodMiniObject && (schema.def.catchall ?? z.unknown()) instanceof z.ZodMiniUnknown) {
    const fields = Object.entries(schema.def.shape).map(([name, each]) => [name, checkOf(each)] as const);
    if ((schema.def.checks ?? []).length === 0)
      return (value) =>
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        fields.every(([name, check]) => check((value as Record<string, unknown>)[name]));
  }
  return (value) => z.safeParse(schema, value).success;
}

/** Undefined for a schema that asks for anything else than a length. */
function leastLength({ def }: z.ZodMiniString): number | undefined {
  const [check, ...others] = def.checks ?? [];
  if (check === undefined) return 0;
  return check instanceof $ZodCheckMinLength && others.length === 0 ? check._zod.def.minimum : undefined;
}
