import type { Command, Script, SyntaxNode } from "unbash";
import type { PolicyDecision } from "../ports/safety";
import { ask, brief } from "./policyDecision";
import { settingsPrograms, settingsWords, untrustedSources } from "./programs";
import { inputOf } from "./redirections";
import { namesSecrets, printsSecrets } from "./secretFiles";
import { isSubstitution, shellWords, substitutionsIn, type ShellWord } from "./shellWords";

/** `python3 -c "$(curl …)"`, `node <(curl …)`: code that another program makes. */
export function madeCode(words: readonly ShellWord[], args: Command["args"]): PolicyDecision | undefined {
  for (const [index, word] of args.entries()) {
    const before = args[index - 1];
    const isCode = before?.type === "Word" && /^-(?:\w*[cepr]|-eval|-print)$/.test(before.value);
    if (word.type !== "Word") return undefined;
    if (isCode || !word.value.startsWith("-")) {
      const isMade = isSubstitution(word) && substitutionsIn(word).length > 0;
      return isMade
        ? ask("dynamic-command", `"${brief(words)}" runs the output of another program as code.`)
        : undefined;
    }
    // A module takes what follows as data.
    if (/^-\w*m$/.test(word.value)) return undefined;
  }
  return undefined;
}

/** Whether what a part of a pipeline prints holds secrets. */
export function tellsSecrets(command: SyntaxNode): boolean {
  if (command.type !== "Command" || !command.name) return false;
  const file = inputOf(command.redirects).inputFile;
  return (
    printsSecrets([command.name, ...command.args].flatMap((word) => shellWords(word))) ||
    (file !== undefined && namesSecrets(file))
  );
}

/** Whether a substitution is one of the programs that print settings for the shell. */
export function printsSettings(script: Script): boolean {
  const command = script.commands.length === 1 ? script.commands[0]?.command : undefined;
  if (command?.type !== "Command" || !command.name) return false;
  const [first, ...rest] = [command.name, ...command.args].flatMap((word) => shellWords(word));
  if (first?.program === undefined || untrustedSources.test(first.program)) return false;
  return settingsPrograms.has(first.program) || rest.some((word) => settingsWords.test(word.text));
}
