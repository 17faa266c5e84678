export type Sanitize = (text: string) => string;

/**
 * A copy of JSON data in which each string went through `sanitize`, at any depth; top-level fields named in `machineFields` stay as they
 * are. Fields that are undefined are left out, as JSON does.
 */
export function sanitizeFields(
  fields: Readonly<Record<string, unknown>>,
  machineFields: ReadonlySet<string>,
  sanitize: Sanitize,
): Record<string, unknown> {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs.map(([name, value]) => [name, machineFields.has(name) ? value : sanitizeValue(value, sanitize)]));
}

function sanitizeValue(value: unknown, sanitize: Sanitize): unknown {
  if (typeof value === "string") return sanitize(value);
  if (Array.isArray(value)) return value.map((item) => sanitizeValue(item, sanitize));
  if (typeof value !== "object" || value === null) return value;
  return sanitizeFields(value as Record<string, unknown>, none, sanitize);
}

const none: ReadonlySet<string> = new Set();
