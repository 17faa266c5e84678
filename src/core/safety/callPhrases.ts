import { allOf, anyArgument, flag, noneOf, type Call, type Condition } from "./policyConditions";

/**
 * What programs are told, as data: names of programs, separated by blanks, each with phrases, separated by commas. A
 * phrase is met by the first words that are no options, in order:
 *
 * - `delete`, `rm|remove`, `delete-*`, `:?*`: a word of that form, `*` for anything and `?` for one character;
 * - `**`: any words, or none;
 * - `-f|--force`: one of these options is given too; `-purge` is an option of one hyphen; `--` is the word itself;
 * - `!-n|--dry-run`: none of these options is given.
 */
export type Calls = Readonly<Record<string, string>>;

interface Phrase {
  /** Undefined: any words, or none. */
  readonly steps: readonly (RegExp | undefined)[];
  readonly when: Condition;
}

const read = new Map<string, readonly Phrase[]>();

/** Whether one of the phrases is met. They are read when a program is first called that has them. */
export function isTold(phrases: string, call: Call): boolean {
  let known = read.get(phrases);
  if (!known) read.set(phrases, (known = phrasesIn(phrases).map(phraseOf)));
  return known.some(({ steps, when }) => follow(steps, call.positionals, 0, 0) && when(call));
}

/** The words of each phrase, and the forms that each word may have: `[["rm", "remove"], ["-f"]]`. */
export function phraseWords(phrases: string): string[][][] {
  return phrasesIn(phrases).map((phrase) => phrase.split(/\s+/).map((word) => word.split("|")));
}

/** Alternatives may go on in the next line. */
function phrasesIn(phrases: string): string[] {
  return phrases
    .replace(/\|\s+/g, "|")
    .split(",")
    .map((phrase) => phrase.trim());
}

function phraseOf(phrase: string): Phrase {
  const words = phrase.split(/\s+/);
  const conditions = words.flatMap((word) => {
    if (word.startsWith("!")) return [noneOf(option(word.slice(1)))];
    return word.startsWith("-") ? [option(word)] : [];
  });
  const steps = words
    .filter((word) => !/^[-!]/.test(word))
    .map((word) => (word === "**" ? undefined : new RegExp(`^(?:${glob(word)})$`, "s")));
  return { steps, when: allOf(...conditions) };
}

function option(word: string): Condition {
  if (word === "--") return anyArgument(/^--$/);
  const names = word.split("|");
  const literal = names.filter((name) => /^-[^-].|=/.test(name));
  const flags = names.filter((name) => !literal.includes(name)).map((name) => name.replace(/^--?/, ""));
  const given =
    literal.length === 0 ? undefined : anyArgument(new RegExp(`^(?:${literal.map(glob).join("|")})(?:=|$)`));
  const flagged = flag(...flags);
  return (call) => flagged(call) || (given?.(call) ?? false);
}

function glob(text: string): string {
  return text
    .replace(/[.+^${}()\\[\]]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
}

function follow(steps: Phrase["steps"], words: readonly string[], step: number, word: number): boolean {
  for (; step < steps.length; step++, word++) {
    const form = steps[step];
    if (!form) {
      for (let next = word; next <= words.length; next++) if (follow(steps, words, step + 1, next)) return true;
      return false;
    }
    if (word >= words.length || !form.test(words[word] ?? "")) return false;
  }
  return true;
}
