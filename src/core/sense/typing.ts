import { OrchestratorError } from "../model/errors";
import type { IntegratedShell } from "./shellMarks";
import { fishQuotedWord, posixQuotedWord } from "./shellWord";
import { pasteEnd, typedText } from "./typedText";
import { advice } from "../model/remedy";

export type TypedForm = "line" | "eval";

/** Ctrl-C. */
export const interruptKey = "\x03";
export const endOfInputKey = "\x04";

/**
 * Bytes of a line, without its Enter, that a terminal in line mode takes for certain: more is thrown away without a
 * word. Linux takes 4095, macOS and the BSDs 1023 (MAX_CANON); where the session runs nobody knows.
 */
export const canonicalLineBytes = 1023;
/** Of a text that is typed in several lines, so that quotes and what stands around it fit too. */
const pieceBytes = 800;

/**
 * Each line and each backslash makes fish slower to take a paste (measured with fish 3.6: 20 kB with 2,000 of them
 * never came through). A text with more than this many travels in a spelling without any.
 */
const fishEscapes = 60;
/** zsh has a key of our own, so that no plug-in rewrites what is pasted (see zshSnippet). */
const pasteStart: Readonly<Record<IntegratedShell, string>> = {
  bash: "\x1b[200~",
  zsh: "\x1b[5200~",
  fish: "\x1b[200~",
};

/**
 * How a text is typed: a plain line as it is, so that people can read along; everything that a shell reads differently
 * when it is typed (more lines, control characters, history expansion, comments, here-documents, a line that goes on)
 * as one `eval`, which takes it literally.
 */
export function typedForm(text: string): TypedForm {
  const line = typedText(text);
  if (/[\n\t]/.test(line)) return "eval";
  if (/!|<<|^\s*\^|(?:^|[\s;&|()])#/.test(line)) return "eval";
  return goesOn(line) ? "eval" : "line";
}

/**
 * What to send, in one piece, at a clean prompt: one paste and Enter. It begins with a blank, which keeps it out of the
 * shell's history. See `typedText` for what becomes of the text. Throws `request_invalid` for one without content.
 */
export function encodeCommand(
  text: string,
  options: { shell: IntegratedShell; version?: number | undefined; form: TypedForm },
): string {
  const { shell, version = 0, form } = options;
  const whole = contentOf(text);
  // A backslash at the end needs an empty line to join, not a quote or brace of ours.
  const content = whole.endsWith("\\") && form === "eval" ? `${whole}\n` : whole;
  const typed =
    form === "line" && !/[\n\t]/.test(content)
      ? content
      : `eval ${shell === "fish" ? fishArgument(content, version) : posixQuotedWord(shell === "bash" ? braced(content) : content)}`;
  // fish takes blanks off the beginning of a paste, and a paste of fish 4 overtakes the blank that was typed before it:
  // there the blank comes behind, at the line's beginning (Home, blank, End).
  if (shell === "fish" && version >= 4) return `${pasteStart[shell]}${typed}${pasteEnd}\x1b[H \x1b[F\r`;
  return shell === "fish" ? ` ${pasteStart[shell]}${typed}${pasteEnd}\r` : `${pasteStart[shell]} ${typed}${pasteEnd}\r`;
}

/**
 * Asks a shell without marks which kind it is: a mark of letter `D` with `fields.id === id`, and `fields.f`, the
 * version of fish or nothing. The line means the same in POSIX shells and in fish, which are quoted differently.
 */
export function encodeShellQuestion(id: string): string {
  return ` ${String.raw`printf '\033]133;D;0;id=%s;f=%s\007' ${checkedId(id)} "$FISH_VERSION"`}\r`;
}

/**
 * Asks a shell without marks for the end of its newest command that was typed by `encodeSentinel`: a mark of letter `D`
 * with `fields.id === id`, that command's id in `fields.of`, its status in `fields.was`; both are empty where it has
 * ended none.
 */
export function encodeEndQuestion(id: string, shell: "posix" | "fish"): string {
  const kept = shell === "fish" ? '"$__wo_i" "$__wo_s"' : '"${__wo_i-}" "${__wo_s-}"';
  return ` ${String.raw`printf '\033]133;D;0;id=%s;of=%s;was=%s\007' ${checkedId(id)} ${kept}`}\r`;
}

/**
 * What to send to a shell without marks of ours: a mark of letter `C`, the command, a mark of letter `D` with `status`;
 * both with `fields.id === id`. The shell keeps id and status, see `encodeEndQuestion`. What the terminal echoes holds no escape character, so it is no mark. `id`: letters and
 * digits, unguessable. Such a shell may have no line editor, so a long text goes in several lines, each with a
 * backslash at its end, which are one command. Throws `request_invalid` for a text without content.
 */
export function encodeSentinel(text: string, options: { shell: "posix" | "fish"; id: string }): string {
  const { shell, id } = options;
  const content = contentOf(text);
  const begin = String.raw`printf '\033]133;C;id=%s\007' ${checkedId(id)}`;
  const kept = shell === "fish" ? `set -g __wo_s $status; set -g __wo_i ${id}` : `__wo_s=$? __wo_i=${id}`;
  const end = String.raw`${kept}; printf '\033]133;D;%s;id=%s\007' "$__wo_s" "$__wo_i"`;
  return ` ${begin}; eval ${shell === "fish" ? inPieces(content, fishTyped) : posixTyped(content)}; ${end}\r`;
}

function checkedId(id: string): string {
  if (/^[A-Za-z0-9]{1,64}$/.test(id)) return id;
  throw new OrchestratorError(
    "request_invalid",
    "The id of an end mark must consist of letters and digits.",
    advice("Use random hex digits."),
  );
}

function contentOf(text: string): string {
  const content = typedText(text);
  if (content.trim() === "")
    throw new OrchestratorError(
      "request_invalid",
      "The text contains no command.",
      advice("Type at least one visible character."),
    );
  return content;
}

/** Whether quotes are open or the last backslash joins the next line; approximate, to the side of yes. */
function goesOn(line: string): boolean {
  let open = "";
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === "\\" && open !== "'") {
      at++;
      if (at === line.length) return true;
    } else if (open !== "") {
      if (character === open) open = "";
    } else if (character === "'" || character === '"' || character === "`") {
      open = character;
    }
  }
  return open !== "";
}

