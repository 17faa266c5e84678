export interface IntegratedSession {
  /** For the server's `/bin/sh -ic`. */
  readonly command: string;
  /** Goes to the session as it is; the integration takes its own variables out again. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A session that runs an interactive shell with marks. `key`: the session key, lower-case hex or letters and digits.
 * `shell`: name or path; absent: `$SHELL` where the server runs. Shells other than bash 4.4+, zsh and fish run plain: no mark ever comes.
 */
export function integratedSession(_options: { key: string; shell?: string }): IntegratedSession {
  return { command: "", env: {} };
}
