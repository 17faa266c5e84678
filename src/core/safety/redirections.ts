import type { HereDoc, Redirection } from "unbash";
import type { PolicyDecision } from "../ports/safety";
import { blockDevice } from "./fileRules";
import { ask } from "./policyDecision";
import type { ShellWord } from "./shellWords";
import { isStartFile, isSystemFile } from "./systemFiles";

/** Where a command gets its input from. */
export interface CommandInput {
  /** Something is piped into it, or a file is. */
  readonly fed?: boolean;
  /** What it reads, where that is known. */
  readonly input?: string;
  /** The file that it reads. */
  readonly inputFile?: string;
  /** What it reads holds secrets. */
  readonly secretInput?: boolean;
}

/** What the last redirection of its input gives a command. */
export function inputOf(redirects: readonly Redirection[]): CommandInput {
  const last = redirects
    .filter((redirect) => redirect.type !== "Redirect" || redirect.operator === "<" || redirect.operator === "<>")
    .at(-1);
  if (!last) return {};
  if (last.type === "HereDoc") return { fed: true, input: bodyOf(last) };
  if (last.type === "HereString") return { fed: true, input: last.target?.value ?? "" };
  return { fed: true, inputFile: last.target?.value ?? "" };
}

/** Without quotes around the delimiter a backslash escapes `$`, a backquote and itself. */
function bodyOf(document: HereDoc): string {
  return document.delimiter?.quoted === true
    ? document.body.text
    : document.body.text.replace(/\\([$`\\])/g, "$1").replace(/\\\n/g, "");
}

/** Output that would overwrite a disk, a file of the system or one that a shell reads when it starts. */
export function redirection(redirects: readonly Redirection[]): PolicyDecision | undefined {
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect" || redirect.operator.startsWith("<")) continue;
    const file = redirect.target?.value ?? "";
    if (blockDevice.test(file)) return ask("write-to-disk", `"> ${file}" overwrites a disk or a partition.`);
    if (/^(?:>&|&>)$/.test(redirect.operator) && /^\/dev\/(?:tcp|udp)\//.test(file))
      return ask("opens-machine", `"${redirect.operator} ${file}" lets another machine use this shell.`);
    const appends = redirect.operator.includes(">>");
    if (isSystemFile(file, appends))
      return ask("system-file", `"${redirect.operator} ${file}" changes a file of the system, or who may log in.`);
    if (!appends && isStartFile(file))
      return ask("start-file", `"> ${file}" overwrites settings that a shell or Git reads when it starts.`);
  }
  return undefined;
}

const printsNothing = /^(?::|true)$/;

/**
 * Output of a command that prints nothing: `> users.db`, `: > users.db`, `cat /dev/null > users.db` empty the file and
 * do nothing else. Temporary files are not meant.
 */
export function emptying(redirects: readonly Redirection[], words: readonly ShellWord[]): PolicyDecision | undefined {
  const [program, ...args] = words;
  const told = args.map(({ text }) => text);
  const isNothing =
    program === undefined ||
    printsNothing.test(program.text) ||
    (program.text === "cat" && told.length === 1 && told[0] === "/dev/null") ||
    (program.text === "echo" && told[0] === "-n" && told.slice(1).every((text) => text === "")) ||
    (program.text === "printf" && told.every((text) => text === ""));
  if (!isNothing) return undefined;
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect" || !/^(?:>|>\||&>)$/.test(redirect.operator)) continue;
    const file = redirect.target?.value ?? "";
    if (!/^\/(?:dev|tmp|var\/tmp)\/|^&?\d*-?$/.test(file)) return ask("empties-file", `"> ${file}" empties the file.`);
  }
  return undefined;
}
