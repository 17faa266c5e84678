const foreignVariables =
  /^(?:VSCODE_|ELECTRON_|npm_|VITEST|NODE_OPTIONS$|NODE_PATH$|NODE_ENV$|NODE_CHANNEL|NODE_UNIQUE_ID$|NODE_V8_COVERAGE$|INIT_CWD$|GIT_ASKPASS$|CHROME_DESKTOP$|TERM_PROGRAM|APPLICATION_INSIGHTS|TMUX|STY$|WINDOW$|TERMCAP$|COLUMNS$|LINES$)/;

/** Without what belongs to an editor, a package manager or another terminal: sessions would inherit it. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreignVariables.test(name)));
}
