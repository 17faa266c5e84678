import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Scalar,
} from "yaml";
import { maxPlanLength } from "./planLimits";
import type { PlacedPart, PlanName, PlanOutline, TextPart } from "./planOutline";
import { planDocuments } from "./planSyntax";

export type PlacePath = readonly (string | number)[];

/** What stands at a place of the text. */
export interface PlanPlace {
  readonly path: PlacePath;
  /** The path's last part is this key, or what stands there is its value. */
  readonly on: "key" | "value";
  readonly at: TextPart;
}

const emptyOutline: PlanOutline = { project: undefined, roles: [], tasks: [], names: [], matchers: [] };
/** `{{build.output}}`, as `promptParts` reads it; the name stands behind the braces and blanks. */
const named = /(\\)?(\{\{[^\S\n]*)([^{}\n]*?)\.(?:output|handoff)[^\S\n]*\}\}/g;

/** Undefined for a text that is too much of a plan. */
export function readableDocument(text: string): Document | undefined {
  if (text.length > maxPlanLength) return undefined;
  const documents = planDocuments(text, new LineCounter());
  return "about" in documents ? undefined : documents[0];
}

export function planOutline(text: string): PlanOutline {
  const document = readableDocument(text);
  const root = document?.contents;
  if (!document || !isMap(root)) return emptyOutline;
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const names = new Map<number, PlanName>();
  const note = (node: unknown, is: PlanName["is"], isDefinition: boolean): TextPart | undefined => {
    const at = nameRange(node, text);
    if (!at || !isScalar(node)) return undefined;
    const isBare = node.type === "PLAIN";
    names.set(at.start, { is, name: String(node.value), at, isBare, isDefinition });
    return at;
  };
  const valueOf = (map: unknown, key: string): unknown => {
    const found = isMap(map)
      ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.value
      : undefined;
    return resolved(found);
  };
  const matchers: PlanOutline["matchers"][number][] = [];
  const noteMatchers = (problems: unknown): void => {
    for (const item of isSeq(problems) ? problems.items : [problems]) {
      const node = resolved(item);
      const at = nameRange(node, text);
      const isNew = at && !matchers.some((each) => each.at.start === at.start);
      if (isNew && isScalar(node)) matchers.push({ name: String(node.value), at });
    }
  };
  const roles: PlacedPart[] = [];
  const roleMap = valueOf(root, "roles");
  for (const { key, value } of isMap(roleMap) ? roleMap.items : []) {
    noteMatchers(valueOf(resolved(value), "problems"));
    const nameAt = note(key, "role", true);
    if (!nameAt || !isScalar(key)) continue;
    roles.push({
      name: String(key.value),
      nameAt,
      at: around(nameAt, value, text),
      detail: roleDetail(resolved(value)),
    });
  }
  const tasks: PlacedPart[] = [];
  const taskList = valueOf(root, "tasks");
  for (const item of isSeq(taskList) ? taskList.items : []) {
    const task = resolved(item);
    const [id, role, needs, prompt] = ["id", "role", "needs", "prompt"].map((key) => valueOf(task, key));
    const nameAt = note(id, "task", true);
    note(role, "role", false);
    for (const need of isSeq(needs) ? needs.items : [needs]) note(resolved(need), "task", false);
    noteNamed(prompt, text, names);
    noteMatchers(valueOf(task, "problems"));
    if (!nameAt || !isScalar(id)) continue;
    const detail = isScalar(role) ? String(role.value) : "";
    tasks.push({ name: String(id.value), nameAt, at: around(nameAt, item, text), detail });
  }
  const project = valueOf(root, "project");
  const projectAt = nameRange(project, text);
  return {
    project: projectAt && isScalar(project) ? { name: String(project.value), at: projectAt } : undefined,
    roles,
    tasks,
    names: [...names.values()].sort((one, other) => one.at.start - other.at.start),
    matchers,
  };
}

/** The innermost key or value at that place; undefined between them. */
export function placeAt(text: string, offset: number): PlanPlace | undefined {
  let node: unknown = readableDocument(text)?.contents;
  const path: (string | number)[] = [];
  for (;;) {
    if (isMap(node)) {
      const pair = node.items.find(({ key, value }) => holds(key, offset) || holds(value, offset));
      if (!pair || !isScalar(pair.key)) return undefined;
      path.push(String(pair.key.value));
      const at = holds(pair.key, offset) ? nameRange(pair.key, text) : undefined;
      if (at) return { path, on: "key", at };
      node = pair.value;
    } else if (isSeq(node)) {
      const index = node.items.findIndex((item) => holds(item, offset));
      if (index < 0) return undefined;
      path.push(index);
      node = node.items[index];
    } else if (isScalar(node)) {
      const at = nameRange(node, text);
      return at && { path, on: "value", at };
    } else return undefined;
  }
}

/** The path of a node, from its ancestors as the parser's `visit` tells them. */
export function pathOf(ancestors: readonly unknown[], node: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  ancestors.forEach((each, index) => {
    const child = ancestors[index + 1] ?? node;
    if (isPair(each) && child !== each.key && isScalar(each.key)) path.push(String(each.key.value));
    else if (isSeq(each)) path.push(each.items.indexOf(child));
  });
  return path;
}

function holds(node: unknown, offset: number): node is Node {
  return isNode(node) && node.range != null && node.range[0] <= offset && offset <= node.range[1];
}

/** Of a scalar, without its quotes. */
function nameRange(node: unknown, text: string): TextPart | undefined {
  if (!isScalar(node) || node.value === null || !node.range) return undefined;
  const [start, end] = node.range;
  const isQuoted = /^["']/.test(text.charAt(start)) && end - start >= 2;
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}

/** Both, without the blank lines behind them. */
function around(name: TextPart, node: unknown, text: string): TextPart {
  const range = isNode(node) ? node.range : undefined;
  if (!range) return name;
  const start = Math.min(name.start, range[0]);
  return { start, end: Math.max(name.end, start + text.slice(start, range[1]).trimEnd().length) };
}

function roleDetail(role: unknown): string {
  if (!isMap(role)) return "";
  for (const key of ["agent", "program", "shell"]) {
    const value = role.get(key, true) as unknown;
    const used = isMap(value) ? value.get("use", true) : value;
    if (isScalar(used) && typeof used.value === "string") return used.value;
  }
  return "";
}

/** Tasks that a prompt names. */
function noteNamed(prompt: unknown, text: string, names: Map<number, PlanName>): void {
  if (!isScalar(prompt) || !prompt.range) return;
  const [start, end] = (prompt as Scalar & { range: [number, number, number] }).range;
  for (const { index, 1: escape, 2: braces = "", 3: name = "" } of text.slice(start, end).matchAll(named)) {
    if (escape !== undefined || name === "" || name.startsWith("file:")) continue;
    const first = start + index + braces.length;
    const at = { start: first, end: first + name.length };
    names.set(first, { is: "task", name, at, isBare: false, isDefinition: false });
  }
}
