import type { ContextEntry } from "./entry";
import type { ProjectContext } from "./project";
import { entryShapes, projectShapes, type Shape, type Shapes } from "./storedShapes";

type Check = (value: unknown) => boolean;

const takesEntry = checkOfFields(entryShapes);
const takesProject = checkOfFields(projectShapes);

/**
 * Whether `contextEntrySchema` takes a value, without the copy that its parse makes: that would be a third of what it
 * costs to read a record (`npm run bench -- ledger`).
 */
export function isEntry(value: unknown): value is ContextEntry {
  return takesEntry(value);
}

/** Whether `projectContextSchema` takes a value and leaves it as it is. */
export function isProject(value: unknown): value is ProjectContext {
  return takesProject(value);
}

/** An object with these fields, and any others. Checks are made when a field is first met: a record has few of them. */
function checkOfFields(shapes: Shapes): Check {
  const needed = Object.keys(shapes).filter((name) => shapes[name]?.type !== "optional");
  const checks = new Map<string, Check | undefined>();
  const checkOfField = (name: string): Check | undefined => {
    if (checks.has(name)) return checks.get(name);
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    const check = shape && checkOf(shape);
    checks.set(name, check);
    return check;
  };
  return (value) => {
    if (!isObject(value)) return false;
    for (const name of needed) if (!(name in value)) return false;
    for (const name of Object.keys(value)) {
      const check = checkOfField(name);
      if (check && !check(value[name])) return false;
    }
    return true;
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkOf(shape: Shape): Check {
  switch (shape.type) {
    case "any":
      return () => true;
    case "boolean":
      return (value) => typeof value === "boolean";
    case "int":
      return Number.isSafeInteger;
    case "number":
      return Number.isFinite;
    case "string":
      return (value) => typeof value === "string" && value.length >= shape.least;
    case "enum": {
      const values = new Set(shape.values);
      return (value) => values.has(value);
    }
    case "object": {
      const fields = Object.entries(shape.fields).map(([name, each]) => [name, checkOf(each)] as const);
      return (value) => isObject(value) && fields.every(([name, check]) => check(value[name]));
    }
    default:
      return checkOfMany(shape.type, checkOf(shape.of));
  }
}

function checkOfMany(type: "list" | "nullable" | "optional" | "record", check: Check): Check {
  switch (type) {
    case "list":
      return (value) => Array.isArray(value) && value.every(check);
    case "nullable":
      return (value) => value === null || check(value);
    case "optional":
      return (value) => value === undefined || check(value);
    case "record":
      return (value) => isObject(value) && Object.values(value).every(check);
  }
}
