import { isMap, isNode, isScalar, isSeq, LineCounter, type Document, type Node, parseDocument } from "yaml";
import type * as z from "zod/mini";
import { messageOf } from "./errors";
import { sentenceOf, valueAt } from "./issueSentence";
import { linePatternProblem } from "./linePattern";
import { mostProblems } from "./planError";
import { type RuleFile, ruleFileSchema, ruleStates } from "./ruleFileSchema";
import type { RuleProblem } from "./rulesError";
import { stateKinds } from "./stateKinds";
import { didYouMean } from "./suggestion";
import { yamlErrorText } from "./yamlErrors";

type Path = readonly PropertyKey[];

/** Longer files of rules are not read; the largest of the shipped ones have a tenth of it. */
export const maxRuleFileLength = 200_000;
const maxAliases = 100;
const secondDocument = "a file has the rules of one program; a second YAML document begins here";
const patternKeys: readonly PropertyKey[] = ["from", "to", "below", "matches", "foreground"];

/** The text of a file of rules as data that still knows where each part of it stands. */
export class RuleDocument {
  readonly problems: RuleProblem[] = [];
  /** What the text says; undefined when something is wrong with it, see `problems`. */
  readonly rules: RuleFile | undefined;
  readonly #lines = new LineCounter();
  #document: Document | undefined;

  constructor(text: string) {
    const data = this.#read(text);
    if (this.problems.length > 0) return;
    const { data: rules, error } = ruleFileSchema.safeParse(data);
    if (error) for (const issue of error.issues) this.#noteIssue(issue, data);
    this.#noteMeaning(data);
    if (this.problems.length === 0) this.rules = rules;
  }

  /** Notes a problem at a value, or at the nearest thing around it that is there. */
  problem(path: Path, message: string): void {
    this.#at(this.#nodeAt(path)?.range?.[0] ?? 0, message, path);
  }

  /** The line of a value, from 1. */
  line(path: Path): number {
    return this.#lines.linePos(this.#nodeAt(path)?.range?.[0] ?? 0).line;
  }

  #read(text: string): unknown {
    if (text.length > maxRuleFileLength) {
      this.#at(0, `the file is too large; it may have ${maxRuleFileLength} characters`);
      return undefined;
    }
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
      for (const error of [...document.errors, ...document.warnings].slice(0, mostProblems))
        // Each takes a look at the text.
        this.#at(error.pos[0], error.code === "MULTIPLE_DOCS" ? secondDocument : yamlErrorText(error, text));
      if (this.problems.length > 0) return undefined;
      this.#document = document;
      if (document.contents === null) this.#at(0, "the file is empty");
      return document.toJS({ maxAliasCount: maxAliases });
    } catch (error) {
      this.#at(0, `not valid YAML: ${messageOf(error)}`);
      return undefined;
    }
  }

  #noteIssue(issue: z.core.$ZodIssue, data: unknown): void {
    const { path } = issue;
    if (issue.code === "unrecognized_keys") {
      const known = keysAt(ruleFileSchema, path);
      for (const key of issue.keys)
        this.#atKey(
          [...path, key],
          `unknown key "${key}"${didYouMean(key, known) || `; known keys: ${known.join(", ")}`}`,
        );
    } else if (issue.code === "invalid_type" && valueAt(data, path) === undefined) {
      this.problem(path.slice(0, -1), `"${String(path.at(-1))}" is missing`);
    } else {
      const sentence = sentenceOf(issue, valueAt(data, path));
      this.problem(path, path.length === 0 ? `the file ${sentence}` : sentence);
    }
  }

  /** What a schema cannot say: patterns, kinds of a state, names that appear twice. */
  #noteMeaning(data: unknown): void {
    this.#notePatterns(data, []);
    const given = valueAt(data, ["rules"]);
    const names = new Set<string>();
    for (const [index, rule] of (Array.isArray(given) ? (given as unknown[]) : []).entries()) {
      const path = ["rules", index];
      const [name, state, kind] = ["name", "state", "kind"].map((key) => valueAt(rule, [key]));
      if (typeof name === "string") {
        if (names.has(name)) this.problem([...path, "name"], `there are two rules "${name}"`);
        names.add(name);
      }
      const known = ruleStates.find((each) => each === state);
      if (known === undefined || typeof kind !== "string") continue;
      const kinds: readonly string[] = Object.entries(stateKinds).find(([of]) => of === known)?.[1] ?? [];
      if (kinds.length === 0) this.problem([...path, "kind"], `the state ${known} has no kinds`);
      else if (!kinds.includes(kind))
        this.problem(
          [...path, "kind"],
          `must be one of ${kinds.join(", ")} in the state ${known}${didYouMean(kind, kinds)}`,
        );
    }
  }

  #notePatterns(value: unknown, path: Path): void {
    if (path[0] === "examples" || typeof value !== "object" || value === null) return;
    for (const [key, each] of Object.entries(value as Readonly<Record<string, unknown>>)) {
      const at = [...path, Array.isArray(value) ? Number(key) : key];
      if (typeof each === "string" && each !== "" && patternKeys.includes(key)) {
        const problem = linePatternProblem(each);
        if (problem !== undefined) this.problem(at, problem);
      } else this.#notePatterns(each, at);
    }
  }

  #atKey(path: Path, message: string): void {
    const parent = this.#nodeAt(path.slice(0, -1));
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)))
      : undefined;
    this.#at((isNode(pair?.key) ? pair.key : parent)?.range?.[0] ?? 0, message, path.slice(0, -1));
  }

  #at(offset: number, message: string, path: Path = []): void {
    if (this.problems.length >= mostProblems) return;
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ message, line: Math.max(1, line), column: Math.max(1, col), place: this.#placeOf(path) });
  }

  /** People know a rule by its name. */
  #placeOf(path: Path): string {
    const [list, index, ...rest] = path;
    const name = list === "rules" && index !== undefined ? this.#textAt([list, index, "name"]) : undefined;
    if (name === undefined || rest[0] === "name") return textOf(path);
    return `rule "${name}"${rest.length === 0 ? "" : `: ${textOf(rest)}`}`;
  }

  #textAt(path: Path): string | undefined {
    const node = this.#document?.getIn(path, true);
    return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
  }

  /** The node there, or the nearest one around it. */
  #nodeAt(path: Path): Node | undefined {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document?.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node;
    }
    const contents = this.#document?.contents;
    return isMap(contents) || isSeq(contents) || isScalar(contents) ? contents : undefined;
  }
}

/** The keys that a map at this place may have. */
function keysAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  let at: z.core.$ZodType | undefined = schema;
  for (const key of [...path, undefined]) {
    while (at?._zod.def.type === "optional") at = (at as z.core.$ZodOptional)._zod.def.innerType;
    if (key === undefined || !at) break;
    const { def } = at._zod;
    if (def.type === "object") at = (at as z.core.$ZodObject)._zod.def.shape[String(key)];
    else if (def.type === "array") at = (at as z.core.$ZodArray)._zod.def.element;
    else if (def.type === "record") at = (at as z.core.$ZodRecord)._zod.def.valueType;
    else return [];
  }
  return at?._zod.def.type === "object" ? Object.keys((at as z.core.$ZodObject)._zod.def.shape) : [];
}

/** `regions.composer.from`, `examples[2].expect` */
function textOf(path: Path): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}
