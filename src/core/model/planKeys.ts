import { Document, isCollection, visit } from "yaml";
import type { PlacePath } from "./planPlaces";
import { planJsonSchema } from "./planSchema";

/** What a JSON schema says of a value, as far as it is used here. */
interface ValueSchema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly ValueSchema[];
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly additionalProperties?: ValueSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: ValueSchema;
}

/** What a key of a plan means, as its schema says. */
export interface PlanKey {
  readonly key: string;
  readonly description: string;
  /** Lines of a plan. */
  readonly examples: readonly string[];
  readonly isRequired: boolean;
}

let schema: ValueSchema | undefined;

/** The forms that a value at this place may have. */
function schemasAt(path: PlacePath): readonly ValueSchema[] {
  schema ??= planJsonSchema();
  let found = forms(schema);
  for (const key of path) found = found.flatMap((each) => within(each, key)).flatMap(forms);
  return found;
}

function within({ properties, additionalProperties, items }: ValueSchema, key: string | number): ValueSchema[] {
  if (typeof key === "number") return items ? [items] : [];
  const own = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (own) return [own];
  return typeof additionalProperties === "object" ? [additionalProperties] : [];
}

function forms(each: ValueSchema): ValueSchema[] {
  return each.anyOf ? each.anyOf.flatMap(forms) : [each];
}

/** The keys that a map at this place may have; none where no map may stand. */
export function keysAt(path: PlacePath): readonly PlanKey[] {
  return schemasAt(path).flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([key, value]) => planKey([...path, key], value, required.includes(key))),
  );
}

/** The words that a value at this place may be one of. */
export function wordsAt(path: PlacePath): readonly string[] {
  return schemasAt(path).flatMap((each) => each.enum?.map(String) ?? []);
}

/** Undefined for a key that a plan may have and that means nothing, and for an unknown one. */
export function keyAt(path: PlacePath): PlanKey | undefined {
  const key = path.at(-1);
  if (typeof key !== "string") return undefined;
  for (const around of schemasAt(path.slice(0, -1)))
    for (const own of within(around, key)) {
      const isRequired = around.required?.includes(key) ?? false;
      const described = own.description === undefined ? forms(own)[0] : own;
      if (described?.description !== undefined) return planKey(path, described, isRequired);
    }
  return undefined;
}

function planKey(path: PlacePath, { description = "", examples = [] }: ValueSchema, isRequired: boolean): PlanKey {
  const key = String(path.at(-1));
  return { key, description, isRequired, examples: examples.map((each) => exampleText(key, each)) };
}

function exampleText(key: string, value: unknown): string {
  const document = new Document({ [key]: value });
  // In one line, as people write small ones; a list of maps is easier to read in several.
  const isLong = Array.isArray(value) && value.some((each) => typeof each === "object");
  visit(document, {
    Collection: (_key, node, path) => {
      if (path.length > 1 && !isLong && isCollection(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 }).trimEnd();
}
