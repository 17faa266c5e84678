import { ok } from "node:assert/strict";
import { type ExtensionTerminalOptions, type Pseudoterminal, type Terminal, window } from "vscode";
import { run } from "./host";

export interface SeenTerminal {
  readonly terminal: Terminal;
  readonly pty: Pseudoterminal;
  readonly text: () => string;
}

/** Attaches, and keeps what the session's terminal is given to show. */
export async function attach(session: string): Promise<SeenTerminal> {
  const original = window.createTerminal;
  let text = "";
  let made: Omit<SeenTerminal, "text"> | undefined;
  Object.assign(window, {
    createTerminal: (options: ExtensionTerminalOptions) => {
      options.pty.onDidWrite((part) => (text += part));
      made = { pty: options.pty, terminal: original(options) };
      return made.terminal;
    },
  });
  try {
    await run("attachSession", session);
  } finally {
    Object.assign(window, { createTerminal: original });
  }
  ok(made);
  return { ...made, text: () => text };
}

/** Those that are open. */
export function terminalsOf(session: string): Terminal[] {
  return window.terminals.filter((each) => sessionOf(each) === session && each.exitStatus === undefined);
}

/** The logical name of the session that a terminal is on. */
function sessionOf({ creationOptions }: Terminal): string | undefined {
  const pty: unknown = "pty" in creationOptions ? creationOptions.pty : undefined;
  return typeof pty === "object" && pty !== null && "session" in pty
    ? (pty.session as { readonly name: string }).name
    : undefined;
}
