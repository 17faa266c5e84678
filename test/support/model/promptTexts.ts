/** A prompt to be delivered, and the words by which the model's server tells it from all others. */
export interface MarkedText {
  readonly mark: string;
  readonly kind: string;
  readonly text: string;
}

const kinds: Readonly<Record<string, (mark: string, random: () => number) => string>> = {
  word: (mark) => mark,
  sentence: (mark) => `Please look at ${mark}, and say whether "it" is done; it's $HOME \`or\` \\not\\ 100 %.`,
  "two lines": (mark) => `Look at ${mark}.\nThen say that it is done.`,
  "many lines": (mark) =>
    `About ${mark}:\n\n${Array.from({ length: 30 }, (_, line) => `  ${line}. the ${line}th thing\tto do`).join("\n")}\n\nThat is all.`,
  "20 kB": (mark, random) =>
    `Read ${mark}:\n${Array.from({ length: 250 }, () => `line ${Math.floor(random() * 1e9)} ${"of a long text ".repeat(5)}`.slice(0, 79)).join("\n")}`,
  Unicode: (mark) => `${mark}: Größe, naïve, 日本語のテキスト, 👩‍👩‍👧‍👦 und 🏳️‍🌈, e\u0301 and é, עברית, ½ → ∞`,
  "leading /": (mark) => `/etc/hosts is about ${mark}.`,
  "a command": (mark) => `/help ${mark}`,
  "leading !": (mark) => `!important is what ${mark} is.`,
  "leading @": (mark) => `@someone asks about ${mark}.`,
  "leading #": (mark) => `# A title about ${mark}\n\nAnd what stands below it.`,
  "last @": (mark) => `Look at ${mark} as in @package.json`,
  "its own marks": (mark) => `Say ${mark}, then (y/n)? Do you want to proceed? ❯ 1. Yes`,
};

/** Prompts of all kinds in turn; each has a mark of its own. `random`: 0 to 1. */
export function promptTexts(count: number, random: () => number): MarkedText[] {
  const all = Object.entries(kinds);
  return Array.from({ length: count }, (_, index) => {
    const [kind, write] = all[index % all.length] ?? ["word", (mark: string) => mark];
    const mark = `item${index}x${Math.floor(random() * 0x1_0000).toString(16)}end`;
    return { mark, kind, text: write(mark, random) };
  });
}
