import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import { messageOf, OrchestratorError } from "./errors";
import { yamlErrorText } from "./yamlErrors";

export interface PlanProblem {
  /** A sentence without its full stop: `unknown key "rloes"; did you mean "roles"?` */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Where in the plan, such as `tasks[2].run`; empty for the whole. */
  readonly path: string;
  /** The same for people, who know a task by its id: `task "build": run`. */
  readonly place: string;
}

/** `task "build": run: must not be empty` */
export function problemText({ place, message }: Pick<PlanProblem, "place" | "message">): string {
  return place === "" ? message : `${place}: ${message}`;
}

/** A plan that cannot be used, with everything that is wrong with it, in the order of the text. */
export class PlanError extends OrchestratorError {
  readonly problems: readonly PlanProblem[];

  constructor(problems: readonly PlanProblem[]) {
    const sorted = [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
    const lines = sorted.map((problem) => `line ${problem.line}, column ${problem.column}: ${problemText(problem)}`);
    super("plan_invalid", `The plan is not valid: ${lines.join("; ")}.`.replace(/([?!])\.$/, "$1"), {
      kind: "correct_plan",
      problems: problems.length,
    });
    this.problems = sorted;
  }
}

export type Path = readonly PropertyKey[];

/** Aliases make small files large; a plan needs few of them. */
const maxAliasCount = 1000;
const maxLength = 1024 * 1024;

/** The text of a plan as data that still knows where each part of it stands. */
export class PlanDocument {
  readonly #lines = new LineCounter();
  readonly #document: Document | undefined;
  readonly #targets = new Map<Alias, Node>();
  readonly #problems: PlanProblem[] = [];
  /** What the text says, or undefined when it cannot be read; `problems` says why. */
  readonly data: unknown;

