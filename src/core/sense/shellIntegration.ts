import { OrchestratorError } from "../model/errors";
import { bashSnippet, fishSnippet, startScript, zshSnippet } from "./shellSnippets";
import { advice } from "../model/remedy";

export interface IntegratedSession {
  /** For the server's `/bin/sh -ic`. */
  readonly command: string;
  /** Goes to the session as it is; the integration takes its own variables out again. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A session that runs an interactive shell with marks. Everything travels in the environment, because the server may be
 * another machine. `key`: the session key, 1 to 64 letters and digits. `shell`: name or path; absent: `$SHELL` where
 * the server runs. Shells other than bash (4.4 or later), zsh and fish (3.1 or later) run plain: no mark ever comes.
 * Throws `request_invalid`.
 */
export function integratedSession(options: { key: string; shell?: string }): IntegratedSession {
  if (!/^[A-Za-z0-9]{1,64}$/.test(options.key)) {
    throw new OrchestratorError(
      "request_invalid",
      "A session key must consist of letters and digits.",
      advice("Use random hex digits."),
    );
  }
  const { shell } = options;
  if (shell !== undefined && !/^[^\u0000-\u001f\u007f]+$/.test(shell)) {
    throw new OrchestratorError(
      "request_invalid",
      "A shell must be the name or the path of a program.",
      advice("Use a name such as bash or a path such as /bin/bash, or leave it out."),
    );
  }
  const name = shell?.slice(shell.lastIndexOf("/") + 1);
  const snippets = {
    bash: ["WO_BASH", bashSnippet],
    zsh: ["WO_ZSH", zshSnippet],
    fish: ["WO_FISH", fishSnippet],
  } as const;
  const needed = Object.entries(snippets).flatMap(([of, variable]) =>
    name === undefined || name === of ? [variable] : [],
  );
  return {
    command: 'eval "$WO_START"',
    env: {
      WO_START: startScript,
      WO_K: options.key,
      ...(shell !== undefined && { WO_SHELL: shell }),
      ...Object.fromEntries(needed),
    },
  };
}
