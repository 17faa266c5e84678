import { isMap, isScalar, parse, visit, type YAMLMap } from "yaml";
import type { AgentChoices } from "./agentProfile";
import { keysAt, type PlanKey, wordsAt } from "./planKeys";
import type { PlanOutline, TextPart } from "./planOutline";
import { pathOf, placeAt, type PlacePath, planOutline, readableDocument } from "./planPlaces";
import { plannedStates } from "./plannedState";
import { taskFields } from "./promptParts";
import { mapOf, needsOf } from "./planData";

/** A word that a plan can have at a place. */
export interface PlanCompletion {
  readonly is: "key" | "word" | "role" | "task" | "agent" | "filled";
  readonly label: string;
  /** What it is, in a few words. */
  readonly detail: string;
  readonly key?: PlanKey;
  /** Takes the place of `at`; `$1` … mark what is typed next where it is a snippet. */
  readonly insert: string;
  readonly isSnippet: boolean;
  readonly at: TextPart;
  /** A value follows that can be chosen as well. */
  readonly goesOn: boolean;
}

type Draft = Pick<PlanCompletion, "is" | "label" | "detail"> & Partial<PlanCompletion>;

/** Stands in the place of what is being typed, so that the text is read as if it were there. */
const typed = "zq0typed0qz";
const word = /[A-Za-z0-9_.-]/;
const filledBefore = /(\\)?\{\{[^\S\n]*([^{}\n]*)$/;

/** Keys that do not go with one that the map has already. */
const apart: Readonly<Record<string, readonly string[]>> = {
  run: ["prompt", "attempts", "budget"],
  prompt: ["run", "retries", "restart", "until", "cwd"],
  shell: ["program", "agent"],
  program: ["shell", "agent"],
  agent: ["shell", "program"],
  screen: ["port", "state"],
  port: ["screen", "state"],
  state: ["screen", "port"],
};

/** What a person may mean to write first in a plan. */
const snippets: Readonly<Record<string, string>> = {
  roles: "roles:\n  ${1:builder}: {}",
  tasks: "tasks:\n  - id: ${1:build}\n    role: ${2:builder}\n    run: ${3:make}",
};

/** The words that can stand at that place. `agents`: those that a plan can name. */
export function planCompletions(text: string, offset: number, agents: readonly AgentChoices[]): PlanCompletion[] {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const filled = filledBefore.exec(before);
  if (filled) return filled[1] === undefined ? filledIn(text, offset, filled[2] ?? "") : [];
  let [start, end] = [offset, offset];
  while (start > lineStart && word.test(text.charAt(start - 1))) start--;
  while (word.test(text.charAt(end))) end++;
  const place = typedPlace(text, lineStart, { start, end });
  if (!place) return [];
  const { path, map, isKey } = place;
  const outline = planOutline(`${text.slice(0, start)}${typed}${place.isLine ? ":" : ""}${text.slice(end)}`);
  const hasColon = /^[^\S\n]*:/.test(text.slice(end));
  const given = map ? keysOf(map) : [];
  const drafts = [
    ...(isKey ? keyDrafts(path, given, hasColon) : []),
    ...(isKey && given.length > 0 ? [] : valueDrafts(path, outline, agents, text, place.task)),
  ];
  return drafts.map((draft) => ({
    insert: draft.label,
    isSnippet: false,
    goesOn: false,
    ...draft,
    at: { start, end },
  }));
}

interface TypedPlace {
  /** Of the map that the key belongs to, or of the value. */
  readonly path: PlacePath;
  readonly map: YAMLMap | undefined;
  readonly isKey: boolean;
  /** The word is alone in its line: a key that has no value yet, or a value in a line of its own. */
  readonly isLine: boolean;
  /** The task around it, as data. */
  readonly task: unknown;
}

function typedPlace(text: string, lineStart: number, { start, end }: TextPart): TypedPlace | undefined {
  const lineEnd = text.indexOf("\n", end);
  const rest = text.slice(end, lineEnd < 0 ? undefined : lineEnd);
  const isLine = /^\s*(?:- +)*$/.test(text.slice(lineStart, start)) && rest.trim() === "";
  const document = readableDocument(`${text.slice(0, start)}${typed}${isLine ? ":" : ""}${text.slice(end)}`);
  if (!document) return undefined;
  let found: TypedPlace | undefined;
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (node.value !== typed) return undefined;
      const path = pathOf(ancestors, node);
      const isKey = key === "key";
      const map = isKey ? ancestors.at(-2) : undefined;
      const [part, index] = path;
      const task: unknown = part === "tasks" && index !== undefined ? document.toJS({ maxAliasCount: 100 }) : undefined;
      found = {
        path,
        map: isMap(map) ? map : undefined,
        isKey,
        isLine,
        task: taskOf(task, index),
      };
      return visit.BREAK;
    },
  });
  return found;
}

