import { brief } from "./sentences";
/** What a shell prints when it ends, and a terminal for the keys that end a program: no output of a command. */
const echo = /^(?:exit|logout|\^[CDZ\\])$/;
/** A prompt, a closing bracket or a rule says nothing. */
const hasWord = (line: string): boolean => /[a-z\d]/i.test(line) || /[\p{L}\p{N}]/u.test(line);

/** The lines with something on them; what the shell itself printed at the end is left out. */
export function outputLines(output: string): string[] {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  while (echo.test(lines.at(-1)?.trim() ?? "")) lines.pop();
  return lines;
}

/** The newest line that says something, for a sentence about how the command ended; may be empty. */
export function lastLineOf(output: string): string {
  return output.split("\n").findLast((line) => hasWord(line) && !echo.test(line.trim())) ?? "";
}

/** Behind a sentence: ` Last output: "3 tests failed".`; empty where nothing was printed. Quoted, as it may end anyhow. */
export function lastOutput(line: string, length?: number): string {
  return line === "" ? "" : ` Last output: "${brief(line, length)}".`;
}
