import { literalWord, type ShellWord } from "./shellWords";

/** Words that introduce or close blocks of fish; the command comes behind them. */
const keywords = new Set([
  "if",
  "else",
  "while",
  "and",
  "or",
  "not",
  "begin",
  "end",
  "!",
  "time",
  "command",
  "builtin",
  "exec",
]);

/**
 * In front of a word fish takes these for blanks, within one for a part of it (measured with 3.6 on glibc; macOS
 * counts more of them).
 */
const unicodeBlank = /[\u0085\p{Zs}\p{Zl}\p{Zp}]/u;

/**
 * The simple commands of a fish script, found without its grammar: words between separators, in parentheses too, with
 * fish's rules for quotes. It finds what is run, not when; that is enough to ask.
 */
export function fishCommands(text: string): ShellWord[][] {
  const commands: ShellWord[][] = [];
  let words: ShellWord[] = [];
  let word = "";
  let begun = false;
  let dynamic = false;
  let quote = "";
  const endWord = (): void => {
    if (begun) words.push(dynamic ? { text: word, dynamic, program: undefined } : literalWord(word));
    word = "";
    begun = false;
    dynamic = false;
  };
  const endCommand = (): void => {
    endWord();
    const first = words.findIndex((each) => !keywords.has(each.text));
    if (first >= 0) commands.push(words.slice(first));
    words = [];
  };
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (character === "\\" && /[\\'"$]/.test(text.charAt(index + 1))) word += text.charAt(++index);
      else if (character === "$" && quote === '"' && text.charAt(index + 1) === "(") {
        // A substitution within quotes: what is in it is read as commands, the rest of the string as words.
        quote = "";
        dynamic = true;
      } else {
        if (character === "$" && quote === '"') dynamic = true;
        word += character;
      }
    } else if (character === "'" || character === '"') {
      quote = character;
      begun = true;
    } else if (character === "\\" && index + 1 < text.length) {
      index++;
      if (text.charAt(index) !== "\n") {
        word += text.charAt(index);
        begun = true;
      }
    } else if (character === "#" && !begun) {
      while (index + 1 < text.length && text.charAt(index + 1) !== "\n") index++;
    } else if (character === " " || character === "\t") endWord();
    else if (!begun && unicodeBlank.test(character)) continue;
    else if (/[;&|()\n<>]/.test(character)) endCommand();
    else {
      if (character === "$" || character === "*") dynamic = true;
      word += character;
      begun = true;
    }
  }
  endCommand();
  return commands;
}
