import { Composer, type CST, type Document, Lexer, type LineCounter, Parser } from "yaml";
import {
  maxAliases,
  maxDepth,
  maxKeys,
  maxLexemes,
  maxTasks,
  severalPlans,
  tooManyAliases,
  tooManyTasks,
} from "./planLimits";
import { countText } from "./sentences";
import { yamlErrorText } from "./yamlErrors";

/** The parser's sentence about it. */
const nestedInLine = "Nested mappings are not allowed in compact mappings";

/** What a text is too much of. */
export interface PlanExcess {
  readonly offset: number;
  /** A sentence without its full stop. */
  readonly message: string;
  readonly about: "plan" | "tasks";
}

/**
 * The YAML documents of a plan's text, two at most, or what it is too much of: that is said as soon as it is read, since
 * what follows costs time with every level and every key.
 */
export function planDocuments(text: string, lines: LineCounter): readonly Document[] | PlanExcess {
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  const excess = readTokens(text, new Parser(lines.addNewLine), tokens);
  if (excess) return excess;
  const options = { lineCounter: lines, merge: true, prettyErrors: false, logLevel: "silent" } as const;
  return [...new Composer(options).compose(tokens)];
}

function readTokens(text: string, parser: Parser, tokens: CST.Token[]): PlanExcess | undefined {
  const counts = { aliases: 0, lexemes: 0, documents: 0 };
  const take = (token: CST.Token): void => {
    tokens.push(token);
    if (token.type === "document") counts.documents++;
  };
  for (const lexeme of new Lexer().lex(text)) {
    const { offset } = parser;
    for (const token of parser.next(lexeme)) take(token);
    // A second document is one too many.
    if (counts.documents > 1) return undefined;
    if (lexeme.startsWith("*")) counts.aliases++;
    if (++counts.lexemes > maxLexemes)
      return { offset, message: `the plan has too many words and signs; ${severalPlans}`, about: "plan" };
    if (counts.aliases > maxAliases) return { offset, message: tooManyAliases, about: "plan" };
    const excess = excessOf(parser.stack, offset, text);
    if (excess) return excess;
  }
  for (const token of parser.end()) take(token);
  return undefined;
}

/** What is wrong with the collections that are open at this place. */
function excessOf(stack: readonly CST.Token[], offset: number, text: string): PlanExcess | undefined {
  if (stack.length > maxDepth)
    return lineOfMaps(stack, text) ?? { offset, message: "lists and maps are nested too deeply", about: "plan" };
  const top = stack.at(-1);
  if (top?.type !== "block-map" && top?.type !== "block-seq" && top?.type !== "flow-collection") return undefined;
  if (isTasks(stack) && top.items.length > maxTasks && hasContent(top.items[maxTasks]))
    return { offset: top.offset, message: tooManyTasks, about: "tasks" };
  if (isMap(top) && top.items.length > maxKeys)
    return { offset, message: `a map has more than ${countText(maxKeys)} keys`, about: "plan" };
  return undefined;
}

/**
 * Text that was meant to be a value is a map for each ": " in it. YAML does not allow that, and who wrote it meant no
 * depth at all.
 */
function lineOfMaps(stack: readonly CST.Token[], text: string): PlanExcess | undefined {
  const within = stack.find((token, index) => {
    const around = stack[index - 1];
    if (token.type !== "block-map" || around?.type !== "block-map") return false;
    const key = around.items.at(-1)?.key;
    return key != null && !text.slice(key.offset, token.offset).includes("\n");
  });
  if (within === undefined) return undefined;
  const { offset } = within;
  const message = yamlErrorText({ code: "BLOCK_AS_IMPLICIT_KEY", message: nestedInLine, pos: [offset, offset] }, text);
  return { offset, message, about: "plan" };
}

function isMap(token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection): boolean {
  return token.type === "block-map" || (token.type === "flow-collection" && token.start.source === "{");
}

/** Whether the innermost collection is the list of tasks. */
function isTasks(stack: readonly CST.Token[]): boolean {
  const [, root, list] = stack;
  if (stack.length !== 3 || (list?.type !== "block-seq" && list?.type !== "flow-collection")) return false;
  if (root?.type !== "block-map" && root?.type !== "flow-collection") return false;
  const key = root.items.at(-1)?.key;
  return key != null && "source" in key && key.source === "tasks";
}

/** A list that ends with a comma has an empty item behind it. */
function hasContent(item: CST.CollectionItem | undefined): boolean {
  return item !== undefined && (item.value !== undefined || item.key !== undefined);
}
