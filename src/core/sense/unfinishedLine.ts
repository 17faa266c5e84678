/** A backslash at the end of a line, which is not quoted itself, joins it to the next one. */
const joined = /(?<!\\)(?:\\\\)*\\$/;
/** Where a command of fish may begin. */
const start = String.raw`(?:^|[;|&\n(])\s*`;
const opens = new RegExp(
  String.raw`${start}(?:(?:and|or|not|!|time|else|command)\s+)*(?:begin|if|while|for|function|switch)(?![\w-])`,
  "g",
);
const closes = new RegExp(String.raw`${start}end(?![\w-])`, "g");

/**
 * Whether a shell does not run the text when it is entered, but waits for more of it. Of others than fish only what ends
 * with a backslash is told: the rest of it is no whole command by their grammar, which is found out elsewhere.
 */
export function isUnfinished(text: string, shell: string): boolean {
  return joined.test(text) || (shell === "fish" && isOpenInFish(text));
}

function isOpenInFish(text: string): boolean {
  const bare = text.replace(/\\./gs, "x").replace(/"[^"]*"|'[^']*'|(?<=^|[\s;(|&])#[^\n]*/g, "x");
  const count = (part: RegExp): number => bare.match(part)?.length ?? 0;
  return /["']/.test(bare) || count(/\(/g) > count(/\)/g) || /(?:\||&&)\s*$/.test(bare) || count(opens) > count(closes);
}
