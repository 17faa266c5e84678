/** What keys make of the line at a prompt. */
export interface KeyedLine {
  /** All that is entered, and what stands at the prompt then; lines are separated by newlines. */
  readonly text: string;
  /** A key whose effect depends on what nobody knows here: history, completions, key bindings. */
  readonly unknown?: string;
}

/** They end or stop what runs, or draw anew; of a line that is not entered nothing stays after Ctrl-C. */
const harmless = /^[\x03\x04\x0c\x11\x13\x1a\x1c]*$/;

const names: Readonly<Record<string, string>> = {
  "\t": "Tab",
  "\b": "Ctrl-H",
  "\x1b": "Escape or a key that begins with it, such as an arrow",
  "\x7f": "Backspace",
};

/** Shells with a line editor of their own; all others read lines as the terminal makes them. */
const editors: ReadonlySet<string> = new Set(["bash", "zsh", "fish"]);

/**
 * Plays keys at an empty prompt, as the line editors of bash, zsh and fish and plain terminals (termios(3)) take them
 * by default: characters, Enter under each of its names (Ctrl-J, Ctrl-M, Ctrl-O), Backspace, Ctrl-U, Ctrl-C. `shell` is
 * what reads them; where the effect of a key differs and it is none of these, the key is unknown.
 */
export function keyedLine(keys: string, shell: string): KeyedLine {
  const lines: string[] = [];
  let line: string[] = [];
  if (harmless.test(keys)) return { text: "" };
  for (const key of keys.replaceAll("\r\n", "\r")) {
    if (isEnter(key, shell)) {
      lines.push(line.join(""));
      line = [];
    } else if (isBackspace(key, shell) && mayErase(line, lines)) line.pop();
    else if (key === "\x15") line = [];
    // Behind an entered line it may throw that one away too, or end what reads it.
    else if (key === "\x03" && lines.length === 0) line = [];
    else if (/[\u0000-\u001f\u007f-\u009f]/.test(key))
      return { text: [...lines, line.join("")].join("\n"), unknown: names[key] ?? controlName(key) };
    else line.push(key);
  }
  return { text: [...lines, line.join("")].join("\n") };
}

/** Ctrl-O is bound in these two only. */
function isEnter(key: string, shell: string): boolean {
  return key === "\r" || key === "\n" || (key === "\x0f" && (shell === "bash" || shell === "zsh"));
}

/** Ctrl-H is text to a terminal whose erase key is the other one. */
function isBackspace(key: string, shell: string): boolean {
  return key === "\x7f" || (key === "\b" && editors.has(shell));
}

/**
 * Of characters beyond ASCII some editors erase one with its accents and some a byte, and at the start of a line fish
 * joins it to the one above.
 */
function mayErase(line: readonly string[], above: readonly string[]): boolean {
  const last = line.at(-1);
  return last === undefined ? above.length === 0 : /^[ -~]$/.test(last);
}

function controlName(key: string): string {
  const code = key.charCodeAt(0);
  return code < 0x20
    ? `Ctrl-${String.fromCharCode(code + 0x40)}`
    : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * Whether a line that is typed key by key at bash or zsh brings back an earlier command: `!!`, `!$`, `^a^b^` (history
 * expansion; within single quotes and behind a backslash there is none, but within double quotes a single quote is a
 * character as others). On the side of yes: of a second line nobody knows which quotes are open.
 */
export function expandsHistory(text: string): boolean {
  if (/histchars/i.test(text)) return true;
  return text.split("\n").some((line, at) => /^\s*\^/.test(line) || bringsBack(at === 0 ? unquoted(line) : line));
}

/** `"hi!"` and `!(` of a pattern bring back nothing. */
function bringsBack(line: string): boolean {
  return /!(?![\s=("]|$)/.test(line);
}

/** A line without what single quotes or a backslash keep from history expansion. `$'…'` is no such quote. */
function unquoted(line: string): string {
  const parts = /\\.|"(?:[^"\\]|\\.)*"?|\$'|'[^']*'/gs;
  return line.replace(parts, (part) =>
    part.startsWith('"') ? part.replace(/\\./gs, "  ") : part === "$'" ? part : "  ",
  );
}

/** What a text without what is hidden (`visibleText`) was, as far as that can be told. */
export function withHiddenKeys(visible: string): string {
  return visible.replace(/<U\+([0-9A-F]{4,6})>/g, (name, code: string) => {
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? name : String.fromCodePoint(point);
  });
}
