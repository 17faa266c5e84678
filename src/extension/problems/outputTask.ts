import { EventEmitter, type Pseudoterminal } from "vscode";
import { CustomExecution, type FolderScope, startTask } from "../shownTasks";
import type { ShownText } from "../shownText";

/**
 * Gives VS Code a text as the output of a task of its own, which has problem matchers: what they find is shown in
 * Problems, in place of what they found before. Resolves when VS Code has read it.
 */
export function matchProblems(
  name: ShownText,
  scope: FolderScope,
  output: string,
  matchers: readonly string[],
): Promise<void> {
  return startTask(name, scope, new CustomExecution(() => Promise.resolve(outputTerminal(output))), matchers);
}

/** Prints the text and ends. */
function outputTerminal(output: string): Pseudoterminal {
  const written = new EventEmitter<string>();
  const ended = new EventEmitter<number>();
  return {
    onDidWrite: written.event,
    onDidClose: ended.event,
    open: () => {
      written.fire(`${output.split("\n").join("\r\n")}\r\n`);
      ended.fire(0);
    },
    close: () => undefined,
  };
}
