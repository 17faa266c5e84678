import { lastLineOf, lastOutput } from "../model/commandOutput";
import { brief } from "../model/sentences";
import type { SessionEnd } from "../ports/sessions";
import { stripControlCharacters } from "../safety/controlCharacters";

/** What stands on a screen may be as wide as a terminal. */
const longestLine = 200;

/** Of what a session showed last the line that says most, for people; the shell's own "exit" says nothing. */
export function tellingLine(lines: readonly string[]): string {
  return brief(lastLineOf(lines.map((line) => stripControlCharacters(line)).join("\n")), longestLine);
}

/** `shell::1 ended with exit code 3. Last output: "boom".` `line` as from `tellingLine`. */
export function endedSentence(name: string, exit_code: number | null, line: string): string {
  const code = exit_code === null ? "; its exit code is unknown" : ` with exit code ${exit_code}`;
  return `${name} ended${code}.${lastOutput(line, longestLine)}`;
}

/** The same of an end that a server tells. */
export function toldEnd(name: string, { exit_code, last_lines = [] }: SessionEnd): string {
  return endedSentence(name, exit_code, tellingLine(last_lines));
}
