import type { CommandTarget, FileFilter, TargetWord } from "../ports/targets";
import { behind, nameWord, type PlainWord } from "./targetWords";

/** What a call of a program that is not Git removes or overwrites. */
export function programTargets(program: string, words: readonly PlainWord[], folder: string): readonly CommandTarget[] {
  const call = { folder, ...sorted(words, valueLetters[program] ?? "") };
  switch (program) {
    case "rm":
    case "grm":
      return removed(call, call.has("rR", "recursive"));
    case "unlink":
      return removed(call, false);
    case "rimraf":
    case "del-cli":
    case "srm":
    case "wipe":
    case "trash":
    case "trash-put":
      return removed(call, true);
    case "shred":
      return call.has("u", "remove") ? removed(call, false) : overwritten(call, call.operands);
    case "truncate":
    case "gtruncate":
      return overwritten(call, call.operands);
    case "tee":
      return call.has("a", "append") ? [] : overwritten(call, call.operands);
    case "sed":
    case "gsed":
      return edited(call);
    case "dd":
    case "gdd":
    case "dcfldd":
      return overwritten(
        call,
        words.filter(({ text }) => text.startsWith("of=")).map((word) => behind(word, "of=")),
      );
    case "mv":
    case "gmv":
    case "cp":
    case "gcp":
    case "install":
    case "ln":
      return placed(program.replace(/^g/, ""), call);
    case "find":
    case "gfind":
      return found(words, folder);
    case "rsync":
      return synchronized(call);
    default:
      return [];
  }
}

/** Letters of options that take the next word. */
const valueLetters: Readonly<Record<string, string>> = {
  truncate: "sr",
  shred: "ns",
  sed: "ef",
  gsed: "ef",
  install: "mog",
};

interface SortedCall {
  readonly folder: string;
  readonly options: readonly string[];
  readonly operands: readonly PlainWord[];
  /** One of these letters, alone or in a group, or the long name, shortened as getopt allows. */
  readonly has: (letters: string, name: string) => boolean;
}

function sorted(words: readonly PlainWord[], taking: string): Omit<SortedCall, "folder"> {
  const options: string[] = [];
  const operands: PlainWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    if (word.text === "--") {
      operands.push(...words.slice(index + 1));
      break;
    }
    if (!/^-./.test(word.text)) operands.push(word);
    else {
      options.push(word.text);
      if (/^-[A-Za-z]+$/.test(word.text) && taking.includes(word.text.at(-1) ?? " ")) index++;
    }
  }
  const has = (letters: string, name: string): boolean =>
    options.some((option) =>
      option.startsWith("--")
        ? option.length > 3 && `--${name}`.startsWith(option.split("=")[0] ?? "")
        : Array.from(letters).some((letter) => option.includes(letter)),
    );
  return { options, operands, has };
}

function known(words: readonly PlainWord[]): TargetWord[] {
  return words.flatMap(({ target }) => (target && target.text !== "" ? [target] : []));
}

function removed({ folder, operands }: SortedCall, recursive: boolean): CommandTarget[] {
  const words = known(operands);
  return [{ kind: "files", effect: "delete", folder, words, recursive, isPart: words.length < operands.length }];
}

function overwritten({ folder }: SortedCall, words: readonly PlainWord[], from: TargetWord[] = []): CommandTarget[] {
  return [{ kind: "overwritten", folder, words: known(words), from }];
}

function edited(call: SortedCall): CommandTarget[] {
  const { options, operands } = call;
  if (!options.some((option) => /^-[nErsuz]*i|^--in-place/.test(option))) return [];
  const hasScript = options.some((option) => /^-[A-Za-z]*[ef]|^--(?:expression|file)/.test(option));
  const given = operands.filter(({ text }) => text !== "");
  return overwritten(call, hasScript ? given : given.slice(1));
}

/** Something is put where something else may be: `mv a b`, `cp a b folder`, `ln -f a b`. */
function placed(program: string, call: SortedCall): CommandTarget[] {
  const { folder, operands, has, options } = call;
  const last = operands.at(-1);
  if (!last || operands.length < 2 || options.some((option) => /^-[A-Za-z]*[tT]|^--(?:target|no-target)/.test(option)))
    return [];
  const sources = operands.slice(0, -1);
  const words = known(sources);
  const moved: CommandTarget[] =
    program === "mv" ? [{ kind: "files", effect: "move", folder, words, recursive: true, isPart: false }] : [];
  const keeps =
    (program === "ln" && !has("f", "force")) ||
    (program === "install" && has("d", "directory")) ||
    (/^(?:mv|cp)$/.test(program) && has("n", "no-clobber")) ||
    last.text.startsWith("/dev/");
  return keeps ? moved : [...moved, ...overwritten(call, [last], words)];
}

