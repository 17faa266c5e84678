export type Sanitize = (text: string) => string;

/**
 * A copy of JSON data in which each string went through `sanitize`, at any depth; top-level fields named in
 * `machineFields` stay as they are. Fields that are undefined are left out, as JSON does.
 */
export function sanitizeFields(
  fields: object,
  machineFields: ReadonlySet<string>,
  sanitize: Sanitize,
): Record<string, unknown> {
  return sanitizeInto({}, fields, machineFields, sanitize);
}

/** As `sanitizeFields`, into an object whose fields come first. */
export function sanitizeInto(
  target: Record<string, unknown>,
  fields: object,
  machineFields: ReadonlySet<string>,
  sanitize: Sanitize,
): Record<string, unknown> {
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    // An assignment to this name would set the prototype.
    if (value === undefined || name === "__proto__") continue;
    target[name] = machineFields.has(name) ? value : sanitizeValue(value, sanitize);
  }
  return target;
}

function sanitizeValue(value: unknown, sanitize: Sanitize): unknown {
  if (typeof value === "string") return sanitize(value);
  if (Array.isArray(value)) return value.map((item) => sanitizeValue(item, sanitize));
  if (typeof value !== "object" || value === null) return value;
  return sanitizeFields(value, none, sanitize);
}

const none: ReadonlySet<string> = new Set();
