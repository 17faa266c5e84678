import type { YAMLError } from "yaml";

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
    /^Nested mappings are not allowed in compact mappings$/,
    'this value has a key of its own; check the indentation, or quote text that contains ": "',
  ],
  [/^Plain value cannot start with .*character (?<first>.)$/, 'text that begins with "$<first>" must be quoted'],
];

/** What is wrong, as a sentence without its full stop; in the parser's own words where there are no better ones. */
export function yamlErrorText({ code, message }: YAMLError): string {
  if (code === "DUPLICATE_KEY") return "this key appears twice";
  const said = (message.split("\n")[0] ?? code).replace(/[.:]$/, "");
  const slip = slips.find(([pattern]) => pattern.test(said));
  return `not valid YAML: ${slip ? said.replace(...slip) : said}`;
}
