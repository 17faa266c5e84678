import type { Variables } from "./keptOutVariables";

/** What cron sets, whatever shell the person has. */
const anybodysShell = "/bin/sh";

/**
 * Whether nobody's shell has had a say in this environment yet: a desktop icon, cron, launchd, systemd or a command
 * over ssh started the process. Whoever sits at a terminal has TERM, also with all streams redirected; an editor has
 * asked the login shell itself. Measured of cron (HOME, LOGNAME, PATH=/usr/bin:/bin, SHELL=/bin/sh, PWD) and systemd (no
 * TERM; INVOCATION_ID); a script of theirs has SHLVL, so that this says nothing.
 */
export function lacksLoginShell(variables: Variables, hasTerminal: boolean): boolean {
  const { TERM = "" } = variables;
  const editor = Object.keys(variables).some((name) => name.startsWith("VSCODE_"));
  return !hasTerminal && (TERM === "" || TERM === "dumb") && !editor;
}

/** The shell to ask: the one of the environment, unless that is what cron gives to everybody. */
export function shellToAsk(variables: Variables, accounts: string | undefined): string | undefined {
  const { SHELL = "" } = variables;
  return SHELL !== "" && SHELL !== anybodysShell ? SHELL : (accounts ?? (SHELL === "" ? undefined : SHELL));
}

/**
 * A process's own variables with those that its login shell sets. What the process has was given to it on purpose and
 * stays; only its PATH is the system's usual one, so the login shell's order counts, with the folders in front that the
 * process alone has.
 */
export function withLoginVariables(own: Variables, login: Variables, shell: string): Variables {
  const [mine, theirs] = [foldersOf(own.PATH), foldersOf(login.PATH)];
  const path = [...mine.filter((folder) => !theirs.includes(folder)), ...theirs].join(":");
  const { SHELL = "" } = own;
  return {
    ...login,
    ...own,
    ...(path === "" ? {} : { PATH: path }),
    ...(SHELL === "" || SHELL === anybodysShell ? { SHELL: shell } : {}),
  };
}

function foldersOf(path: string | undefined): string[] {
  return (path ?? "").split(":").filter((folder) => folder !== "");
}
