/** A map of a plan's text, before anything is known of it. */
export type Data = Readonly<Record<string, unknown>>;

/** The map itself, or an empty one for what is none. */
export function mapOf(value: unknown): Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
}

/** The ids that a task names in `needs`. */
export function needsOf(task: Data): string[] {
  const needs = task["needs"];
  if (typeof needs === "string") return [needs];
  return Array.isArray(needs) ? needs.filter((need): need is string => typeof need === "string") : [];
}
