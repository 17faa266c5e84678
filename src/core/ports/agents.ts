/** A file in which an agent keeps a conversation. */
export interface ConversationFile {
  /** Below the folder that was looked in, with `/` between its parts. */
  readonly path: string;
  /** Some 4,000 characters of its text, each white space as one blank. */
  readonly beginning: string;
}

/** What is known of coding agents on the machine where sessions run. */
export interface AgentMachine {
  /**
   * The file that a shell runs for that word. `path`: folders as in PATH; `cwd`: where relative ones begin. Undefined
   * where there is none.
   */
  programFile(word: string, path: string, cwd: string): Promise<string | undefined>;
  /**
   * Files below a folder whose path is as `pattern`, in which `*` stands for any part of one name; at most the newest
   * 200 of them. Empty where there is no such folder.
   */
  conversationFiles(folder: string, pattern: string): Promise<readonly ConversationFile[]>;
}

/** A word of a command that a shell would read as something else than its own text. */
const madeByShell = /[$`*?[\]{}()<>|&;"'\\~#!\s]/;

/** What a command starts: its first word behind variables; undefined where only a shell knows it. */
export function startedWord(command: string): string | undefined {
  const word = command
    .trim()
    .split(/\s+/)
    .find((each) => !/^\w+=/.test(each));
  return word === undefined || word === "" || madeByShell.test(word) ? undefined : word;
}
