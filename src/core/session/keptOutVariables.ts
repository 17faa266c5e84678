/**
 * Variables that no session gets from whoever asks for it, and why. Everything else is that person's own: keys and
 * settings of programs above all, also of those whose marks are kept out.
 */
interface KeptOut {
  readonly names?: readonly string[];
  readonly prefixes?: readonly string[];
  /** Kept out only where one of these is set: elsewhere the same names are the person's own. */
  readonly below?: readonly string[];
}

export const keptOutVariables: readonly KeptOut[] = [
  // Secrets and places of this program: a token is for one address, and a session is told its own place.
  {
    names: ["WSH_TOKEN", "WSH_ORCHESTRATOR_SERVER", "WSH_ORCHESTRATOR_DIR", "WSH_ORCHESTRATOR_SESSION"],
    prefixes: ["WSH_ORCHESTRATOR_TOKEN", "WO_"],
  },
  // Marks of the editor or IDE whose terminal or process asks.
  {
    names: [
      ...[
        "CHROME_DESKTOP",
        "USER_ZDOTDIR",
        "BUNDLED_DEBUGPY_PATH",
        "ORIGINAL_XDG_CURRENT_DESKTOP",
        "APPIMAGE",
        "APPDIR",
      ],
      ...[
        "TERMINAL_EMULATOR",
        "IDEA_INITIAL_DIRECTORY",
        "INTELLIJ_ENVIRONMENT_READER",
        "__INTELLIJ_COMMAND_HISTFILE__",
      ],
      ...["NVIM", "NVIM_LISTEN_ADDRESS", "VIM", "VIMRUNTIME", "MYVIMRC", "INSIDE_EMACS", "ZED_TERM", "ZED_ENVIRONMENT"],
    ],
    prefixes: [
      "VSCODE_",
      "ELECTRON_",
      "APPLICATION_INSIGHTS",
      "APPLICATIONINSIGHTS_",
      "PYDEVD_",
      "SNAP_",
      "CURSOR_TRACE",
    ],
  },
  // Marks of an agent: what runs in a session is not run by it. Its keys and settings stay.
  {
    names: [
      ...["CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SSE_PORT", "CLAUDE_CODE_EXECPATH", "CLAUDE_EFFORT"],
      ...["CLAUDE_PROJECT_DIR", "CLAUDE_ENV_FILE", "CLAUDE_AGENT_SDK_VERSION", "CLAUDE_AGENT_SDK_CLIENT_APP"],
      ...["CLAUDE_PLUGIN_ROOT", "CLAUDE_PLUGIN_DATA", "CLAUDE_PID", "CODEX_CI", "CODEX_THREAD_ID"],
      ...["CODEX_SESSION_ID", "CODEX_MANAGED_BY_NPM", "CODEX_MANAGED_BY_BUN", "CODEX_INTERNAL_ORIGINATOR_OVERRIDE"],
      ...["CURSOR_AGENT", "CURSOR_CLI", "CURSOR_EXTENSION_HOST_ROLE", "GEMINI_CLI", "GEMINI_CLI_NO_RELAUNCH"],
      ...["GEMINI_CLI_IDE_SERVER_PORT", "GEMINI_CLI_IDE_WORKSPACE_PATH", "GEMINI_CLI_IDE_PID"],
      ...["QWEN_CODE", "QWEN_CODE_NO_RELAUNCH", "QWEN_CODE_IDE_SERVER_PORT", "QWEN_CODE_IDE_WORKSPACE_PATH"],
      ...["OPENCODE", "OPENCODE_PID", "OPENCODE_RUN_ID", "OPENCODE_CALLER", "OPENCODE_CLIENT", "OPENCODE_TERMINAL"],
      ...["AGENT", "AI_AGENT", "AMP_THREAD_ID", "AMP_CURRENT_THREAD_ID", "AUGMENT_AGENT", "CLINE_ACTIVE", "ROO_ACTIVE"],
      ...["COPILOT_CLI", "COPILOT_RUN_APP", "COPILOT_AGENT_SESSION_ID", "GOOSE_TERMINAL", "KIRO_AGENT", "REPL_ID"],
    ],
    prefixes: ["CLAUDE_CODE_SESSION", "CLAUDE_CODE_REMOTE", "CLAUDE_CODE_CHILD", "CODEX_SANDBOX"],
  },
  // Of one repository: what Git gives to hooks (`git rev-parse --local-env-vars`), and clears for another one.
  {
    names: [
      ...["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"],
      ...["GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE"],
      ...["GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_COMMON_DIR"],
      ...["GIT_INTERNAL_SUPER_PREFIX", "GIT_SHALLOW_FILE", "GIT_QUARANTINE_PATH", "GIT_PUSH_OPTION_COUNT"],
      ...["GIT_EXEC_PATH", "GIT_REFLOG_ACTION", "GIT_PAGER_IN_USE", "GIT_INTERNAL_GETTEXT_SH_SCHEME"],
    ],
    prefixes: ["GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_PUSH_OPTION_", "GIT_PUSH_CERT"],
  },
  // What Git sets for the commit that is being made.
  {
    names: ["GIT_EDITOR", "GIT_SEQUENCE_EDITOR"],
    prefixes: ["GIT_AUTHOR_", "GIT_COMMITTER_"],
    below: ["GIT_INDEX_FILE", "GIT_EXEC_PATH", "GIT_DIR"],
  },
  // Of the script of a package manager that asks.
  {
    names: ["INIT_CWD", "PROJECT_CWD", "BERRY_BIN_FOLDER", "PNPM_SCRIPT_SRC_DIR", "PNPM_PACKAGE_NAME"],
    prefixes: ["npm_lifecycle_", "npm_package_", "npm_execpath", "npm_node_execpath", "npm_command"],
  },
  // Settings that a package manager hands to its scripts; elsewhere they are the person's own.
  {
    prefixes: ["npm_"],
    below: ["npm_execpath", "npm_lifecycle_event", "npm_command"],
  },
  // Of the process that asks: channels to its parent, and what runs it.
  {
    names: [
      "NODE_UNIQUE_ID",
      "NODE_V8_COVERAGE",
      "MAKEFLAGS",
      "MFLAGS",
      "MAKELEVEL",
      "MAKE_TERMOUT",
      "MAKE_TERMERR",
      "PRE_COMMIT",
    ],
    prefixes: ["NODE_CHANNEL_", "SUDO_", "LISTEN_FD", "LISTEN_PID", "WATCHDOG_", "MEMORY_PRESSURE_", "XPC_"],
  },
  // Of the service that asks.
  {
    names: ["INVOCATION_ID", "JOURNAL_STREAM", "NOTIFY_SOCKET", "SYSTEMD_EXEC_PID", "MANAGERPID", "MAINPID"],
  },
  // Of the test runner that asks.
  { names: ["JEST_WORKER_ID", "PYTEST_CURRENT_TEST"], prefixes: ["VITEST"] },
  // Of a run of Vitest, which sets them for its workers.
  {
    names: ["NODE_ENV", "TEST", "DEV", "PROD", "MODE", "SSR", "BASE_URL"],
    below: ["VITEST"],
  },
  // Of the terminal that the person sits at: a session has its own.
  {
    names: [
      ...["TERMCAP", "TERMINFO", "COLUMNS", "LINES", "WINDOWID", "SSH_TTY", "GPG_TTY", "VTE_VERSION", "LC_TERMINAL"],
      ...["LC_TERMINAL_VERSION", "WT_SESSION", "WT_PROFILE_ID", "TERM_SESSION_ID", "TERM_FEATURES"],
    ],
    prefixes: ["TERM_PROGRAM", "KITTY_", "WEZTERM_", "ITERM_", "KONSOLE_", "ALACRITTY_", "GHOSTTY_"],
  },
  // Of another multiplexer: programs would speak to its session.
  {
    names: ["TMUX", "TMUX_PANE", "STY", "WINDOW", "BYOBU_TTY"],
    prefixes: ["ZELLIJ"],
  },
  // Of the shell that asks: each shell sets its own.
  {
    names: ["PWD", "OLDPWD", "SHLVL", "_", "SHELLOPTS", "BASHOPTS"],
    prefixes: ["BASH_FUNC_"],
  },
];

