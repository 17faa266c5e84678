import { isAlias, isMap, isNode, isScalar, isSeq, type Node, Scalar, type YAMLMap } from "yaml";

/** A scalar of a plan that is text: a command, a sentence, a folder, the value of a variable. */
export interface PlanText {
  readonly scalar: Scalar;
  readonly is: "command" | "prompt" | "word";
}

type Resolve = (node: unknown) => unknown;
type Put = (node: Node) => void;

const commandKeys = ["run", "check", "program"];
const planTexts = ["project", "goal"];
const roleTexts = ["cwd", "program", "agent"];
/** Of an agent, and of a prompt, that are maps. */
const agentTexts = ["use", "model", "arguments"];
const promptTexts = ["file"];
const taskTexts = ["id", "role", "needs", "run", "prompt", "check", "handoff", "cwd"];

/**
 * The texts of a plan, each as it is written, where YAML takes it for something else: `run: true`, `VERSION: 1.10`.
 * `resolve` gives what an alias stands for.
 */
export function keptTexts(contents: YAMLMap, resolve: Resolve): PlanText[] {
  const texts = new Texts(resolve);
  texts.ofMap(contents, planTexts);
  const roles = resolve(contents.get("roles", true));
  if (isMap(roles)) for (const { value } of roles.items) texts.ofPart(value, roleTexts, { agent: agentTexts });
  const tasks = resolve(contents.get("tasks", true));
  if (isSeq(tasks)) for (const task of tasks.items) texts.ofPart(task, taskTexts, { prompt: promptTexts });
  return texts.found;
}

class Texts {
  readonly found: PlanText[] = [];

  constructor(private readonly resolve: Resolve) {}

  /** `within`: the keys of a map that may stand in place of a text. */
  ofPart(node: unknown, keys: readonly string[], within: Readonly<Record<string, readonly string[]>>): void {
    const part = this.resolve(node);
    if (!isMap(part)) return;
    this.ofMap(part, keys);
    for (const [key, inner] of Object.entries(within)) {
      const map = this.resolve(part.get(key, true));
      if (isMap(map)) this.ofMap(map, inner);
    }
    for (const source of this.#withMerged(part)) {
      const environment = this.resolve(source.get("env", true));
      if (isMap(environment)) this.#ofValues(environment);
    }
  }

  /** `keys`: those whose value is text, or a list of texts. */
  ofMap(map: YAMLMap, keys: readonly string[]): void {
    for (const source of this.#withMerged(map))
      for (const pair of source.items) {
        const key = nameOf(pair.key);
        if (keys.includes(key)) this.#ofValue(pair.value, (node) => (pair.value = node), kindOf(key));
      }
  }

  #ofValues(map: YAMLMap): void {
    for (const source of this.#withMerged(map))
      for (const pair of source.items)
        if (!isMergeKey(pair.key)) this.#ofValue(pair.value, (node) => (pair.value = node), "word");
  }

  #ofValue(node: unknown, put: Put, is: PlanText["is"]): void {
    const value = this.resolve(node);
    if (isSeq(value))
      value.items.forEach((item, index) => this.#ofScalar(item, (each) => (value.items[index] = each), is));
    else this.#ofScalar(node, put, is);
  }

  /** What an alias stands for may be a number elsewhere: the text takes the place of the alias alone. */
  #ofScalar(node: unknown, put: Put, is: PlanText["is"]): void {
    const scalar = this.resolve(node);
    if (!isScalar(scalar)) return;
    this.found.push({ scalar, is });
    if (scalar.source === undefined || (typeof scalar.value !== "number" && typeof scalar.value !== "boolean")) return;
    if (isAlias(node)) {
      const text = new Scalar(scalar.source);
      if (node.range) text.range = node.range;
      put(text);
    } else scalar.value = scalar.source;
  }

  /** The map, and those that `<<` takes into it. */
  #withMerged(map: YAMLMap): YAMLMap[] {
    const all: YAMLMap[] = [map];
    for (const each of all)
      for (const { key, value } of each.items) {
        if (!isMergeKey(key)) continue;
        const merged = this.resolve(value);
        const sources = isSeq(merged) ? merged.items.map(this.resolve) : [merged];
        all.push(...sources.filter(isMap).filter((source) => !all.includes(source)));
      }
    return all;
  }
}

function kindOf(key: string): PlanText["is"] {
  if (commandKeys.includes(key)) return "command";
  return key === "prompt" ? "prompt" : "word";
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

function isMergeKey(key: unknown): boolean {
  return isNode(key) && isScalar(key) && key.source === "<<";
}