/** A newline that is typed without a paste would end the line. */
function fishTyped(text: string): string {
  return fishQuotedWord(text).replaceAll("\n", String.raw`'\n'`);
}

/** Home goes to the beginning of a line, so fish 4 gets all in one. */
function fishArgument(text: string, version: number): string {
  const escapes = text.match(/[\n\t\\']/g)?.length ?? 0;
  if (escapes <= fishEscapes) return version >= 4 ? fishTyped(text) : fishQuotedWord(text);
  const coded = text.replace(/[\n\t\\'%]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `(string unescape --style=url -- '${coded}' | string collect -N)`;
}

/**
 * One physical line of ASCII without tabs, which would complete words: nothing here is pasted, and a line editor in a
 * locale without UTF-8 takes the bytes of other characters for Meta keys (measured with zsh 5.9).
 */
function posixTyped(text: string): string {
  if (!/[^\u0020-\u007e]/.test(text)) return inPieces(text, posixQuotedWord);
  const encoder = new TextEncoder();
  const octal = (character: string): string =>
    [...encoder.encode(character)].map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("");
  const coded = (piece: string): string => `'${piece.replace(/[^\u0020-\u007e]|[\\'!]/gu, octal)}'`;
  return `"$(printf %b ${inPieces(text, coded)})"`;
}

/**
 * One word, quoted piece by piece; a text too long for one line has lines that are joined by the shell. Cut between
 * characters.
 */
function inPieces(text: string, quote: (piece: string) => string): string {
  const encoder = new TextEncoder();
  const pieces: string[] = [];
  let piece = "";
  let size = 0;
  for (const character of text) {
    const more = encoder.encode(quote(character)).length - 2;
    if (size + more > pieceBytes) {
      pieces.push(piece);
      piece = "";
      size = 0;
    }
    piece += character;
    size += more;
  }
  return [...pieces, piece].map(quote).join("\\\r");
}

/**
 * bash stops only the line that runs when Ctrl-C comes and goes on with the next, unless they are one group. A group of
 * comments only would be an error.
 */
function braced(text: string): string {
  const lines = text.split("\n");
  if (lines.every((line) => /^\s*(#|$)/.test(line))) return text;
  return `{\n${text}\n}`;
}
