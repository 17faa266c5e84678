import type { CommandArgument, Word, WordPart } from "unbash";

/** A word of a command line as the shell will take it, as far as that is known. */
export interface ShellWord {
  /** Quotes removed; what the shell fills in stays as it is written. */
  readonly text: string;
  /** The shell fills in some of it. */
  readonly dynamic: boolean;
  /**
   * The name of the program when this is the command word: the part behind the last slash; undefined when that is not
   * known.
   */
  readonly program: string | undefined;
}

export function literalWord(text: string): ShellWord {
  return { text, dynamic: false, program: programOf(text) };
}

/** The words that one word of the source becomes: several when it has braces, such as `{rm,-rf,x}`. */
export function shellWords(word: CommandArgument): ShellWord[] {
  if (word.type === "Assignment") return [{ text: word.text, dynamic: false, program: undefined }];
  const parts = word.parts;
  if (!parts) return [literalWord(word.value)];
  if (parts.some((part) => part.type === "BraceExpansion")) {
    const dynamic = parts.some((part) => part.type !== "BraceExpansion" && isDynamic(part));
    return expandBraces(word.value).map((text) => ({ text, dynamic, program: dynamic ? undefined : programOf(text) }));
  }
  if (!parts.some(isDynamic)) return [literalWord(word.value)];
  return [{ text: word.value, dynamic: true, program: programBehind(parts) }];
}

/** Whether the shell fills in something here. */
export function isDynamic(part: WordPart): boolean {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return false;
    case "DoubleQuoted":
    case "LocaleString":
      return part.parts.some(isDynamic);
    default:
      return true;
  }
}

/** `$HOME/bin/tool` is `tool`, whatever `$HOME` is. */
function programBehind(parts: readonly WordPart[]): string | undefined {
  let tail = "";
  let known = false;
  const add = (part: WordPart): void => {
    if (part.type === "DoubleQuoted" || part.type === "LocaleString") part.parts.forEach(add);
    else if (part.type === "Literal" || part.type === "SingleQuoted" || part.type === "AnsiCQuoted") {
      const slash = part.value.lastIndexOf("/");
      if (slash >= 0) {
        tail = part.value.slice(slash + 1);
        known = true;
      } else tail += part.value;
    } else {
      known = false;
      tail = "";
    }
  };
  parts.forEach(add);
  return known && tail !== "" ? programOf(tail) : undefined;
}

/** `/bin/rm` is rm; so is `=rm` of zsh, and `RM` where file names have no case. */
export function programOf(text: string): string | undefined {
  const name = text
    .slice(text.lastIndexOf("/") + 1)
    .replace(/^=/, "")
    .toLowerCase()
    .replace(/\.exe$/, "");
  return name === "" || name === "{}" ? undefined : name;
}

const maxBraceWords = 64;

/** Lists in braces, the innermost first; sequences such as `{1..3}` stay as they are. */
function expandBraces(text: string): string[] {
  let words = [text];
  for (let changed = true; changed && words.length < maxBraceWords;) {
    changed = false;
    words = words.flatMap((word) => {
      const match = words.length < maxBraceWords ? /\{([^{}]*,[^{}]*)\}/.exec(word) : null;
      if (!match) return [word];
      changed = true;
      return (match[1] ?? "")
        .split(",")
        .slice(0, maxBraceWords)
        .map((choice) => word.slice(0, match.index) + choice + word.slice(match.index + match[0].length));
    });
  }
  return words.slice(0, maxBraceWords);
}

/** The scripts of `<(…)` and `$(…)` that this word consists of or holds. */
export function substitutionsIn(word: Word): Extract<WordPart, { type: "CommandExpansion" | "ProcessSubstitution" }>[] {
  const found: Extract<WordPart, { type: "CommandExpansion" | "ProcessSubstitution" }>[] = [];
  const look = (part: WordPart): void => {
    if (part.type === "CommandExpansion" || part.type === "ProcessSubstitution") found.push(part);
    else if (part.type === "DoubleQuoted") part.parts.forEach(look);
  };
  word.parts?.forEach(look);
  return found;
}

/** Whether the word is nothing but substitutions. */
export function isSubstitution(word: Word): boolean {
  const only = (part: WordPart): boolean =>
    part.type === "CommandExpansion" ||
    part.type === "ProcessSubstitution" ||
    (part.type === "DoubleQuoted" && part.parts.every(only)) ||
    (part.type === "Literal" && part.value.trim() === "");
  return word.parts?.every(only) ?? false;
}
