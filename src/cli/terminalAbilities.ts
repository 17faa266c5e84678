import type { TerminalAbilities } from "../protocol/terminalNews";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a terminal is told without being asked, and whether it may be asked for more. */
export interface KnownAbilities extends Omit<TerminalAbilities, "statuses"> {
  /** It reads an operating system command that it does not know over, so that it can be asked. */
  readonly canBeAsked: boolean;
}

const nothing: KnownAbilities = { title: false, progress: false, canBeAsked: false };

/**
 * What the terminal of these variables is told. The title goes to each that is no console of an operating system; progress
 * only to those that are known to show it, because to others OSC 9 is a notification (iTerm2's).
 */
export function terminalAbilities(env: Variables): KnownAbilities {
  const { TERM = "", CI, INSIDE_EMACS, VTE_VERSION, STY, TMUX } = env;
  // Nobody looks at it (CI); these show what they do not know as text: console_codes(4) ends no such command, comint of
  // Emacs prints it.
  const isConsole = ["", "dumb", "unknown", "linux", "cons25"].includes(TERM);
  if (isConsole || (CI !== undefined && CI !== "" && CI !== "false") || isSet(INSIDE_EMACS)) return nothing;
  // A multiplexer's variables are those of whatever terminal it was started in, which may be another one by now; none of
  // them hands progress on (tmux issue 4833).
  const isMultiplexed = isSet(TMUX) || isSet(STY) || /^(?:screen|tmux)/.test(TERM);
  return {
    title: true,
    progress: !isMultiplexed && showsProgress(env),
    // VTE before 0.54 showed such commands (as Codex leaves it out, openai/codex 52725); GNU screen takes none of ours.
    canBeAsked: !(Number(VTE_VERSION) < 5400) && !isSet(STY),
  };
}

/** Those that cargo tells (`supports_term_integration`), with the version that began it, and VS Code. */
function showsProgress(env: Variables): boolean {
  const { WT_SESSION, ConEmuANSI, TERM_FEATURES, PTYXIS_VERSION, TERM_PROGRAM, TERM_PROGRAM_VERSION = "" } = env;
  // Windows Terminal 1.6 (microsoft/terminal 8055), ConEmu, iTerm2 3.6.6 (feature reporting: P; cargo 16506), Ptyxis 48.
  if (isSet(WT_SESSION) || ConEmuANSI === "ON") return true;
  if (/P(?![a-z])/.test(TERM_FEATURES ?? "") || isAtLeast(PTYXIS_VERSION ?? "", 48, 0)) return true;
  switch (TERM_PROGRAM) {
    case "ghostty":
      // Release notes of 1.2; before, it was a notification.
      return isAtLeast(TERM_PROGRAM_VERSION, 1, 2);
    case "WezTerm":
      // wezterm 6581; its versions are dates. Before, it was a notification.
      return isAtLeast(TERM_PROGRAM_VERSION, 20_250_209, 0);
    case "vscode":
      // Release notes of 1.97.
      return isAtLeast(TERM_PROGRAM_VERSION, 1, 97);
    default:
      return false;
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** False where nobody can tell. */
function isAtLeast(version: string, major: number, minor: number): boolean {
  const match = /^(\d+)(?:\.(\d+))?/.exec(version);
  if (!match) return false;
  const [, first, second = "0"] = match;
  return Number(first) > major || (Number(first) === major && Number(second) >= minor);
}
