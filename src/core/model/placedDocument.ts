import { isMap, isNode, isScalar, isSeq, LineCounter, type Document, type Node, parseDocument } from "yaml";
import * as z from "zod/mini";
import { messageOf } from "./errors";
import { sentenceOf, valueAt } from "./issueSentence";
import { linePatternProblem } from "./linePattern";
import { mostProblems } from "./planError";
import type { RuleProblem } from "./rulesError";
import { didYouMean } from "./suggestion";
import { yamlErrorText } from "./yamlErrors";

export type Path = readonly PropertyKey[];

const maxAliases = 100;

/** What a kind of document is. */
export interface DocumentForm<Data> {
  readonly schema: z.core.$ZodType<Data>;
  /** Longer texts are not read. */
  readonly longest: number;
  /** What is said of a second document in one file. */
  readonly second: string;
}

/** The text of a person's own YAML file as data that still knows where each part of it stands. */
export abstract class PlacedDocument<Data> {
  readonly problems: RuleProblem[] = [];
  /** What the text says; undefined when something is wrong with it, see `problems`. */
  readonly data: Data | undefined;
  readonly #lines = new LineCounter();
  #document: Document | undefined;

  constructor(
    text: string,
    private readonly form: DocumentForm<Data>,
  ) {
    const data = this.#read(text);
    if (this.problems.length > 0) return;
    const result = z.safeParse(form.schema, data);
    if (!result.success) for (const issue of result.error.issues) this.#noteIssue(issue, data);
    this.noteMeaning(data);
    if (this.problems.length === 0 && result.success) this.data = result.data;
  }

  /** Notes a problem at a value, or at the nearest thing around it that is there. */
  problem(path: Path, message: string): void {
    this.#at(this.#nodeAt(path)?.range?.[0] ?? 0, message, path);
  }

  /** The line of a value, from 1. */
  line(path: Path): number {
    return this.#lines.linePos(this.#nodeAt(path)?.range?.[0] ?? 0).line;
  }

  /** Notes what a schema cannot say. */
  protected abstract noteMeaning(data: unknown): void;

  /** Notes what is wrong with a pattern, where one stands. */
  protected notePattern(value: unknown, path: Path): void {
    if (typeof value !== "string" || value === "") return;
    const problem = linePatternProblem(value);
    if (problem !== undefined) this.problem(path, problem);
  }

  /** As people read a path. */
  protected placeOf(path: Path): string {
    return textOf(path);
  }

  #read(text: string): unknown {
    if (text.length > this.form.longest) {
      this.#at(0, `the file is too large; it may have ${this.form.longest} characters`);
      return undefined;
    }
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
      for (const error of [...document.errors, ...document.warnings].slice(0, mostProblems))
        // Each takes a look at the text.
        this.#at(error.pos[0], error.code === "MULTIPLE_DOCS" ? this.form.second : yamlErrorText(error, text));
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
      const known = keysAt(this.form.schema, path);
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
    this.problems.push({ message, line: Math.max(1, line), column: Math.max(1, col), place: this.placeOf(path) });
  }

  /** The text of a value, where it is one. */
  protected textAt(path: Path): string | undefined {
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
export function textOf(path: Path): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}
