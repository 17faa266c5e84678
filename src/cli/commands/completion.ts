import type { Command } from "commander";
import { OrchestratorError } from "../../core/model/errors";
import { fishQuotedWord, posixQuotedWord } from "../../core/sense/shellWord";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { advice } from "../../core/model/remedy";

interface Described {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
  readonly subcommands: readonly string[];
  /** Its first argument is a project. */
  readonly takesProject: boolean;
}

export const completionShells = ["bash", "zsh", "fish"] as const;

const program = "wsh-orchestrator";

/** Prints the completion script for a shell; it asks this program for the names of projects. */
export function printCompletion({ output }: Container, root: Command, shell: string): ExitCode {
  const commands = root.commands.map(described);
  const globals = longFlags(root);
  if (shell === "bash") output.raw(bashScript(commands, globals));
  else if (shell === "zsh") output.raw(zshScript(commands, globals));
  else if (shell === "fish") output.raw(fishScript(commands, root));
  else
    throw new OrchestratorError(
      "usage",
      `There is no completion for ${shell}.`,
      advice(`Choose one of these shells: ${completionShells.join(", ")}.`),
    );
  return exitCode.done;
}

function described(command: Command): Described {
  return {
    name: command.name(),
    summary: command.description(),
    options: longFlags(command),
    subcommands: command.commands.map((each) => each.name()),
    takesProject: command.registeredArguments[0]?.name().split("|").includes("project") ?? false,
  };
}

function longFlags(command: Command): string[] {
  return command.options.flatMap((option) => (option.long && !option.hidden ? [option.long] : []));
}

function wordsOf(command: Described): string {
  return [...command.options, ...command.subcommands].join(" ");
}

/** The first column of the piped list. */
const projectNames = `${program} projects 2>/dev/null | cut -f1`;

function bashScript(commands: readonly Described[], globals: readonly string[]): string {
  const cases = commands.map((each) => {
    const projects = '; [ "$at" -eq 1 ] && words="$words $(__wsh_orchestrator_projects)"';
    return `    ${each.name}) words="${wordsOf(each)}"${each.takesProject ? projects : ""} ;;`;
  });
  return `# bash completion of ${program}: source <(${program} completion bash)
__wsh_orchestrator_projects() { ${projectNames}; }
__wsh_orchestrator() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" words="" at=0 index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in
      -*) ;;
      *) if [ -z "$command" ]; then command="\${COMP_WORDS[index]}"; else at=$((at + 1)); fi ;;
    esac
  done
  [ -n "$command" ] && at=$((at + 1))
  case "$command" in
    "") words="${commands.map((each) => each.name).join(" ")} help" ;;
${cases.join("\n")}
  esac
  words="$words ${globals.join(" ")} --help"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F __wsh_orchestrator ${program}
`;
}

function zshScript(commands: readonly Described[], globals: readonly string[]): string {
  // `_describe` takes a backslash for an escape of its own.
  const names = commands.map(
    (each) => `    ${posixQuotedWord(`${each.name}:${each.summary.replaceAll("\\", "\\\\")}`)}`,
  );
  const cases = commands.map((each) => {
    const projects = `; (( at == 1 )) && found+=(\${(f)"$(${projectNames})"})`;
    return `    ${each.name}) found=(${wordsOf(each)})${each.takesProject ? projects : ""} ;;`;
  });
  return `#compdef ${program}
# zsh completion of ${program}: source <(${program} completion zsh)
_wsh_orchestrator() {
  local -a known found
  local command="" word
  local -i at=0
  known=(
${names.join("\n")}
  )
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] && continue
    if [[ -z $command ]]; then command=$word; else (( at++ )); fi
  done
  if [[ -z $command ]]; then _describe command known; return; fi
  (( at++ ))
  case $command in
${cases.join("\n")}
  esac
  found+=(${globals.join(" ")} --help)
  compadd -- $found
  _files
}
if [[ $funcstack[1] == _${program} ]]; then
  _wsh_orchestrator "$@"
elif (( $+functions[compdef] )); then
  compdef _wsh_orchestrator ${program}
else
  # compinit comes later and empties its lists.
  _wsh_orchestrator_later() {
    precmd_functions=(\${precmd_functions:#_wsh_orchestrator_later})
    unfunction _wsh_orchestrator_later
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
    compdef _wsh_orchestrator ${program}
  }
  typeset -ga precmd_functions
  precmd_functions+=(_wsh_orchestrator_later)
fi
`;
}

function fishScript(commands: readonly Described[], root: Command): string {
  const first = `-n "not __fish_seen_subcommand_from ${commands.map((each) => each.name).join(" ")}"`;
  const lines = commands.flatMap((each) => [
    `complete -c ${program} ${first} -f -a ${each.name} -d ${fishQuotedWord(each.summary)}`,
    ...(each.takesProject
      ? [`complete -c ${program} -n "__fish_seen_subcommand_from ${each.name}" -f -a "(${projectNames})"`]
      : []),
    ...each.subcommands.map(
      (subcommand) => `complete -c ${program} -n "__fish_seen_subcommand_from ${each.name}" -f -a ${subcommand}`,
    ),
    ...fishOptions(
      root.commands.find((command) => command.name() === each.name),
      `-n "__fish_seen_subcommand_from ${each.name}"`,
    ),
  ]);
  return [
    `# fish completion of ${program}: ${program} completion fish | source`,
    ...lines,
    ...fishOptions(root, ""),
    "",
  ].join("\n");
}

function fishOptions(command: Command | undefined, condition: string): string[] {
  return (command?.options ?? [])
    .filter((option) => option.long && !option.hidden)
    .map((option) => {
      const when = condition === "" ? "" : ` ${condition}`;
      const value = option.required || option.optional ? " -r" : "";
      const name = (option.long ?? "").slice(2);
      return `complete -c ${program}${when} -l ${name}${value} -d ${fishQuotedWord(option.description)}`;
    });
}
