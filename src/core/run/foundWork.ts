/** How the scripts of a folder are run. */
export type PackageProgram = "npm" | "pnpm" | "yarn" | "bun";

/** As files of VS Code call it. */
export type EditorPlatform = "windows" | "osx" | "linux";

/** Where a plan runs that is made of files. */
export interface WorkPlace {
  readonly program: PackageProgram;
  /** Undefined: one that files have no word for. */
  readonly platform: EditorPlatform | undefined;
}

/** Something that a file of a folder has to run. */
export interface FoundWork {
  /** As the file calls it. */
  readonly name: string;
  /** What a shell is given; undefined for what only brings others together. */
  readonly command?: string;
  /** Names of others in the same file that come before it. */
  readonly needs: readonly string[];
  /** The file does not run them by itself, so they are part of it. */
  readonly bringsNeeds?: boolean;
  /** It keeps running: a server, a watcher. */
  readonly keepsRunning: boolean;
  /** The one that it opens, where its file names one. */
  readonly port?: number;
  /** What its file has behind the name, for people and for the policy; lines. */
  readonly does: string;
  /** Relative to the folder. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Problem matchers of VS Code. */
  readonly problems?: readonly string[];
}

/** What was read of a file. */
export interface ReadWork {
  readonly work: readonly FoundWork[];
  /** Sentences: what of the file is not offered, and why. */
  readonly notes: readonly string[];
}

/** Names by which people call what keeps running. */
const lasting = /^(?:dev|develop|start|serve|server|watch|preview|storybook)(?:[:._-]|$)|[:._-](?:dev|serve|watch)$/;

/** Whether something keeps running, by its name and by what it does. */
export function soundsLasting(name: string, does: string): boolean {
  return lasting.test(name) || /(?:^|\s)--watch(?:\s|$)/.test(does);
}

/** The port that a command line names; undefined where it names none. */
export function namedPort(does: string): number | undefined {
  const [, port] =
    /(?:--port[ =]|--http[ =]:?|\bPORT=|\s-p[ =]?|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):|\[::1?\]:)(\d{2,5})(?!\d)/.exec(
      does,
    ) ?? [];
  const number = Number(port);
  return port !== undefined && number > 0 && number <= 65_535 ? number : undefined;
}

/** Whether a name or command can be typed in one line, as it is. */
export function isOneLine(text: string): boolean {
  return text.trim() !== "" && !/[\p{Cc}\u2028\u2029]/u.test(text);
}
