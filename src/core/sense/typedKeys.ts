/** What keys make of the line at a prompt. */
export interface KeyedLine {
  /** All that is entered, and what stands at the prompt then; lines are separated by newlines. */
  readonly text: string;
  /** A key whose effect depends on what nobody knows here: history, completions, key bindings. */
  readonly unknown?: string;
}

const enter = /[\r\n\x0f]/;
/** They end or stop what runs, or draw anew; of a line that is not entered nothing stays after Ctrl-C. */
const harmless = /[\x04\x0c\x11\x13\x1a\x1c]/;

const names: Readonly<Record<string, string>> = {
  "\t": "Tab",
  "\x1b": "Escape or a key that begins with it, such as an arrow",
  "\x0e": "Ctrl-N",
  "\x10": "Ctrl-P",
  "\x12": "Ctrl-R",
  "\x17": "Ctrl-W",
  "\x19": "Ctrl-Y",
};

/**
 * Plays keys at an empty prompt, as the line editors of bash, zsh and fish take them by default: characters, Enter under
 * each of its names (Ctrl-J, Ctrl-M, Ctrl-O), Backspace, Ctrl-U, Ctrl-C.
 */
export function keyedLine(keys: string): KeyedLine {
  const lines: string[] = [];
  let line: string[] = [];
  for (const key of keys.replaceAll("\r\n", "\r")) {
    if (enter.test(key)) {
      lines.push(line.join(""));
      line = [];
    } else if (key === "\x7f" || key === "\b") line.pop();
    else if (key === "\x15" || key === "\x03") line = [];
    else if (/[\u0000-\u001f\u0080-\u009f]/.test(key)) {
      if (harmless.test(key)) continue;
      return { text: [...lines, line.join("")].join("\n"), unknown: names[key] ?? controlName(key) };
    } else line.push(key);
  }
  return { text: [...lines, line.join("")].join("\n") };
}

function controlName(key: string): string {
  const code = key.charCodeAt(0);
  return code < 0x20
    ? `Ctrl-${String.fromCharCode(code + 0x40)}`
    : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * Whether a line that is typed key by key at bash or zsh brings back an earlier command: `!!`, `!$`, `^a^b^` (history
 * expansion; within single quotes and behind a backslash there is none). On the side of yes.
 */
export function expandsHistory(text: string): boolean {
  return text.split("\n").some((line) => {
    if (/^\s*\^/.test(line)) return true;
    const open = line.replace(/\\./g, "  ").replace(/'[^']*'/g, "''");
    return /!(?![\s=("]|$)/.test(open);
  });
}

/** What a text without what is hidden (`visibleText`) was, as far as that can be told. */
export function withHiddenKeys(visible: string): string {
  return visible.replace(/<U\+([0-9A-F]{4,6})>/g, (name, code: string) => {
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? name : String.fromCodePoint(point);
  });
}
