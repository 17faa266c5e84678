const escape = "\\x1b";
const toEnd = "(?:\\x07|\\x1b\\\\)";
const decoder = new TextDecoder("latin1");

/**
 * What programs ask of a terminal (xterm's ctlseqs): attributes, state and cursor, name, keyboard, sizes, modes,
 * settings, terminfo, colours.
 */
const query = new RegExp(
  [
    `${escape}\\[[>=]?0?c`,
    `${escape}\\[\\??\\d+n`,
    `${escape}\\[>0?q`,
    `${escape}\\[\\?u`,
    `${escape}\\[1[1-9](?:;\\d+)?t`,
    `${escape}\\[\\??\\d+\\$p`,
    `${escape}P[$+]q[^\\x07\\x1b]{0,512}${escape}\\\\`,
    `${escape}\\](?:4;\\d{1,3}|1\\d);(?:[^\\x07\\x1b]{0,512};)?\\?${toEnd}`,
  ].join("|"),
  "g",
);

/** What a terminal answers to them. A key has none of these spellings, but for F3 with modifiers. */
const answer = new RegExp(
  `^(?:${[
    `${escape}\\[[?>][\\d;]+c`,
    `${escape}\\[0n`,
    `${escape}\\[\\?[\\d;]+n`,
    `${escape}\\[\\??\\d+;\\d+(?:;\\d+)?R`,
    `${escape}\\[\\?\\d+u`,
    `${escape}\\[[4689];\\d+;\\d+t`,
    `${escape}\\[\\??\\d+;\\d\\$y`,
    `${escape}\\](?:4;\\d{1,3}|1\\d);[^\\x07\\x1b]{1,64}${toEnd}`,
    `${escape}P(?:[>!]\\||[01][$+]r)[^\\x07\\x1b]{0,1024}${escape}\\\\`,
  ].join("|")})+$`,
);

/** The questions in output that nobody is shown, in their order; empty when there are none. */
export function queriesIn(output: readonly Uint8Array[]): string {
  return (
    output
      .map((bytes) => decoder.decode(bytes))
      .join("")
      .match(query) ?? []
  ).join("");
}

/** Whether these keys are no person's: a terminal answers a program with them. */
export function isAnswer(keys: Uint8Array): boolean {
  return keys[0] === 0x1b && answer.test(decoder.decode(keys));
}
