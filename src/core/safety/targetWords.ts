import type { CommandArgument, WordPart } from "unbash";
import type { TargetWord } from "../ports/targets";
import { shellWords } from "./shellWords";

/** A word and what it names; `target` is undefined where only a shell could tell. */
export interface PlainWord {
  readonly text: string;
  readonly target: TargetWord | undefined;
}

/** The words that one word of the source becomes, each with what it names. */
export function plainWords(word: CommandArgument): PlainWord[] {
  if (word.type === "Assignment") return [{ text: word.text, target: undefined }];
  const raw = word.text;
  const fromHome = raw.startsWith("~");
  if (fromHome && !/^~(?:\/|$)/.test(raw)) return [{ text: word.value, target: undefined }];
  if (word.parts?.some((part) => part.type === "BraceExpansion")) {
    // With quotes in it nobody knows which braces are meant.
    const isPlain = !/["'\\$`(]/.test(raw);
    return shellWords(word).map(({ text }) => ({
      text,
      target: isPlain && !/[{}]/.test(text) ? { text, isPattern: hasPattern(text), fromHome } : undefined,
    }));
  }
  const isPattern = word.parts?.some((part) => part.type === "Glob") ?? false;
  const text = word.parts ? textOf(word.parts, isPattern) : word.value;
  return [{ text: text ?? word.value, target: text === undefined ? undefined : { text, isPattern, fromHome } }];
}

/** The same word without its first characters, such as the `of=` of dd. */
export function behind({ text, target }: PlainWord, prefix: string): PlainWord {
  const rest = text.slice(prefix.length);
  return { text: rest, target: target && !target.fromHome ? { ...target, text: rest } : undefined };
}

/** A word that stands for itself. */
export function nameWord(text: string): TargetWord {
  return { text, isPattern: false, fromHome: false };
}

function hasPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/** Undefined where the shell fills something in, and where quoted characters of patterns stand beside patterns. */
function textOf(parts: readonly WordPart[], isPattern: boolean): string | undefined {
  let text = "";
  for (const part of parts) {
    let more: string | undefined;
    if (part.type === "Glob") more = part.text;
    else if (part.type === "Literal" || part.type === "SingleQuoted" || part.type === "AnsiCQuoted") more = part.value;
    else if (part.type === "DoubleQuoted" || part.type === "LocaleString") more = textOf(part.parts, isPattern);
    if (more === undefined || (isPattern && part.type !== "Glob" && /[*?[\]\\]/.test(more))) return undefined;
    text += more;
  }
  return text;
}