  constructor(text: string) {
    if (text.length > maxLength) {
      this.#problems.push({ message: "the plan is larger than 1 MiB", line: 1, column: 1, path: "", place: "" });
      return;
    }
    const parsed = parseAllDocuments(text, {
      lineCounter: this.#lines,
      merge: true,
      prettyErrors: false,
      logLevel: "silent",
    });
    const documents = Array.isArray(parsed) ? (parsed as Document[]) : [];
    this.#document = documents[0];
    this.#readErrors(documents);
    if (!this.#document || this.#document.contents === null) {
      if (this.#problems.length === 0) this.problem([], "the plan is empty");
      return;
    }
    this.#readAliases(this.#document);
    if (this.#problems.length > 0) return;
    this.#keepText();
    try {
      this.data = this.#document.toJS({ maxAliasCount }) as unknown;
    } catch (error) {
      this.problem([], `the plan cannot be read: ${messageOf(error)}`);
    }
  }

  get problems(): readonly PlanProblem[] {
    return this.#problems;
  }

  /** Notes a problem at a value, or at the nearest thing around it that is there. */
  problem(path: Path, message: string): void {
    this.#add(this.#valueAt(path), path, message);
  }

  /** Notes a problem at the key of a map. */
  problemAtKey(path: Path, message: string): void {
    this.#add(this.#keyAt(path) ?? this.#valueAt(path.slice(0, -1)), path.slice(0, -1), message);
  }

  /** Whether the text has this key itself. */
  has(path: Path): boolean {
    return this.#keyAt(path) !== undefined;
  }

  #add(node: Node | undefined, path: Path, message: string): void {
    this.#at(node?.range?.[0] ?? 0, message, path);
  }

  #at(offset: number, message: string, path: Path = []): void {
    const { line, col } = this.#lines.linePos(offset);
    this.#problems.push({
      message,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: textOf(path),
      place: this.#placeOf(path),
    });
  }

  #placeOf(path: Path): string {
    if (path[0] !== "tasks" || path.length < 2) return textOf(path);
    const id = this.#nodeAt([...path.slice(0, 2), "id"]);
    // Two tasks of one id are told apart by their number.
    if (!isScalar(id) || typeof id.value !== "string" || id.value.trim() === "" || path[2] === "id")
      return textOf(path);
    const rest = textOf(path.slice(2));
    return `task "${id.value}"${rest === "" ? "" : `: ${rest}`}`;
  }

  #readErrors(documents: readonly Document[]): void {
    for (const document of documents) {
      const places = new Set<number>();
      for (const error of [...document.errors, ...document.warnings]) {
        // What follows from it at the same place only confuses.
        if (!places.has(error.pos[0])) this.#at(error.pos[0], yamlErrorText(error));
        places.add(error.pos[0]);
      }
    }
    const second = documents[1];
    if (second)
      this.#at(
        second.contents?.range?.[0] ?? second.range?.[0] ?? 0,
        "a plan must be one YAML document; a second one begins here",
      );
  }

  /** Each alias stands for the last anchor of its name before it. */
  #readAliases(document: Document): void {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_key, node) => {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target) this.#targets.set(node, target);
          else this.#at(node.range?.[0] ?? 0, `the anchor &${node.source} is not defined before this place`);
        } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }

  /** Text that YAML takes for something else stays as it was written: `run: true`, `env: { VERSION: 1.10 }`. */
  #keepText(): void {
    const contents = this.#document?.contents;
    if (!isMap(contents)) return;
    keepSource(contents, ["project", "goal"]);
    const roles = this.#resolve(contents.get("roles", true));
    if (isMap(roles)) for (const { value } of roles.items) this.#keepPart(value, ["cwd", "program", "agent"]);
    const tasks = this.#resolve(contents.get("tasks", true));
    if (isSeq(tasks))
      for (const task of tasks.items) this.#keepPart(task, ["id", "role", "needs", "run", "check", "handoff", "cwd"]);
  }

  #keepPart(value: unknown, keys: readonly string[]): void {
    const part = this.#resolve(value);
    if (!isMap(part)) return;
    keepSource(part, keys);
    const environment = this.#resolve(part.get("env", true));
    if (isMap(environment)) for (const { value: each } of environment.items) keepScalar(each);
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  #pairAt(path: Path): Pair | undefined {
    const parent = this.#nodeAt(path.slice(0, -1));
    const key = path.at(-1);
    return isMap(parent)
      ? parent.items.find((pair) => (isScalar(pair.key) ? String(pair.key.value) : pair.key) === String(key))
      : undefined;
  }

  #keyAt(path: Path): Node | undefined {
    const key = this.#pairAt(path)?.key;
    return isNode(key) ? key : undefined;
  }

  #nodeAt(path: Path): unknown {
    let node: unknown = this.#document?.contents;
    for (const [depth, key] of path.entries()) {
      node = this.#resolve(node);
      if (isSeq(node)) node = node.items[Number(key)];
      else if (isMap(node)) node = this.#pairAt(path.slice(0, depth + 1))?.value;
      else return undefined;
    }
    return this.#resolve(node);
  }

  #valueAt(path: Path): Node | undefined {
    for (let length = path.length; length >= 0; length--) {
      const part = path.slice(0, length);
      const node = this.#nodeAt(part);
      if (isNode(node) && node.range) return node;
      const key = length > 0 ? this.#keyAt(part) : undefined;
      if (key) return key;
    }
    return undefined;
  }
}

function keepSource(map: { get(key: string, keepScalar: true): unknown }, keys: readonly string[]): void {
  for (const key of keys) {
    const node = map.get(key, true);
    if (isSeq(node)) for (const item of node.items) keepScalar(item);
    else keepScalar(node);
  }
}

function keepScalar(node: unknown): void {
  if (
    isScalar(node) &&
    node.source !== undefined &&
    (typeof node.value === "number" || typeof node.value === "boolean")
  )
    node.value = node.source;
}

/** `tasks[2].run` */
function textOf(path: Path): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}
