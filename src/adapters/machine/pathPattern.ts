/** One character of a pattern: itself, any one, any number of them, or one of a set. */
type Token = { readonly is: (character: string) => boolean } | "many";

/**
 * Whether a name is one of a shell's pattern: `*`, `?`, `[a-z]`, `[!a]`. In time of the product of both lengths, whatever
 * the pattern.
 */
export function namePattern(pattern: string, ignoresCase = false): (name: string) => boolean {
  const fold = (text: string): string => (ignoresCase ? text.toLowerCase() : text);
  const tokens = tokensOf(fold(pattern));
  return (name) => matches(Array.from(fold(name)), tokens);
}

/** The same in a folder: names that begin with a dot are meant only where the pattern says the dot. */
export function entryPattern(pattern: string): (name: string) => boolean {
  const isMeant = namePattern(pattern);
  return (name) => (pattern.startsWith(".") || !name.startsWith(".")) && isMeant(name);
}

export function hasPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? "";
    const end =
      character === "[" ? characters.indexOf("]", index + (/[!^]/.test(characters[index + 1] ?? "") ? 3 : 2)) : -1;
    if (character === "*") tokens.push("many");
    else if (character === "?") tokens.push({ is: () => true });
    else if (end > 0) {
      tokens.push(setOf(characters.slice(index + 1, end)));
      index = end;
    } else tokens.push({ is: (other) => other === character });
  }
  return tokens;
}

function setOf(characters: readonly string[]): Token {
  const isNegated = /^[!^]$/.test(characters[0] ?? "");
  const members = isNegated ? characters.slice(1) : characters;
  const holds = (character: string): boolean => {
    for (let index = 0; index < members.length; index++) {
      const [from = "", dash, to] = members.slice(index, index + 3);
      if (dash === "-" && to !== undefined) {
        if (from <= character && character <= to) return true;
        index += 2;
      } else if (from === character) return true;
    }
    return false;
  };
  return { is: (character) => holds(character) !== isNegated };
}

/** Goes back to the newest star only. */
function matches(name: readonly string[], tokens: readonly Token[]): boolean {
  let token = 0;
  let star = -1;
  let resumed = 0;
  for (let at = 0; at < name.length;) {
    const wanted = tokens[token];
    if (wanted === "many") {
      star = token++;
      resumed = at;
    } else if (wanted?.is(name[at] ?? "") === true) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++resumed;
    } else return false;
  }
  return tokens.slice(token).every((each) => each === "many");
}
