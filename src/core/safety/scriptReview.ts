import {
  forEachChild,
  parse,
  type Command,
  type Function as FunctionNode,
  type Pipeline,
  type Script,
  type SyntaxNode,
} from "unbash";
import type { PolicyDecision } from "../ports/safety";
import { isSuspect, ruleFor } from "./commandRules";
import { directProgram, packagedProgram } from "./packageRunners";
import { codeOf, callOf, type Call } from "./policyConditions";
import { allowed, ask, brief } from "./policyDecision";
import { shells } from "../model/shellNames";
import {
  closedPrograms,
  interpreters,
  laterShells,
  opens,
  runOptions,
  runVariables,
  textRunners,
  wrappers,
} from "./programs";
import { type CommandInput, emptying, inputOf, redirection } from "./redirections";
import { Downloads } from "./downloads";
import { madeCode, printsSettings, tellsSecrets } from "./madeText";
import { isSubstitution, shellWords, substitutionsIn, type ShellWord } from "./shellWords";

/** Deeper texts within texts (`sh -c "sh -c …"`) are not read. */
const maxDepth = 6;
/** Bounds for hostile text: calls judged, and characters parsed, over all texts within the text. */
const maxCalls = 4000;
const maxCharacters = 1024 * 1024;
/** Words of one command that are looked at as if they were a program of their own. */
const maxInnerPrograms = 16;
/** Wrappers in front of each other. */
const maxWrappers = 24;

export const tooComplex = "The command is too complex to check.";

const unreadable = ask("unreadable", "The command has a syntax error, so it cannot be checked.");

/** What stands around a command. */
interface Context extends CommandInput {
  /** It is the operand of xargs, find and the like, or follows a wrapper. */
  readonly inner?: boolean;
}

/**
 * Reads one text and everything that it would run, up to the first thing that a person should look at. Use one for one
 * decision.
 */
export class ScriptReview {
  #calls = 0;
  #characters = 0;
  #depth = 0;
  #wrappers = 0;
  /** Variables that the text sets to options: `f=-rf; rm $f x`. */
  readonly #options = new Map<string, string>();
  readonly #downloads = new Downloads();

  script(text: string): PolicyDecision | undefined {
    this.#characters += text.length;
    if (this.#depth >= maxDepth || this.#characters > maxCharacters) return ask("too-deep", tooComplex);
    this.#depth++;
    const found = this.#tree(parse(text));
    this.#depth--;
    return found;
  }

  /** With its own stack, so that long chains do not exhaust the machine's. */
  #tree(root: Script): PolicyDecision | undefined {
    const open: { node: SyntaxNode; context: Context }[] = [{ node: root, context: {} }];
    const contexts = new Map<SyntaxNode, Context>();
    let broken: PolicyDecision | undefined;
    for (let next = open.pop(); next; next = open.pop()) {
      const { node } = next;
      const context = contexts.get(node) ?? next.context;
      if (node.type === "Script" && (node.errors?.length ?? 0) > 0) broken = unreadable;
      if (node.type === "HereDoc" && node.closing === undefined)
        broken = ask("unreadable", "A here-document in the command has no end, so the command cannot be checked.");
      const found = this.#node(node, context, contexts);
      if (found) return found;
      const children: SyntaxNode[] = [];
      forEachChild(node, (child) => children.push(child));
      const inherited = node.type === "Script" ? {} : context;
      for (const child of children.reverse()) open.push({ node: child, context: inherited });
    }
    return broken;
  }

