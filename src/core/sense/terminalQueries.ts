const escape = "\\x1b";
const toEnd = "(?:\\x07|\\x1b\\\\)";
const decoder = new TextDecoder("latin1");

/**
 * What programs ask of a terminal (xterm's ctlseqs): attributes (DECID too), state and cursor, name, parameters,
 * keyboard, sizes, modes, settings, terminfo, colours, clipboard; of kitty's graphics protocol and of that of program
 * statuses (OSC 7501, rev. 0.4) whether it is known.
 */
const query = new RegExp(
  [
    `${escape}Z`,
    `${escape}\\[[>=]?0?c`,
    `${escape}\\[\\??\\d+n`,
    `${escape}\\[>0?q`,
    `${escape}\\[[01]?x`,
    `${escape}\\[\\?(?:4m|u)`,
    `${escape}\\[(?:1[1-9]|2[01])(?:;\\d+)?t`,
    `${escape}\\[\\??\\d+\\$p`,
    `${escape}\\[[12]\\$w`,
    `${escape}\\[\\?\\d;1(?:;\\d+)?S`,
    `${escape}P[$+]q[^\\x07\\x1b]{0,512}${escape}\\\\`,
    `${escape}_G[^\\x07\\x1b;]{0,64}a=q[^\\x07\\x1b]{0,512}${escape}\\\\`,
    `${escape}\\](?:[45];\\d{1,3}|1\\d|52);(?:[^\\x07\\x1b]{0,512};)?\\?${toEnd}`,
    `${escape}\\]7501;\\?${toEnd}`,
  ].join("|"),
  "g",
);
/** The beginning of one at the end of output, or of something else that begins the same. */
const begunQuery = new RegExp(
  `${escape}(?:${[
    "\\[[>=?]?[\\d;]{0,16}\\$?",
    `P(?:[$+](?:q[^\\x07\\x1b]{0,512}${escape}?)?)?`,
    `_(?:G[^\\x07\\x1b]{0,600}${escape}?)?`,
    `\\](?:[145]|1\\d|52|(?:[45]|1\\d|52);[^\\x07\\x1b]{0,600}${escape}?)?`,
    `\\]7(?:5(?:0(?:1(?:;(?:\\?${escape}?)?)?)?)?)?`,
  ].join("|")})?$`,
);
/** Bytes that the beginning of one has at most. */
const longestBegun = 640;

/** What a terminal answers to them. A key has none of these spellings, but for F3 with modifiers. */
const answer = new RegExp(
  `^(?:${[
    `${escape}\\[[?>][\\d;]+c`,
    `${escape}\\[0n`,
    `${escape}\\[\\?[\\d;]+n`,
    `${escape}\\[\\??\\d+;\\d+(?:;\\d+)?R`,
    `${escape}\\[\\?\\d+u`,
    `${escape}\\[>4;\\dm`,
    `${escape}\\[[23];1;1(?:;\\d+){4}x`,
    `${escape}\\[\\?\\d;\\d[\\d;]*S`,
    `${escape}\\[[4689];\\d+;\\d+t`,
    `${escape}\\[\\??\\d+;\\d\\$y`,
    `${escape}\\](?:[45];\\d{1,3}|1\\d);[^\\x07\\x1b]{1,64}${toEnd}`,
    `${escape}\\]7501;\\?${toEnd}`,
    `${escape}P(?:[>!]\\||[01][$+]r|[12]\\$u)[^\\x07\\x1b]{0,1024}${escape}\\\\`,
    `${escape}_G[^\\x07\\x1b]{0,64};[^\\x07\\x1b]{0,512}${escape}\\\\`,
  ].join("|")})+$`,
);

/** Titles (OSC 0 and 2), progress (9;4) and statuses (7501), which are on no screen. */
const told = new RegExp(`${escape}\\](?:[02];|9;4;|7501;(?!\\?))[^\\x07\\x1b]{0,4096}${toEnd}`, "g");

/**
 * What a terminal has to get of output that is only drawn as a picture: what programs ask of it, then what they tell it
 * beside what they draw; each in its order, empty when there is none.
 */
export function unshownIn(output: readonly Uint8Array[]): string {
  const text = output.map((bytes) => decoder.decode(bytes)).join("");
  return [...(text.match(query) ?? []), ...(text.match(told) ?? [])].join("");
}

/** Whether these keys are no person's: a terminal answers a program with them. */
export function isAnswer(keys: Uint8Array): boolean {
  return keys[0] === 0x1b && answer.test(decoder.decode(keys));
}

/** Takes the questions out of output that comes in pieces, cut anywhere. */
export class QueryFilter {
  #begun = new Uint8Array();

  /** The end of what came so far, where that may be the beginning of a question. Given out with what comes next. */
  get begun(): Uint8Array {
    return this.#begun;
  }

  /** What can be given to somebody who is not asked; the same bytes where nothing has to be taken out. */
  without(bytes: Uint8Array): Uint8Array {
    if (this.#begun.length === 0 && !bytes.includes(0x1b)) return bytes;
    const all = joined([this.#begun, bytes]);
    const text = decoder.decode(all);
    const kept: Uint8Array[] = [];
    let from = 0;
    for (const { index, 0: found } of text.matchAll(query)) {
      kept.push(all.subarray(from, index));
      from = index + found.length;
    }
    const tail = Math.max(from, text.length - longestBegun);
    const begun = begunQuery.exec(text.slice(tail));
    const end = begun ? tail + begun.index : text.length;
    this.#begun = all.slice(end);
    kept.push(all.subarray(from, end));
    return joined(kept);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const filled = pieces.filter(({ length }) => length > 0);
  if (filled.length === 1 && filled[0]) return filled[0];
  const all = new Uint8Array(filled.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of filled) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
