import type * as z from "zod";
import { didYouMean } from "./suggestion";

type Issue = z.core.$ZodIssue;

/** What is wrong with a value, as it follows its place: `must be text, not a list`. */
export function sentenceOf(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_type" && issue.expected === "int" && typeof value === "number")
    return "must be a whole number";
  // What must be a number and nothing else is a count; a duration may be text, too.
  if (issue.code === "invalid_type")
    return wrongType(issue.expected === "number" ? "a whole number" : typeName(issue), value);
  if (issue.code === "invalid_value") {
    const known = issue.values.map(String);
    return `must be one of ${known.join(", ")}${typeof value === "string" ? didYouMean(value, known) : ""}`;
  }
  return issue.message;
}

/** What the schema wants there: `a list`. */
export function typeName(issue: Issue | undefined): string {
  const expected = issue?.code === "invalid_type" ? issue.expected : "something else";
  const names: Readonly<Record<string, string>> = {
    string: "text",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a map (key: value)",
    record: "a map (key: value)",
  };
  return names[expected] ?? expected;
}

export function wrongType(expected: string, value: unknown): string {
  return `must be ${expected}, ${value === null ? "but has no value" : `not ${described(value)}`}`;
}

function described(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "text" : JSON.stringify(value);
}

/** What stands at a place of data; undefined where nothing does. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
