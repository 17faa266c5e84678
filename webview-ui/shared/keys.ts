/** What a page knows of a key that was pressed (UI Events). */
export interface PressedKey {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  /** AltGr makes characters; it is no Ctrl and no Alt. */
  readonly altGraph: boolean;
}

export interface KeyModes {
  readonly mac: boolean;
  /** DEC private modes that are on. */
  readonly modes: readonly number[];
  /** Something is selected, so that Ctrl+C copies. */
  readonly selected: boolean;
}

/**
 * What becomes of a key: bytes for the session; `text`: the browser makes the character; `editor`: VS Code's, or the
 * browser's own; `leave`: the keyboard is given back; `copy`: the selection goes to the clipboard.
 */
export type KeyMeaning = { readonly bytes: string } | "text" | "editor" | "leave" | "copy";

const applicationCursor = 1;

/**
 * Keys whose letter or number stands at the end of CSI, with the modifiers as a parameter before it (xterm's ctlseqs,
 * PC-style function keys).
 */
const letterKeys: Readonly<Record<string, string>> = {
  ArrowUp: "A",
  ArrowDown: "B",
  ArrowRight: "C",
  ArrowLeft: "D",
  Home: "H",
  End: "F",
  F2: "Q",
  F3: "R",
  F4: "S",
};
const tildeKeys: Readonly<Record<string, number>> = {
  Insert: 2,
  Delete: 3,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F12: 24,
};
/** Of VS Code whatever stands with them: the palette, the next part, full screen. */
const editorKeys: ReadonlySet<string> = new Set(["F1", "F6", "F11", "ContextMenu", "PrintScreen"]);
const controlKeys: Readonly<Record<string, string>> = {
  " ": "\0",
  "@": "\0",
  "2": "\0",
  "3": "\x1b",
  "4": "\x1c",
  "5": "\x1d",
  "6": "\x1e",
  "7": "\x1f",
  "8": "\x7f",
  "[": "\x1b",
  "\\": "\x1c",
  "^": "\x1e",
  _: "\x1f",
  "/": "\x1f",
  "?": "\x7f",
};

/**
 * What a key means while the session has the keyboard. VS Code keeps everything with Cmd or the Windows key, Ctrl+Shift
 * and Ctrl+Alt, Ctrl with a digit from 1 to 9 or a function key, Ctrl+Tab, Ctrl+` and F1, F6 and F11. Ctrl+] gives the
 * keyboard back, as it detaches on the command line.
 */
export function keyMeaning(pressed: PressedKey, { mac, modes, selected }: KeyModes): KeyMeaning {
  const { key, ctrl, alt, shift, meta, altGraph } = pressed;
  if (altGraph && key.length === 1) return "text";
  if (ctrl && !alt && !meta && key === "]") return "leave";
  if (isEditorKey(pressed)) return "editor";
  const modified = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl ? 4 : 0);
  const letter = letterKeys[key];
  if (letter !== undefined) {
    if (modified > 1) return { bytes: `\x1b[1;${modified}${letter}` };
    return { bytes: (key.startsWith("F") ? "\x1bO" : modes.includes(applicationCursor) ? "\x1bO" : "\x1b[") + letter };
  }
  const tilde = tildeKeys[key];
  if (tilde !== undefined) {
    // Shift+Insert pastes everywhere.
    if (key === "Insert" && shift) return "editor";
    return { bytes: modified > 1 ? `\x1b[${tilde};${modified}~` : `\x1b[${tilde}~` };
  }
  const named = namedKey(pressed);
  if (named !== undefined) return { bytes: alt ? `\x1b${named}` : named };
  if (key.length !== 1 && !isOneCharacter(key)) return "editor";
  if (ctrl) return controlMeaning(key, alt, selected);
  // Option makes characters on a Mac.
  if (alt && !mac) return { bytes: `\x1b${key}` };
  return "text";
}

function isEditorKey({ key, ctrl, alt, shift, meta }: PressedKey): boolean {
  if (meta || editorKeys.has(key)) return true;
  if (ctrl && alt) return true;
  if (ctrl && shift && (key.length === 1 ? /[\p{L}\p{N}`~]/u.test(key) : /^F\d/.test(key))) return true;
  if (ctrl && (/^[1-9`]$/.test(key) || /^F\d/.test(key) || key === "Tab" || key === "PageUp" || key === "PageDown"))
    return true;
  // The browser pastes; the page gets the text.
  if (ctrl && !shift && (key === "v" || key === "V")) return true;
  return shift && (key === "PageUp" || key === "PageDown");
}

function namedKey({ key, ctrl, shift }: PressedKey): string | undefined {
  if (key === "Enter") return "\r";
  if (key === "Escape") return "\x1b";
  if (key === "Backspace") return ctrl ? "\b" : "\x7f";
  if (key === "Tab") return shift ? "\x1b[Z" : "\t";
  return undefined;
}

function controlMeaning(key: string, alt: boolean, selected: boolean): KeyMeaning {
  if (key.toLowerCase() === "c" && selected) return "copy";
  const code = key.toUpperCase().charCodeAt(0);
  const byte = code >= 0x41 && code <= 0x5a ? String.fromCharCode(code - 0x40) : controlKeys[key];
  if (byte === undefined) return "editor";
  return { bytes: alt ? `\x1b${byte}` : byte };
}

function isOneCharacter(key: string): boolean {
  return Array.from(key).length === 1;
}
