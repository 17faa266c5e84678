import type { CommandTarget } from "../ports/targets";
import type { PlainWord } from "./targetWords";

/** What a call of Git removes or overwrites; nothing where options stand in it that are not known here. */
export function gitTargets(words: readonly PlainWord[], folder: string): readonly CommandTarget[] {
  let place = folder;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    if (/^(?:-P|-p|--no-pager|--paginate|--no-optional-locks)$/.test(word.text)) continue;
    if (word.text === "-C") {
      const next = words[++index];
      if (!next?.target || next.target.isPattern) return [];
      place = next.target.fromHome || next.text.startsWith("/") ? next.text : `${place}/${next.text}`;
    } else if (word.text.startsWith("-")) return [];
    else return ofSubcommand(word.text, words.slice(index + 1), place);
  }
  return [];
}

interface GitCall {
  readonly folder: string;
  readonly options: readonly string[];
  /** In front of `--` where there is one. */
  readonly operands: readonly PlainWord[];
  /** Behind `--`; undefined without one. */
  readonly paths: readonly PlainWord[] | undefined;
}

function ofSubcommand(name: string, words: readonly PlainWord[], folder: string): CommandTarget[] {
  const end = words.findIndex(({ text }) => text === "--");
  const before = end < 0 ? words : words.slice(0, end);
  const call: GitCall = {
    folder,
    options: before.map(({ text }) => text).filter((text) => text.startsWith("-")),
    operands: before.filter(({ text }) => !text.startsWith("-")),
    paths: end < 0 ? undefined : words.slice(end + 1),
  };
  switch (name) {
    case "clean":
      return cleaned(words, folder);
    case "reset":
      return call.options.includes("--hard") ? changes(call, [], "commit") : [];
    case "switch":
      return has(call, "f", "--force", "--discard-changes") ? changes(call, [], "commit") : [];
    case "checkout":
      return checkedOut(call);
    case "restore":
      return restored(call, before);
    case "stash":
      return stashes(call);
    case "rm":
      return has(call, "n", "--cached", "--dry-run")
        ? []
        : removed(call, [...call.operands, ...(call.paths ?? [])], has(call, "r", "-r"));
    case "worktree":
      return call.operands[0]?.text === "remove" ? removed(call, call.operands.slice(1), true) : [];
    default:
      return [];
  }
}

function has({ options }: GitCall, letter: string, ...names: readonly string[]): boolean {
  return options.some((option) => (/^-[A-Za-z]/.test(option) ? option.includes(letter) : names.includes(option)));
}

/** The same call, which only tells. */
function cleaned(words: readonly PlainWord[], folder: string): CommandTarget[] {
  const args: string[] = [];
  const paths: string[] = [];
  let options = true;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word?.target || word.target.fromHome) return [];
    const { text } = word;
    if (options && text === "--") options = false;
    else if (!options || !text.startsWith("-")) paths.push(text);
    else if (text === "-e") args.push(text, words[++index]?.text ?? "");
    else if (/^-[dfxXq]+$/.test(text)) args.push(text.replaceAll("q", ""));
    else if (text === "--force" || text.startsWith("--exclude=")) args.push(text);
    else if (text !== "--quiet") return [];
  }
  return [{ kind: "git_clean", folder, args: [...args.filter((arg) => arg !== "-"), "--", ...paths] }];
}

function changes(
  { folder }: GitCall,
  words: readonly PlainWord[],
  from: Extract<CommandTarget, { kind: "git_changes" }>["from"],
): CommandTarget[] {
  const paths = words.flatMap(({ text, target }) => (target && !target.fromHome ? [text] : []));
  return paths.length < words.length ? [] : [{ kind: "git_changes", folder, paths, from }];
}

function checkedOut(call: GitCall): CommandTarget[] {
  const { operands, paths } = call;
  if (paths && paths.length > 0) return changes(call, paths, operands.length > 0 ? "commit" : "index");
  const [first, ...rest] = operands;
  if (first && /^\.{1,2}\/?$|^:\//.test(first.text)) return changes(call, operands, "index");
  if (rest.length > 0) return changes(call, rest, "commit");
  return has(call, "f", "--force") ? changes(call, [], "commit") : [];
}

function restored(call: GitCall, before: readonly PlainWord[]): CommandTarget[] {
  const source = before.findIndex(({ text }) => text === "-s" || text === "--source");
  const named = source < 0 ? undefined : before[source + 1];
  const operands = call.operands.filter((word) => word !== named);
  const hasSource = source >= 0 || has(call, "s") || call.options.some((option) => option.startsWith("--source="));
  const staged = has(call, "S", "--staged");
  if (staged && !has(call, "W", "--worktree")) return [];
  const paths = [...operands, ...(call.paths ?? [])];
  return paths.length === 0 ? [] : changes(call, paths, hasSource || staged ? "commit" : "index");
}

function stashes({ folder, operands }: GitCall): CommandTarget[] {
  const what = operands[0]?.text;
  if (what !== "clear" && what !== "drop") return [];
  return [{ kind: "git_stashes", folder, which: what === "clear" ? "all" : "one" }];
}

function removed({ folder }: GitCall, operands: readonly PlainWord[], recursive: boolean): CommandTarget[] {
  const words = operands.flatMap(({ target }) => (target ? [target] : []));
  return [{ kind: "files", effect: "delete", folder, words, recursive, isPart: words.length < operands.length }];
}
