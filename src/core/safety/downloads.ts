import type { Redirection } from "unbash";
import type { PolicyDecision } from "../ports/safety";
import type { Call } from "./policyConditions";
import { ask, brief } from "./policyDecision";
import { shells } from "../model/shellNames";
import { interpreters } from "./programs";
import type { ShellWord } from "./shellWords";

/** Bound for hostile text. */
const mostFiles = 200;

/** Files that a text downloads, and then runs: `curl x > i.sh && sh i.sh`, `wget x/tool; chmod +x tool; ./tool`. */
export class Downloads {
  readonly #files = new Set<string>();

  /** Remembers where the command puts what it downloads. */
  note(words: readonly ShellWord[], redirects: readonly Redirection[]): void {
    const at = words.findIndex(({ program }) => /^(?:curl|wget|fetch|aria2c|http|https|xh)$/.test(program ?? ""));
    if (at < 0 || at > 3) return;
    const args = words.slice(at + 1).map(({ text }) => text);
    for (const redirect of redirects)
      if (redirect.type === "Redirect" && redirect.operator.includes(">")) this.#add(redirect.target?.value);
    const [program] = words.slice(at);
    for (const [index, arg] of args.entries()) {
      const before = args[index - 1] ?? "";
      const own =
        /^--(?:output|output-document|download)=(.+)$/.exec(arg)?.[1] ?? /^-[a-zA-Z]*[oO]([^-].*)$/.exec(arg)?.[1];
      if (
        /^(?:-[A-Za-z]*o|--output|--output-document)$/.test(before) ||
        (/^-\w*O$/.test(before) && program?.program === "wget")
      )
        this.#add(arg);
      else if (own !== undefined && /[./]/.test(own)) this.#add(own);
      else if (/^\w+:\/\/|^[\w.-]+\.\w+\//.test(arg)) this.#add(/([^/?#]+)(?:[?#].*)?$/.exec(arg)?.[1]);
    }
  }

  /** Asks where the call runs one of the files. */
  review(call: Call, words: readonly ShellWord[]): PolicyDecision | undefined {
    if (this.#files.size === 0) return undefined;
    const runsFile =
      shells.has(call.program) || interpreters.test(call.program) || /^(?:source|\.)$/.test(call.program);
    const [first] = words;
    const [file] = call.args.filter((arg) => !arg.startsWith("-"));
    const isRun =
      (first !== undefined && first.text.includes("/") && this.#files.has(nameOf(first.text))) ||
      (runsFile && file !== undefined && this.#files.has(nameOf(file)));
    return isRun ? ask("runs-download", `"${brief(words)}" runs a file that was just downloaded.`) : undefined;
  }

  #add(file: string | undefined): void {
    if (file !== undefined && file !== "-" && !file.startsWith("/dev/") && this.#files.size < mostFiles)
      this.#files.add(nameOf(file));
  }
}

function nameOf(path: string): string {
  return path.replace(/^(?:\.\/)+/, "");
}