function taskOf(plan: unknown, index: string | number | undefined): unknown {
  const tasks = mapOf(plan)["tasks"];
  return Array.isArray(tasks) && typeof index === "number" ? (tasks[index] as unknown) : undefined;
}

function keysOf(map: YAMLMap): string[] {
  return map.items.flatMap(({ key }) => (isScalar(key) && key.value !== typed ? [String(key.value)] : []));
}

function keyDrafts(path: PlacePath, given: readonly string[], hasColon: boolean): Draft[] {
  const left = new Set([...given, ...given.flatMap((key) => apart[key] ?? [])]);
  return keysAt(path)
    .filter(({ key }) => !left.has(key))
    .map((key): Draft => {
      const snippet = path.length === 0 && !hasColon ? snippets[key.key] : undefined;
      const goesOn = !hasColon && hasWords([...path, key.key]);
      return {
        is: "key",
        label: key.key,
        detail: key.isRequired ? "required" : "",
        key,
        insert: snippet ?? (hasColon ? key.key : `${key.key}: `),
        isSnippet: snippet !== undefined,
        goesOn,
      };
    });
}

/** Whether a value there is one of several known words. */
function hasWords(path: PlacePath): boolean {
  const last = path.at(-1);
  return (
    wordsAt(path).length > 0 ||
    ["role", "needs", "agent", "use"].includes(String(last)) ||
    endsWith(path, "until", "state")
  );
}

function valueDrafts(
  path: PlacePath,
  { roles, tasks }: PlanOutline,
  agents: readonly AgentChoices[],
  text: string,
  task: unknown,
): Draft[] {
  const [part, , key] = path;
  if (part === "tasks" && key === "role" && path.length === 3)
    return roles.filter(isWritten).map(({ name, detail }) => ({ is: "role", label: name, detail, insert: bare(name) }));
  if (part === "tasks" && key === "needs" && path.length <= 4) {
    const own = mapOf(task)["id"];
    const given = needsOf(mapOf(task));
    return tasks
      .filter((each) => isWritten(each) && each.name !== own && !given.includes(each.name))
      .map(({ name, detail }) => ({ is: "task", label: name, detail, insert: bare(name) }));
  }
  if (part === "roles" && (endsWith(path, "agent") || endsWith(path, "agent", "use")))
    return agents.map(({ name, title }) => ({ is: "agent", label: name, detail: title, insert: bare(name) }));
  if (endsWith(path, "until", "state")) return plannedStates.map((label) => ({ is: "word", label, detail: "" }));
  if (part === "roles" && endsWith(path, "agent", "mode")) return modeDrafts(path, agents, text);
  return wordsAt(path).map((label) => ({ is: "word", label, detail: "" }));
}

/** Those of the agent, where it is known. */
function modeDrafts(path: PlacePath, agents: readonly AgentChoices[], text: string): Draft[] {
  const agent: unknown = readableDocument(text)?.getIn([...path.slice(0, -1), "use"]);
  const known = agents.find(({ name }) => name === agent);
  return (known?.modes ?? wordsAt(path)).map((label) => ({ is: "word", label, detail: known?.title ?? "" }));
}

/** What a prompt can fill in: the tasks that its own one needs, directly or not, and files. */
function filledIn(text: string, offset: number, begun: string): PlanCompletion[] {
  const place = placeAt(text, offset);
  const [part, index, key] = place?.path ?? [];
  if (part !== "tasks" || key !== "prompt" || typeof index !== "number") return [];
  const plan: unknown = readableDocument(text)?.toJS({ maxAliasCount: 100 });
  const all = (mapOf(plan)["tasks"] as unknown[]).map(mapOf);
  const needed = new Set(needsOf(all[index] ?? {}));
  for (const id of needed) for (const more of needsOf(all.find((each) => each["id"] === id) ?? {})) needed.add(more);
  const rest = /^[^{}\n]*?(?=\}\})/.exec(text.slice(offset))?.[0] ?? "";
  const isClosed = /^[^{}\n]*\}\}/.test(text.slice(offset));
  const at = { start: offset - begun.length, end: offset + rest.length };
  const fields = [...needed].flatMap((id) => taskFields.map((field) => `${id}.${field}`));
  return [...fields, "file:"].map((label) => {
    const isFile = label === "file:";
    return {
      is: "filled",
      label,
      detail: isFile
        ? "text of a file in the project's folder"
        : label.endsWith("output")
          ? "what it printed"
          : "its note",
      insert: isFile || isClosed ? label : `${label}}}`,
      isSnippet: false,
      at,
      goesOn: false,
    };
  });
}

function isWritten({ name }: { readonly name: string }): boolean {
  return name !== typed;
}

function endsWith(path: PlacePath, ...last: readonly string[]): boolean {
  return last.every((each, index) => path[path.length - last.length + index] === each);
}

/** The name as it stands in a plan: in quotes where YAML would read something else. */
export function bare(name: string): string {
  try {
    return parse(name) === name ? name : `"${name}"`;
  } catch {
    return `"${name}"`;
  }
}
