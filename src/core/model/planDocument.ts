import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  visit,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import { messageOf } from "./errors";
import { foreignCharacters } from "./planCharacters";
import { mostProblems, type PlanMend, type PlanProblem } from "./planError";
import { hasOpenQuote, quoteAdvice, quoted } from "./planQuotes";
import { maxAliases, maxPlanLength, tooLarge, tooManyAliases } from "./planLimits";
import { planDocuments } from "./planSyntax";
import { keptTexts, type PlanText } from "./planTexts";
import { yamlErrorText } from "./yamlErrors";

export type Path = readonly PropertyKey[];

/**
 * How a text is looked at. `strict`: what somebody wants to run, where nothing may be lost between what is written and
 * what is typed. `stored`: what a record has, which may be from before a rule.
 */
export type PlanReading = "strict" | "stored";

/** The text of a plan as data that still knows where each part of it stands. */
export class PlanDocument {
  readonly #lines = new LineCounter();
  readonly #document: Document | undefined;
  readonly #targets = new Map<Alias, Node>();
  readonly #problems: PlanProblem[] = [];
  /** What the text says, or undefined when it cannot be read; `problems` says why. */
  readonly data: unknown;

  constructor(
    private readonly text: string,
    readonly reading: PlanReading,
  ) {
    if (text.length > maxPlanLength) {
      this.#problems.push({ message: tooLarge, line: 1, column: 1, path: "", place: "" });
      return;
    }
    if (reading === "strict") this.#readCharacters();
    if (this.#problems.length > 0) return;
    const documents = planDocuments(text, this.#lines);
    if ("about" in documents) {
      this.#at(documents.offset, documents.message, documents.about === "tasks" ? ["tasks"] : []);
      return;
    }
    this.#document = documents[0];
    this.#readErrors(documents);
    if (!this.#document || this.#document.contents === null) {
      if (this.#problems.length === 0) this.problem([], "the plan is empty");
      return;
    }
    this.#readAliases(this.#document);
    if (this.#problems.length > 0) return;
    const { contents } = this.#document;
    const texts = isMap(contents) ? keptTexts(contents, (node) => this.#resolve(node)) : [];
    if (reading === "strict") for (const each of texts) this.#readText(each);
    try {
      this.data = this.#document.toJS({ maxAliasCount: maxAliases }) as unknown;
    } catch (error) {
      const tooMany = /alias count/.test(messageOf(error));
      const [first] = tooMany ? [...this.#targets.keys()] : [];
      this.#at(first?.range?.[0] ?? 0, tooMany ? tooManyAliases : `the plan cannot be read: ${messageOf(error)}`);
    }
  }

  get problems(): readonly PlanProblem[] {
    return this.#problems;
  }

  /** So many problems are noted that no further one is. */
  get isFull(): boolean {
    return this.#problems.length >= mostProblems;
  }

  /** Notes a problem at a value, or at the nearest thing around it that is there. */
  problem(path: Path, message: string, mends: readonly PlanMend[] = []): void {
    this.#add(this.#valueAt(path), path, message, mends);
  }

  /** Notes a problem at the key of a map. */
  problemAtKey(path: Path, message: string, mends: readonly PlanMend[] = []): void {
    this.#add(this.#keyAt(path) ?? this.#valueAt(path.slice(0, -1)), path.slice(0, -1), message, mends);
  }

  /** What stands in the text at a value; undefined where nothing does. */
  sourceAt(path: Path): string | undefined {
    const range = this.#valueAt(path)?.range;
    return range ? this.text.slice(range[0], range[1]) : undefined;
  }

  #add(node: Node | undefined, path: Path, message: string, mends: readonly PlanMend[]): void {
    this.#at(node?.range?.[0] ?? 0, message, path, mends);
  }

  #at(offset: number, message: string, path: Path = [], mends: readonly PlanMend[] = []): void {
    if (this.isFull) return;
    const { line, col } = this.#lines.linePos(offset);
    this.#problems.push({
      message,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: textOf(path),
      place: this.#placeOf(path),
      ...(mends.length === 0 ? {} : { mends }),
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
      const lines = new Set<number>();
      for (const error of [...document.errors, ...document.warnings]) {
        const { line } = this.#lines.linePos(error.pos[0]);
        // What follows from it in the same line only confuses.
        if (!lines.has(line) && !this.isFull) this.#at(error.pos[0], yamlErrorText(error, this.text));
        lines.add(line);
      }
    }
    const second = documents[1];
    if (second)
      this.#at(
        second.contents?.range?.[0] ?? second.range?.[0] ?? 0,
        "a plan must be one YAML document; a second one begins here",
      );
  }

  /** Each alias stands for the last anchor of its name before it. No key is a collection. */
  #readAliases(document: Document): void {
    const anchors = new Map<string, Node>();
    visit(document, {
      // As data a key would be the text of all that is in it, keys within it included.
      Pair: (_key, { key }) => {
        if (isMap(key) || isSeq(key)) this.#at(key.range?.[0] ?? 0, "a key must be text, not a list or a map");
      },
      Node: (_key, node) => {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target) this.#targets.set(node, target);
          else if (this.isFull) return visit.BREAK;
          else this.#at(node.range?.[0] ?? 0, this.#unknownAnchor(node));
        } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return undefined;
      },
    });
  }

  #unknownAnchor({ source, range }: Alias): string {
    const why = `the anchor &${source} is not defined before this place`;
    const advice = this.reading === "strict" ? quoteAdvice(this.text, range?.[0] ?? 0) : undefined;
    return advice === undefined ? why : `${why}; ${advice}`;
  }

  #readCharacters(): void {
    for (const { offset, message } of foreignCharacters(this.text)) {
      const before = this.text.slice(0, offset).split("\n");
      const [line, column] = [before.length, (before.at(-1) ?? "").length + 1];
      this.#problems.push({ message, line, column, path: "", place: "" });
    }
  }

  /** What YAML leaves out of a text without a word. */
  #readText({ scalar, is }: PlanText): void {
    const { range, tag, anchor, value, source = "", comment, type } = scalar;
    if (!range) return;
    if (tag !== undefined && tag !== textTag) this.#needsQuotes(this.text.lastIndexOf("!", range[0]));
    if (value === null && anchor !== undefined) this.#needsQuotes(this.text.lastIndexOf("&", range[0]));
    if (typeof value === "string" && value.includes("\0")) this.#at(range[0], "text must not have a NUL character");
    if (comment == null || type !== "PLAIN") return;
    // Who writes a comment puts a blank behind its sign: `Fix #12` is meant as text.
    if (is === "command" ? hasOpenQuote(source) : is === "prompt" && !/^\s/.test(comment)) {
      const end = this.text.indexOf("\n", range[1]);
      const whole = quoted(this.text.slice(range[0], end < 0 ? undefined : end).trim());
      this.#at(range[1], `what stands behind " #" is a comment; quote the whole text: ${whole}`);
    }
  }

  #needsQuotes(offset: number): void {
    const first = this.text.charAt(offset);
    this.#at(offset, quoteAdvice(this.text, offset) ?? `text that begins with "${first}" must be quoted`);
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

const textTag = "tag:yaml.org,2002:str";
/** `tasks[2].run` */
function textOf(path: Path): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}
