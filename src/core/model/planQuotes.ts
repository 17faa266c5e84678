import { planKeys } from "./planSchema";

/** Longer lines are not repeated with quotes. */
const longestLine = 120;

/** Keys whose value is text that people write without quotes. */
const textKeys: readonly string[] = ["project", "goal", "cwd", "program", "agent", "run", "prompt", "check", "handoff"];
const knownKeys: readonly string[] = Object.values(planKeys).flat();
const variablePattern = /^[A-Z_][A-Z0-9_]*$/;

/** Begins something else than text in YAML, so that text that begins with it needs quotes. */
const indicators = "!&*@%`|>?-,[]{}";

/** The line as it should be where it holds text that needs quotes: `run: 'echo a: b'`. */
interface TextLine {
  /** What stands before the text: `- `, `run: `, or nothing. */
  readonly lead: string;
  readonly value: string;
}

/**
 * Why the text in the line at `offset` must be quoted, and how: `text that contains ": " must be quoted: run: 'a: b'`.
 * Undefined where the line holds no such text.
 */
export function quoteAdvice(text: string, offset: number): string | undefined {
  const line = textLineAt(text, offset);
  const why = line && whyQuoted(line.value);
  if (!line || why === undefined) return undefined;
  const value = withoutComment(line.value);
  // Whether the quotes around it belong to the text, only its writer knows.
  const isOpen = /^(["']).*\1$/.test(value);
  const corrected = `${line.lead}${quoted(value)}`;
  return isOpen || corrected.length > longestLine ? why : `${why}: ${corrected}`;
}

/** The text in quotes that change nothing of it. */
export function quoted(text: string): string {
  return text.includes("'") && !/["\\]/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "''")}'`;
}

/** The same for a value that YAML reads as something else, such as `echo a: b` in a list; undefined for a long one. */
export function quotedSource(source: string): string | undefined {
  const value = source.trim();
  return value === "" || value.includes("\n") || value.length > longestLine ? undefined : quoted(value);
}

/** Whether a quote of the shell is open at the end of the text. */
export function hasOpenQuote(text: string): boolean {
  let open = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\" && open !== "'") at++;
    else if (open === "" && (character === "'" || character === '"')) open = character;
    else if (character === open) open = "";
  }
  return open !== "";
}

function whyQuoted(value: string): string | undefined {
  const first = value.charAt(0);
  if (first === '"' || first === "'") return "text that begins with a quoted part must be quoted as a whole";
  if (indicators.includes(first)) return `text that begins with "${first}" must be quoted`;
  if (/:\s/.test(value)) return 'text that contains ": " must be quoted';
  return value.endsWith(":") ? 'text that ends with ":" must be quoted' : undefined;
}

function textLineAt(text: string, offset: number): TextLine | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(start, end < 0 ? undefined : end).trim();
  const [, dashes = "", rest = ""] = /^((?:- +)*)(.*)$/.exec(line) ?? [];
  const [, key, space = "", value] = /^([A-Za-z_][A-Za-z0-9_-]*):(\s+)(.+)$/.exec(rest) ?? [];
  if (key !== undefined && value !== undefined && (textKeys.includes(key) || variablePattern.test(key)))
    return { lead: `${dashes}${key}:${space}`, value };
  if (dashes === "" || rest === "" || (key !== undefined && knownKeys.includes(key))) return undefined;
  return { lead: dashes, value: rest };
}

/** Without a comment of YAML that stands outside of the shell's quotes. */
function withoutComment(value: string): string {
  for (const { index } of value.matchAll(/\s+#/g)) {
    const before = value.slice(0, index);
    if (!hasOpenQuote(before)) return before;
  }
  return value;
}