/** Variables that people set too, and that are marks of an editor with such a value. */
const keptOutValues: Readonly<Record<string, RegExp>> = {
  GIT_ASKPASS: /[\\/]extensions[\\/]git[\\/]/,
  SSH_ASKPASS: /[\\/]extensions[\\/]git[\\/]/,
  NODE_OPTIONS: /js-debug|bootloader\.js/,
  PYTHONSTARTUP: /[\\/]ms-python\./,
};

export type Variables = Readonly<Record<string, string | undefined>>;

/** Without what is kept out of sessions, and without Git's own folder, which it puts in front of a hook's PATH. */
export function withoutKeptOut(variables: Variables): Record<string, string> {
  const groups = keptOutVariables.filter(
    ({ below }) => below === undefined || below.some((name) => variables[name] !== undefined),
  );
  const names = new Set(groups.flatMap((group) => group.names ?? []));
  const prefixes = groups.flatMap((group) => group.prefixes ?? []);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined || names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) continue;
    if (keptOutValues[name]?.test(value) === true) continue;
    kept[name] = value;
  }
  const { PATH } = kept;
  const ofGit = variables.GIT_EXEC_PATH;
  if (PATH !== undefined && ofGit !== undefined && ofGit !== "" && PATH.startsWith(`${ofGit}:`))
    kept.PATH = PATH.slice(ofGit.length + 1);
  return kept;
}
