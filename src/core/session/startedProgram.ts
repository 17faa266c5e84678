import { fishCommands } from "../safety/fishWords";
import { wrappers } from "../safety/programs";
import { packagedProgram } from "../safety/packageRunners";
import type { ShellWord } from "../safety/shellWords";

/** They are done before a person can look. */
const atOnce = new Set(["cd", "pushd", "popd", "export", "set", "unset", "source", ".", "ulimit", "umask", "alias"]);
/** They run a program of a package, named by the first word that is no option. */
const runsPackage = new Set(["npx", "bunx", "pnpx", "uvx"]);

/**
 * The name of the program that a command line starts; undefined where there are several: nobody knows which of them is in
 * front. `cd site && claude` starts `claude`, so does `FORCE_COLOR=1 npx @anthropic/claude`.
 */
export function startedProgram(text: string): string | undefined {
  // Whatever the shell: words between separators are the same in all of them.
  const programs = fishCommands(text)
    .map(programIn)
    .filter((name) => name !== undefined && !atOnce.has(name));
  return programs.length === 1 ? programs[0] : undefined;
}

/** Whether one of these words stands behind a program of the command line, or one as an option with its value: `--id=7`. */
export function isGiven(text: string, given: readonly string[]): boolean {
  return fishCommands(text).some((words) => words.slice(1).some((word) => given.includes(withoutValue(word.text))));
}

function withoutValue(word: string): string {
  return word.startsWith("--") ? word.replace(/=.*$/su, "") : word;
}

function programIn(words: readonly ShellWord[]): string | undefined {
  let index = 0;
  for (;;) {
    while (/^\w+\+?=/.test(words[index]?.text ?? "")) index++;
    const name = words[index]?.program;
    if (name === undefined) return undefined;
    const takesNext = Object.hasOwn(wrappers, name) ? wrappers[name] : runsPackage.has(name) ? [] : undefined;
    if (!takesNext) return name;
    const behind = behindOptions(words, index + 1, takesNext);
    const word = words[behind];
    // `env` and `exec` by themselves, or a package whose name is made by the shell.
    if (!word) return name;
    if (runsPackage.has(name)) return packagedProgram(name, word.text);
    index = behind;
  }
}

function behindOptions(words: readonly ShellWord[], from: number, takesNext: readonly string[]): number {
  let index = from;
  for (let word = words[index]?.text; word?.startsWith("-"); word = words[index]?.text)
    index += takesNext.includes(word) ? 2 : 1;
  return index;
}