  #node(node: SyntaxNode, context: Context, contexts: Map<SyntaxNode, Context>): PolicyDecision | undefined {
    switch (node.type) {
      case "Command":
        return this.#command(node, context);
      case "Pipeline":
        this.#pipeline(node, contexts);
        return undefined;
      case "Redirected":
        contexts.set(node.command, { ...context, ...inputOf(node.redirects) });
        return redirection(node.redirects);
      case "Function":
        return isForkBomb(node)
          ? ask("fork-bomb", "The function starts copies of itself until the machine stops responding.")
          : undefined;
      case "Assignment":
        if (node.value.type === "Word" && node.value.value.startsWith("-"))
          this.#options.set(node.name, node.value.value);
        return runVariables.test(node.name) && node.value.type === "Word" && /\s/.test(node.value.value)
          ? this.script(node.value.value)
          : undefined;
      default:
        return undefined;
    }
  }

  #pipeline(pipeline: Pipeline, contexts: Map<SyntaxNode, Context>): void {
    let secretInput = false;
    for (const [index, command] of pipeline.commands.entries()) {
      if (index > 0)
        contexts.set(command, { ...this.#piped(pipeline, index), ...(secretInput ? { secretInput } : {}) });
      secretInput ||= tellsSecrets(command);
    }
  }

  /** `echo text | program`: the text is known. */
  #piped(pipeline: Pipeline, index: number): Context {
    const source = pipeline.commands[index - 1];
    if (index !== 1 || source?.type !== "Command" || !/^(?:echo|printf|cat)$/.test(source.name?.value ?? ""))
      return { fed: true };
    if (source.name?.value === "cat") return { fed: true, ...inputOf(source.redirects) };
    return { fed: true, input: source.args.map((word) => (word.type === "Word" ? word.value : word.text)).join(" ") };
  }

  #command(command: Command, context: Context): PolicyDecision | undefined {
    const found = redirection(command.redirects);
    if (found) return found;
    const words = [...(command.name ? [command.name] : []), ...command.args].flatMap((word) => shellWords(word));
    const emptied = command.redirects.length > 0 ? emptying(command.redirects, words) : undefined;
    if (emptied || !command.name) return emptied;
    const made = this.#madeText(words, command.args);
    if (made) return made === allowed ? undefined : made;
    this.#downloads.note(words, command.redirects);
    return this.simpleCommand(words, { ...context, ...inputOf(command.redirects) });
  }

  /**
   * `eval "$(…)"`, `source <(…)`, `bash -c "$(…)"`: text that another program makes. Allowed where that prints settings
   * for the shell.
   */
  #madeText(words: readonly ShellWord[], args: Command["args"]): PolicyDecision | undefined {
    const program = words[0]?.program ?? "";
    const evaluates = program === "eval";
    if (interpreters.test(program)) return madeCode(words, args);
    if (!evaluates && program !== "source" && program !== "." && !shells.has(program)) return undefined;
    const taken = args
      .filter((word) => word.type === "Word" && !/^[-+]/.test(word.value))
      .slice(0, evaluates ? undefined : 1);
    const substitutions = taken.flatMap((word) => (word.type === "Word" ? substitutionsIn(word) : []));
    if (substitutions.length === 0) return undefined;
    const whole = taken.every((word) => word.type === "Word" && isSubstitution(word));
    if (whole && substitutions.every((each) => each.script && printsSettings(each.script))) return allowed;
    return whole || evaluates
      ? ask("dynamic-command", `"${brief(words)}" runs the output of another program as a command.`)
      : undefined;
  }

  /** Judges one command by its words, then what it would run in turn. */
  simpleCommand(words: readonly ShellWord[], context: Context): PolicyDecision | undefined {
    if (++this.#calls > maxCalls) return ask("too-many", tooComplex);
    const [first, ...rest] = words;
    if (!first) return undefined;
    const program = first.program;
    if (program === undefined || /^![^=]/.test(first.text))
      return ask("dynamic-command", `"${brief(words)}" runs a program that cannot be known in advance.`);
    const call = callOf(program, this.#arguments(rest), {
      dynamic: rest.flatMap((word) => (word.dynamic ? [word.text] : [])),
      ...(context.input === undefined ? {} : { input: context.input }),
      ...(context.inputFile === undefined ? {} : { inputFile: context.inputFile }),
      ...(context.secretInput === undefined ? {} : { secretInput: context.secretInput }),
    });
    return (
      ruleFor(call, words) ??
      this.#downloads.review(call, words) ??
      (shells.has(program) ? this.#shell(call, context, words) : undefined) ??
      (laterShells.has(program) ? this.#input(context, words) : undefined) ??
      (interpreters.test(program) ? this.#interpreter(call, context, words) : undefined) ??
      this.#texts(call) ??
      this.#behind(call, rest, context)
    );
  }

  #arguments(words: readonly ShellWord[]): string[] {
    return words.flatMap((word) => {
      const name = word.dynamic ? /^\$\{?(\w+)\}?$/.exec(word.text)?.[1] : undefined;
      return (name === undefined ? undefined : this.#options.get(name)?.split(/\s+/)) ?? [word.text];
    });
  }

  /** `bash -c text`, `bash file`, or a shell that runs what it reads. */
  #shell(call: Call, context: Context, words: readonly ShellWord[]): PolicyDecision | undefined {
    const at = call.args.findIndex(
      (arg) => /^-[A-Za-z]*c[A-Za-z]*$/.test(arg) || arg === "--command" || arg === "-Command",
    );
    if (at >= 0) {
      const text = call.args.slice(at + 1).find((arg) => !/^[-+]/.test(arg));
      return text === undefined ? undefined : this.script(text);
    }
    const inline = call.args.map((arg) => /^--command=(.*)$/s.exec(arg)?.[1]).find((text) => text !== undefined);
    if (inline !== undefined) return this.script(inline);
    const valueless = call.args.filter(
      (arg, index) =>
        !/^[-+]/.test(arg) && !/^[-+]O$|^[-+]o$|^--(?:rcfile|init-file)$/.test(call.args[index - 1] ?? ""),
    );
    const readsInput =
      call.args.some((arg) => /^-[A-Za-z]*s[A-Za-z]*$/.test(arg)) ||
      valueless.length === 0 ||
      valueless[0] === "/dev/stdin" ||
      call.args[0] === "-";
    if (!readsInput) return undefined;
    return this.#input(context, words);
  }

  #interpreter(call: Call, context: Context, words: readonly ShellWord[]): PolicyDecision | undefined {
    const code = codeOf(call);
    for (const text of code) {
      const found = this.#shellCalls(text, words);
      if (found) return found;
    }
    const reads =
      context.fed === true &&
      context.input === undefined &&
      code.length === 0 &&
      call.args.every((arg) => arg === "-" || (/^-[A-Za-z]$/.test(arg) && !/^-[mpnV]$/.test(arg)));
    return reads
      ? ask("runs-its-input", `"${brief(words)}" runs its input as code, which cannot be checked.`)
      : undefined;
  }

  /** `os.system("…")`, `execSync("…")`, `subprocess.run([…])`: the strings of the code, each and together. */
  #shellCalls(code: string, words: readonly ShellWord[]): PolicyDecision | undefined {
    if (
      !/\b(?:system|popen|exec[lv]?[pe]*|execSync|execFile(?:Sync)?|spawn(?:Sync|l|v|lp|vp)?|subprocess|check_call|check_output|shell_exec|do shell script|passthru|qx|Popen|Kernel|IO)\b|`/.test(
        code,
      )
    )
      return undefined;
    const strings = [...code.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|qx[{(/]([^})/]*)/g)]
      .map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? "")
      .slice(0, 64);
    for (const text of [...strings, strings.join(" ")]) {
      const found = /^[\s\w]/.test(text) ? this.script(text) : undefined;
      if (found && found.rule !== "unreadable" && found.rule !== "dynamic-command")
        return ask(found.rule, `"${brief(words)}" runs another command: ${found.reason}`);
    }
    return undefined;
  }

  #input({ fed, input }: Context, words: readonly ShellWord[]): PolicyDecision | undefined {
    if (input !== undefined) {
      const found = this.script(input);
      if (found) return found;
    }
    return fed === true ? ask("runs-its-input", `"${brief(words)}" runs its input as a script.`) : undefined;
  }

  /** The program behind a wrapper, which may be known only when it runs: `sudo $cmd`. Null: there is none. */
  #wrapped(program: string, words: readonly ShellWord[], context: Context): PolicyDecision | undefined | null {
    const taking = (Object.hasOwn(wrappers, program) ? wrappers[program] : undefined) ?? [];
    for (let index = 0; index < words.length; index++) {
      const word = words[index];
      if (!word) break;
      if (taking.includes(word.text)) index++;
      else if (!/^-|^\w+=|^[\d.]+[smhd]?$/.test(word.text)) {
        if (this.#wrappers >= maxWrappers) return ask("too-deep", tooComplex);
        this.#wrappers++;
        const found = this.simpleCommand(words.slice(index), context);
        this.#wrappers--;
        return found;
      }
    }
    return null;
  }

  /** Command lines that are given as text. */
  #texts(call: Call): PolicyDecision | undefined {
    const { program, args } = call;
    if (program === "eval") return args.length === 0 ? undefined : this.script(args.join(" "));
    if (program === "git") return this.#gitTexts(args);
    if (program === "alias" || program === "abbr")
      return this.#each(args.map((arg) => arg.slice(arg.indexOf("=") + 1).replace(/^(['"])(.*)\1$/s, "$2")));
    if (program === "awk" || program === "gawk" || program === "mawk")
      return this.#each(
        codeOf(call).flatMap((code) =>
          [...code.matchAll(/(?:system\s*\(|\|\s*getline|\|)\s*"([^"]*)"|"([^"]*)"\s*\|\s*getline/g)].map(
            (match) => match[1] ?? match[2] ?? "",
          ),
        ),
      );
    const given = this.#each(optionTexts(call));
    if (given) return given;
    const takesTexts = textRunners.has(program) || (packagedProgram(program, "") !== undefined && args.some(isOpening));
    if (!takesTexts) return undefined;
    const texts = args.filter(
      (arg, index) =>
        /\s/.test(arg) &&
        !/^(?:-[efFmMn]|--format|--filter|--message|--title|-name|-path|-iname|-regex|-printf)$/.test(
          args[index - 1] ?? "",
        ),
    );
    return this.#each(texts.map((text) => text.replace(/^(?:-c|--command=|:!|!|\+!|-S)\s*/, "")));
  }

  /** Text that is no command line after all is nobody's business here. */
  #each(texts: readonly string[]): PolicyDecision | undefined {
    for (const text of texts) {
      const found = this.script(text);
      if (found && found.rule !== "unreadable" && found.rule !== "dynamic-command") return found;
    }
    return undefined;
  }

  #gitTexts(args: readonly string[]): PolicyDecision | undefined {
    const texts = args.flatMap((arg, index) => {
      const alias =
        /^(?:alias\.[^=]+=)?!(.*)$/s.exec(arg)?.[1] ??
        /^(?:core\.(?:pager|editor|sshCommand|fsmonitor)|diff\.external|--exec)=(.*)$/s.exec(arg)?.[1];
      if (alias !== undefined) return [alias];
      return ["foreach", "run", "--exec", "-x", "--tree-filter"].includes(args[index - 1] ?? "")
        ? [args.slice(index).join(" ")]
        : [];
    });
    return this.#each(texts);
  }

  /** What a wrapper runs, known or not: a later word may be the program that is really run. */
  #behind({ program, positionals }: Call, words: readonly ShellWord[], context: Context): PolicyDecision | undefined {
    if (program === "command" && /^-[vV]/.test(words[0]?.text ?? "")) return undefined;
    const wrapped = Object.hasOwn(wrappers, program) ? this.#wrapped(program, words, context) : null;
    if (wrapped !== null) return wrapped;
    if (context.inner === true) return undefined;
    const isClosed = closedPrograms.has(program) && !words.some(({ text }) => isOpening(text));
    const direct = isClosed ? directProgram(program, positionals) : undefined;
    if ((isClosed && direct === undefined) || program === "git") return undefined;
    let looked = 0;
    for (const [index, word] of words.entries()) {
      if (direct !== undefined && word.text !== direct) continue;
      const name = word.program === undefined ? undefined : (packagedProgram(program, word.text) ?? word.program);
      if (name === undefined || !isSuspect(name) || (name === program && index === 0)) continue;
      if (++looked > maxInnerPrograms) return ask("too-many", tooComplex);
      const found = this.simpleCommand([{ ...word, program: name }, ...words.slice(index + 1)], {
        ...context,
        inner: true,
      });
      if (found) return found;
    }
    return undefined;
  }
}

/** What options of the program have a shell run. */
function optionTexts({ program, args }: Call): string[] {
  return runOptions
    .filter(({ programs }) => programs.test(program))
    .flatMap(({ option }) =>
      args.flatMap((arg, index) => {
        const found = option.exec(arg);
        return found ? [found[1] ?? args[index + 1] ?? ""] : [];
      }),
    );
}

const isOpening = (word: string): boolean => opens.test(word);

/** A function that pipes into itself, or starts itself in the background. */
function isForkBomb(node: FunctionNode): boolean {
  const name = node.name.value;
  const open: SyntaxNode[] = [node.body];
  for (let next = open.pop(); next; next = open.pop()) {
    if (
      next.type === "Pipeline" &&
      next.commands.filter((command) => command.type === "Command" && command.name?.value === name).length > 1
    )
      return true;
    if (
      next.type === "Statement" &&
      next.background === true &&
      next.command.type === "Command" &&
      next.command.name?.value === name
    )
      return true;
    forEachChild(next, (child) => open.push(child));
  }
  return false;
}
