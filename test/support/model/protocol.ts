import { randomUUID } from "node:crypto";
import type { ModelFailure, Turn } from "./scenario";

/** A tool that an agent offers to its model. */
export interface OfferedTool {
  readonly name: string;
  readonly schema?: JsonSchema;
  /** It takes a text instead of arguments. */
  readonly freeform?: boolean;
}

/** As much of JSON Schema as agents describe their tools with; Gemini writes its types in capitals. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly minimum?: number;
}

/** A call of an agent's tool: with arguments, or with one text. */
export type MadeCall =
  | { readonly name: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly name: string; readonly input: string };

/** What an agent asks its model. */
export interface ModelCall {
  readonly turns: readonly Turn[];
  readonly tools: readonly OfferedTool[];
  /** The answer is to be JSON of this shape. */
  readonly schema?: JsonSchema | undefined;
  readonly stream: boolean;
}

/** Where an answer goes: events of a stream, or one body. */
export interface AnswerOutput {
  event(type: string, data: unknown): void;
  data(data: unknown): void;
  body(json: unknown): void;
}

export type Pieces = AsyncIterable<string>;

export interface AnswerWriter {
  begin(): void;
  text(pieces: Pieces): Promise<void>;
  think(pieces: Pieces): Promise<void>;
  call(call: MadeCall): void;
  end(): void;
}

/** One wire format between agents and models. `Body` is its request. */
export interface ModelProtocol {
  /** Whether a request's path belongs to it. */
  has(path: string): boolean;
  read(body: unknown, path: string): ModelCall;
  writer(output: AnswerOutput, body: unknown, path: string): AnswerWriter;
  /** The body of a request that failed. */
  error(status: number, failure: ModelFailure): unknown;
}

export function newId(prefix: string): string {
  return `${prefix}${randomUUID().replaceAll("-", "").slice(0, 24)}`;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The pieces as one text; each is given on as it comes. */
export async function collect(pieces: Pieces, each?: (piece: string) => void): Promise<string> {
  let all = "";
  for await (const piece of pieces) {
    all += piece;
    each?.(piece);
  }
  return all;
}

/** What agents add to their user's words, which no scenario is to match. */
const added =
  /^\s*<(?:system-reminder|environment_context|user_instructions|permissions|command-|environment_details|session_context)/u;

/** Content as a text or as parts, without what the agent added. */
export type Content =
  string | readonly (string | { readonly text?: string; readonly type?: string })[] | null | undefined;

export function wordsOf(content: Content): string {
  const parts = typeof content === "string" ? [content] : (content ?? []);
  return parts
    .map((part) => (typeof part === "string" ? part : (part.text ?? "")))
    .filter((text) => text !== "" && !added.test(text))
    .join("\n");
}
