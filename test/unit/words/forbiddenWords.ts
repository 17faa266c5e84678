import { brief } from "../../../src/core/model/sentences.js";

/** A sentence of the product, and where it stands. */
export interface Sentence {
  /** Path from the root of the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Values that are put in while it runs are one `…` each. */
  readonly text: string;
}

interface Forbidden {
  readonly words: RegExp;
  /** What to write in its place. */
  readonly better: string;
}

const counted =
  "tasks|sessions|entries|questions|projects|lines|files|folders|events|segments|commands|roles|servers|" +
  "windows|problems|mistakes|tries|times|seconds|minutes|hours|days|others|places";

/** The glossary: one word for one thing, and none that people have to guess at. */
const glossary: readonly Forbidden[] = [
  { words: /\b(drives?|driven|drivers?|drove|driving)\b/i, better: "run, running, runs; for who does it: process 812" },
  { words: /\b(diary|diaries|journals?)\b/i, better: "log" },
  { words: /\brecords?\b/i, better: 'log, for the events; "the project\'s files" for the folder' },
  { words: /\b(go|goes|going|gone|went) on\b/i, better: "continues, resume, still runs" },
  { words: /\b(take|takes|taken|taking|took) (it |them )?up\b/i, better: "resume; of a request: applying" },
  { words: /\b(tells?|telling) of\b/i, better: "says, shows, reports" },
  { words: /\btold\b/i, better: "says, is shown, is known" },
  { words: /\bgone\b(?! on\b)/i, better: "no longer exists, ended, lost, was deleted" },
  { words: /\b(is|are|was) back\b(?! at)/i, better: "answers again, is connected again" },
  { words: /\b(is|was) over\b/i, better: "ended; of a time: timed out, expired" },
  { words: /\banew\b/i, better: "again; of a session or server: restarted" },
  { words: /\b(nobody|somebody|whoever)\b/i, better: "a noun: the project is not running, another program, you" },
  { words: /\b(is|are|was|were) to be\b/i, better: "should be, must be, will be" },
  { words: /\bsigns? of life\b/i, better: "progress" },
  { words: /\bcount(s|ed)? as\b/i, better: "is skipped, is failed, is blocked by" },
  { words: /\bwait(s|ing)? for (a person|people)\b/i, better: "needs your answer" },
  { words: /\bwhat waits\b/i, better: "open questions" },
  { words: /\battention (is )?needed\b/i, better: "needs your answer" },
  { words: /\bnoted\b/i, better: "saved, listed" },
  { words: /\bstands? (on|at)\b/i, better: "is at; of text: there is unsent text at the prompt" },
  { words: /\b(come|comes|came) to (its|a|the) prompt\b/i, better: "show a prompt" },
  { words: /(?<!\bthere )\b(is|are) no (?!longer\b|more\b)/i, better: "is not a …" },
  { words: /\bwhat is no\b/i, better: "something that is not a …" },
  { words: /, which did\b/i, better: "a sentence of its own, with its actor" },
  { words: /\b(whence|thence|hence|thereof|therein|wherein|whereof|hither|ought)\b/i, better: "today's words" },
  { words: new RegExp(`(?<![\\d.,])1 (${counted})\\b`, "i"), better: "the singular" },
  { words: /\bof 1 \w+s\b/i, better: "the singular" },
  {
    words: new RegExp(`(?<!\\b(more than|at most|these) )… (${counted})\\b(?! [-\\d])`),
    better: "`plural`, which knows the singular, too",
  },
  { words: /(?<![.\s/\\])\.\.(?![./])/, better: "one full stop" },
  { words: /\.\.\./, better: "…" },
  { words: /\bhuman:/i, better: "the name alone: ada" },
];

/** What holds a forbidden word for a reason: the exact words around it, and where. */
const allowed: readonly { readonly file: string; readonly words: RegExp; readonly why: string }[] = [
  { file: "src/core/session/serverWatch.ts", words: /answers again/, why: "It is a verb here." },
  { file: "src/core/safety/cloudRules.ts", words: /change-resource-record-sets/, why: "aws is told so." },
  { file: "src/core/safety/clusterRules.ts", words: /kafka-delete-records/g, why: "It is the name of a program." },
  { file: "src/core/safety/gitRules.ts", words: /merge\.\*\.driver/, why: "It is a setting of Git." },
];

/** What is wrong with a sentence, each with the words to use in its place. */
export function faultsIn({ file, line, text }: Sentence): readonly string[] {
  const checked = allowed
    .filter((one) => one.file === file)
    .reduce((left, { words }) => left.replace(words, (found) => " ".repeat(found.length)), text);
  return glossary.flatMap(({ words, better }) => {
    const found = acrossLines(words).exec(checked);
    if (found === null) return [];
    const at = line + text.slice(0, found.index).split("\n").length - 1;
    return [`${file}:${at}: "${found[0]}" → ${better}: ${around(text, found.index)}`];
  });
}

/** A line may end between two words. */
function acrossLines(words: RegExp): RegExp {
  return new RegExp(words.source.replaceAll(" ", "\\s+"), words.flags);
}

/** One line of what stands at `index`. */
export function around(text: string, index: number): string {
  return brief(text.slice(Math.max(0, index - 60), index + 60));
}
