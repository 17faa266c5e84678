import { tellingVariables } from "./tellingVariables";
import { type Variables, withoutKeptOut } from "./keptOutVariables";

/** The environment of whoever asks for sessions. */
export interface CallerEnvironment {
  readonly variables: Variables;
  /** Some hex digits that tell values apart and give none away: a hash with a key of this user. Absent: there is none. */
  readonly fingerprint?: ((name: string, value: string) => string) | undefined;
}

/** What the sessions of one server are given. */
export interface SessionEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** They are all that a session has; else it has those of its server too, but for what is kept out of sessions. */
  readonly whole: boolean;
  /** Of variables that decide what commands do, by name; those that are not set are left out. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

/**
 * The terminal that sessions run in, whatever terminal the person sits at. Its screens keep 24-bit colours, and programs
 * that miss COLORTERM draw less: Gemini CLI leaves out the frame of its input.
 */
const sessionTerminal = { TERM: "xterm-256color", COLORTERM: "truecolor" } as const;

/** Of somebody who says nothing about it: sessions have what their server has. */
export const noEnvironment: SessionEnvironment = { variables: {}, whole: false, fingerprints: {} };

/**
 * What sessions get of the caller's environment. `here`: their server runs on this machine as this user; elsewhere
 * paths and sockets mean nothing and secrets do not belong, so they get the language alone. `toolFolder`: where
 * sessions find our command line; it stands on the PATH of whoever asks from within a session, and makes no difference.
 */
export function sessionEnvironment(
  { variables, fingerprint }: CallerEnvironment,
  { here, toolFolder }: { readonly here: boolean; readonly toolFolder?: string | undefined },
): SessionEnvironment {
  const own = withoutKeptOut(variables);
  if (!here) {
    const language = Object.entries(own).filter(([name]) => /^(?:LANG|LANGUAGE|LC_[A-Z]+)$/.test(name));
    return { variables: Object.fromEntries(language), whole: false, fingerprints: {} };
  }
  const fingerprints = tellingVariables.flatMap((name) => {
    const value = name === "PATH" ? comparablePath(own[name], toolFolder) : own[name];
    return value === undefined || value === "" || !fingerprint ? [] : [[name, fingerprint(name, value)] as const];
  });
  return {
    variables: { ...own, ...sessionTerminal },
    whole: true,
    fingerprints: Object.fromEntries(fingerprints),
  };
}

/**
 * Folders that stand there twice find nothing more, and what an editor's extensions put into its own terminals is not in
 * the environment of its window.
 */
function comparablePath(path: string | undefined, toolFolder: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return [...new Set(path.split(":"))]
    .filter((folder) => folder !== toolFolder && !extensionFolder.test(folder))
    .join(":");
}

/** `…/User/globalStorage/publisher.name/…`, `…/.vscode-server/extensions/publisher.name-1.2.3/…`. */
const extensionFolder = /\/(?:User\/globalStorage|\.[\w-]+\/extensions)\/[\w-]+\.[\w-]+/;