const deletes = /^-delete$/;

/** `find … -delete`, `find … -exec rm -r {} +` with tests that can be read here. */
function found(words: readonly PlainWord[], folder: string): CommandTarget[] {
  const begins = words.findIndex(({ text }) => /^[-(!]/.test(text));
  const places = begins < 0 ? words : words.slice(0, begins);
  const tests = begins < 0 ? [] : words.slice(begins);
  const filter = filterOf(tests);
  if (!filter) return [];
  const known = places.length === 0 ? [nameWord(".")] : places.flatMap(({ target }) => (target ? [target] : []));
  const isPart = known.length < places.length;
  return [{ kind: "files", effect: "delete", folder, words: known, recursive: true, filter, isPart }];
}

/** Undefined where something in it cannot be read, or nothing is removed. */
function filterOf(words: readonly PlainWord[]): FileFilter | undefined {
  let filter: FileFilter = { least_depth: 0, most_depth: Infinity, wholeFolders: false };
  for (let index = 0; index < words.length; index++) {
    const { text } = words[index] ?? { text: "" };
    if (deletes.test(text)) return filter;
    if (/^-exec(?:dir)?$/.test(text)) return ofRemoval(words.slice(index + 1), filter);
    if (/^-(?:depth|print0?|mount|xdev)$/.test(text)) continue;
    const value = words[++index];
    // A pattern without quotes is one of the shell's.
    if (!value?.target || value.target.isPattern) return undefined;
    if (text === "-name" || text === "-iname") filter = { ...filter, name: value.text, ignoresCase: text === "-iname" };
    else if (text === "-type" && /^[fdl](?:,[fdl])*$/.test(value.text)) filter = { ...filter, types: value.text };
    else if (text === "-maxdepth" && /^\d+$/.test(value.text)) filter = { ...filter, most_depth: Number(value.text) };
    else if (text === "-mindepth" && /^\d+$/.test(value.text)) filter = { ...filter, least_depth: Number(value.text) };
    else return undefined;
  }
  return undefined;
}

/** What follows `-exec`: `rm -rf {} +`. */
function ofRemoval([program, ...words]: readonly PlainWord[], filter: FileFilter): FileFilter | undefined {
  if (!/^(?:.*\/)?(?:rm|unlink)$/.test(program?.text ?? "")) return undefined;
  const end = words.findIndex(({ text }) => text === ";" || text === "+");
  const own = words.slice(0, Math.max(0, end)).map(({ text }) => text);
  if (own.at(-1) !== "{}" || own.slice(0, -1).some((text) => !text.startsWith("-"))) return undefined;
  const recursive = own.some((text) => /^-[A-Za-z]*[rR]|^--recursive$/.test(text));
  return recursive ? { ...filter, wholeFolders: true } : { ...filter, types: filter.types ?? "f,l" };
}

const plainSync =
  /^-[avrzhPtplogDuqciHAXSWx]+$|^--(?:delete(?:-before|-after|-during|-delay)?|del|archive|recursive|verbose|progress|stats|compress|partial|human-readable)$/;

/** What `rsync --delete` removes at a target on this machine. */
function synchronized({ folder, options, operands, has }: SortedCall): CommandTarget[] {
  const [source, target] = operands;
  if (operands.length !== 2 || !source?.target || !target?.target || !has("ar", "recursive")) return [];
  const isPlain = options.every((option) => plainSync.test(option)) && options.some((each) => each.startsWith("--del"));
  if (!isPlain || operands.some(({ text, target: word }) => text.includes(":") || word?.isPattern)) return [];
  const into = /[^/]*$/.exec(source.text)?.[0] ?? "";
  const place = into === "" || into === "." ? target.target : { ...target.target, text: `${target.text}/${into}` };
  const words = [place];
  return [
    { kind: "files", effect: "delete", folder, words, recursive: true, missingFrom: source.target, isPart: false },
  ];
}
