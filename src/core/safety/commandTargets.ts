import { forEachChild, parse, type Command, type Redirection, type SyntaxNode } from "unbash";
import type { TypingPlace } from "../ports/safety";
import type { CommandTarget } from "../ports/targets";
import { gitTargets } from "./gitTargets";
import { shells } from "../model/shellNames";
import { wrappers } from "./programs";
import { programTargets } from "./programTargets";
import { programOf } from "./shellWords";
import { plainWords, type PlainWord } from "./targetWords";

/** Bounds for hostile text. */
const mostTargets = 100;
const deepestText = 4;
/** Wrappers in front of each other. */
const mostWrappers = 24;

/** The folder that a shell stands in; undefined: not known. Grows by the plain words of `cd`. */
interface Standing {
  folder: string | undefined;
}

/** What a text would remove or overwrite, as far as it can be read in it. Parts that cannot are left out. */
export function commandTargets(text: string, { shell, cwd, before = [] }: TypingPlace): readonly CommandTarget[] {
  try {
    const standing = { folder: cwd };
    for (const earlier of before) new TargetWalk(shell).text(earlier, standing);
    const walk = new TargetWalk(shell);
    walk.text(text, standing);
    return walk.found.slice(0, mostTargets);
  } catch (error) {
    // Nesting beyond any use exhausts the stack.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

class TargetWalk {
  readonly found: CommandTarget[] = [];
  #depth = 0;
  #wrappers = 0;

  constructor(private readonly shell: string) {}

  text(text: string, standing: Standing): void {
    const root = this.#depth < deepestText ? parse(text) : undefined;
    if (!root || (root.errors?.length ?? 0) > 0) standing.folder = undefined;
    else {
      this.#depth++;
      this.#all(root.commands, standing);
      this.#depth--;
    }
  }

  #all(nodes: readonly SyntaxNode[], standing: Standing): void {
    for (const node of nodes) this.#node(node, standing);
  }

  #node(node: SyntaxNode, standing: Standing): void {
    switch (node.type) {
      case "Statement":
        this.#node(node.command, node.background === true ? { ...standing } : standing);
        break;
      case "CompoundList":
        this.#all(node.commands, standing);
        break;
      case "BraceGroup":
        this.#node(node.body, standing);
        break;
      case "Subshell":
        this.#node(node.body, { ...standing });
        break;
      case "AndOr":
        for (const [index, command] of node.commands.entries())
          if (node.operators[index - 1] === "||") this.#perhaps([command], standing);
          else this.#node(command, standing);
        break;
      case "Pipeline":
        if (node.commands.length === 1) this.#all(node.commands, standing);
        else this.#perhaps(node.commands, standing);
        break;
      case "Redirected":
        this.#redirects(node.redirects, standing);
        this.#node(node.command, standing);
        break;
      case "Command":
        this.#redirects(node.redirects, standing);
        this.#command(node, standing);
        break;
      // Its body runs where it is called.
      case "Function":
        break;
      default: {
        const children: SyntaxNode[] = [];
        forEachChild(node, (child) => children.push(child));
        this.#perhaps(children, standing);
        return;
      }
    }
  }

  /** Parts that may run, or run on their own: where one of them goes to another folder, nobody knows it afterwards. */
  #perhaps(nodes: readonly SyntaxNode[], standing: Standing): void {
    let moved = false;
    for (const node of nodes) {
      const own = { ...standing };
      this.#node(node, own);
      moved ||= own.folder !== standing.folder;
    }
    if (moved) standing.folder = undefined;
  }

  #redirects(redirects: readonly Redirection[], { folder }: Standing): void {
    for (const redirect of redirects) {
      if (redirect.type !== "Redirect" || !/^(?:>|>\||&>)$/.test(redirect.operator) || !redirect.target) continue;
      const words = plainWords(redirect.target).flatMap(({ target }) => (target ? [target] : []));
      if (words.some(({ text }) => text.startsWith("/dev/"))) continue;
      this.#add([{ kind: "overwritten", folder: folder ?? "", words, from: [] }], folder);
    }
  }

  #command({ name, args }: Command, standing: Standing): void {
    if (!name || this.found.length >= mostTargets) return;
    this.#wrappers = 0;
    this.#call([name, ...args].flatMap(plainWords), standing);
  }

  #call(words: readonly PlainWord[], standing: Standing): void {
    const [first, ...rest] = words;
    const program = first?.target && programOf(first.text);
    if (program === undefined) return;
    if (program === "cd" || program === "pushd") standing.folder = folderAfter(rest, standing.folder);
    else if (program === "popd") standing.folder = undefined;
    else if (program === "eval") this.#evaluated(rest, standing);
    else if (shells.has(program)) this.#shellText(rest, standing);
    else if (program === "npx" || program === "bunx" || Object.hasOwn(wrappers, program))
      this.#wrapped(program, rest, standing);
    else {
      const folder = standing.folder ?? "";
      const targets = program === "git" ? gitTargets(rest, folder) : programTargets(program, rest, folder);
      this.#add(targets, standing.folder);
    }
  }

  #evaluated(words: readonly PlainWord[], standing: Standing): void {
    if (words.every(({ target }) => target !== undefined)) this.text(words.map(({ text }) => text).join(" "), standing);
    else standing.folder = undefined;
  }

  #shellText(words: readonly PlainWord[], standing: Standing): void {
    const at = words.findIndex(({ text }) => /^-[A-Za-z]*c$/.test(text));
    const text = at < 0 ? undefined : words[at + 1];
    if (text?.target && !text.target.isPattern) this.text(text.text, { ...standing });
  }

  /** `sudo`, `env` and the like; what one of them takes to another folder is not looked at. */
  #wrapped(program: string, words: readonly PlainWord[], standing: Standing): void {
    if (program === "xargs" || ++this.#wrappers > mostWrappers) return;
    const taking = (Object.hasOwn(wrappers, program) ? wrappers[program] : undefined) ?? [];
    for (let index = 0; index < words.length; index++) {
      const { text } = words[index] ?? { text: "" };
      if (/^(?:-C|-D|-R|--chdir|--chroot|-S)/.test(text)) return;
      if (taking.includes(text)) index++;
      else if (!/^-|^\w+=|^[\d.]+[smhd]?$/.test(text)) {
        this.#call(words.slice(index), { ...standing });
        return;
      }
    }
  }

  /** Words that start from a folder that nobody knows are left out. */
  #add(targets: readonly CommandTarget[], folder: string | undefined): void {
    for (const target of targets) {
      if (target.kind !== "files" && target.kind !== "overwritten") {
        if (folder !== undefined) this.found.push(target);
        continue;
      }
      const words = target.words
        .filter((word) => folder !== undefined || word.fromHome || word.text.startsWith("/"))
        .map((word) => (this.#hasDeepPatterns ? word : { ...word, text: word.text.replaceAll("**", "*") }));
      if (words.length === 0) continue;
      if (target.kind === "overwritten") this.found.push({ ...target, words });
      else this.found.push({ ...target, words, isPart: target.isPart || words.length < target.words.length });
    }
  }

  /** bash knows `**` only when it is told to. */
  get #hasDeepPatterns(): boolean {
    return this.shell === "zsh" || this.shell === "fish";
  }
}

function folderAfter(words: readonly PlainWord[], folder: string | undefined): string | undefined {
  const places = words.filter(({ text }) => !/^-[LPe@]?-?$/.test(text) || text === "-");
  if (places.length === 0) return "~";
  const [place] = places;
  if (places.length > 1 || !place?.target || place.target.isPattern || /^[-+]/.test(place.text)) return undefined;
  if (place.target.fromHome || place.text.startsWith("/")) return place.text;
  return folder === undefined ? undefined : `${folder}/${place.text}`;
}
