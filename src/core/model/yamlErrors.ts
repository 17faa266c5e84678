import type { YAMLError } from "yaml";
import { quoteAdvice } from "./planQuotes";

/** The slips that people make most, by the parser's sentence about them. */
const slips: readonly (readonly [RegExp, string])[] = [
  [/^Flow sequence .* end with a \]$/, 'a list is not closed; its "]" is missing'],
  [/^Flow map .* end with a \}$/, 'a map is not closed; its "}" is missing'],
  [/^Missing closing ["']quote$/, "a quoted text is not closed; its last quote is missing"],
  [/^Tabs are not allowed as indentation$/, "use spaces for the indentation, not tabs"],
  [
    /^All (?:mapping|sequence) items must start at the same column$|^Sequence item without - indicator$/,
    "the indentation differs from that of the lines before it",
  ],
  [
    /^Missing , or : between flow (?:sequence|map) items$/,
    'in a list in brackets, quote text that contains one of [ ] { } , or ": "',
  ],
  [
    /^Invalid escape sequence (?<escape>.*)$/,
    'within double quotes "$<escape>" means nothing; use single quotes, or write a backslash twice',
  ],
];

/** Where the text that should have been quoted cannot be shown. */
const unquoted: readonly (readonly [RegExp, string])[] = [
  [
    /^Nested mappings are not allowed in compact mappings$/,
    'this value has a key of its own; check the indentation, or quote text that contains ": "',
  ],
  [/^Plain value cannot start with .*character (?<first>.)$/, 'text that begins with "$<first>" must be quoted'],
];

/** What is wrong, as a sentence without its full stop; in the parser's own words where there are no better ones. */
export function yamlErrorText(
  { code, message, pos }: Pick<YAMLError, "code" | "message" | "pos">,
  text: string,
): string {
  if (code === "DUPLICATE_KEY") return "this key appears twice";
  const said = (message.split("\n")[0] ?? code).replace(/[.:]$/, "");
  const slip = slips.find(([pattern]) => pattern.test(said));
  if (slip) return `not valid YAML: ${said.replace(...slip)}`;
  const advice = spaceAdvice(text, pos[0]) ?? quoteAdvice(text, pos[0]);
  if (advice !== undefined) return advice;
  const other = unquoted.find(([pattern]) => pattern.test(said));
  return `not valid YAML: ${other ? said.replace(...other) : said}`;
}

/** A no-break space looks like a space and is none: text that was copied from a page has them. */
function spaceAdvice(text: string, offset: number): string | undefined {
  const end = text.indexOf("\n", offset);
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, end < 0 ? undefined : end);
  return /^\s*(?:-\s+)*[\w-]+:?\u00a0|^ *\u00a0/.test(line)
    ? "this line has a no-break space (U+00A0) where a space must be"
    : undefined;
}
