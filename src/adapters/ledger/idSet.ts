const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ulidLength = 26;
const wordsPerId = 4;
/** Growing one of many small tables takes well below a millisecond; growing a large one would hold up the process. */
const shardCount = 256;
const firstSlots = 16;

const digits = new Int8Array(128).fill(-1);
for (let value = 0; value < alphabet.length; value++) digits[alphabet.charCodeAt(value)] = value;

/**
 * A set of ids that keeps each ULID in a slot of 16 bytes, at most half of them used, so that a million entries can be
 * read within the memory that an extension may use (durability, goal P6). Other ids are kept as strings.
 */
export class IdSet {
  /** Each is made with its first id: most records are small. */
  readonly #shards: (Shard | undefined)[] = [];
  readonly #others = new Set<string>();
  readonly #words = new Uint32Array(wordsPerId);

  /** False when it was in the set before. */
  add(id: string): boolean {
    if (!this.#decode(id)) {
      if (this.#others.has(id)) return false;
      this.#others.add(id);
      return true;
    }
    const hash = hashOf(this.#words, 0);
    return (this.#shards[hash % shardCount] ??= new Shard()).add(this.#words, hash);
  }

  /** 130 bits of a ULID, of which the first two are always zero, to four words. */
  #decode(id: string): boolean {
    if (id.length !== ulidLength) return false;
    const words = this.#words;
    words.fill(0);
    for (let index = 0; index < ulidLength; index++) {
      const digit = digits[id.charCodeAt(index)] ?? -1;
      if (digit < 0 || (index === 0 && digit > 7)) return false;
      for (let word = 0; word < wordsPerId - 1; word++) {
        words[word] = ((words[word] as number) << 5) | ((words[word + 1] as number) >>> 27);
      }
      words[wordsPerId - 1] = ((words[wordsPerId - 1] as number) << 5) | digit;
    }
    // All zero marks a free slot.
    return words.some((word) => word !== 0);
  }
}

/** Open addressing with linear probing, at most half full. */
class Shard {
  #slots = firstSlots;
  #table = new Uint32Array(firstSlots * wordsPerId);
  #count = 0;

  add(words: Uint32Array, hash: number): boolean {
    const place = this.#find(words, 0, hash);
    if (!isFree(this.#table, place)) return false;
    copy(words, 0, this.#table, place);
    if (++this.#count * 2 > this.#slots) this.#grow();
    return true;
  }

  /** Where the id is, or the free place for it. */
  #find(words: Uint32Array, from: number, hash: number): number {
    let slot = Math.floor(hash / shardCount) % this.#slots;
    for (;;) {
      const place = slot * wordsPerId;
      if (isFree(this.#table, place) || same(words, from, this.#table, place)) return place;
      slot = (slot + 1) % this.#slots;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#slots *= 2;
    this.#table = new Uint32Array(this.#slots * wordsPerId);
    for (let from = 0; from < old.length; from += wordsPerId) {
      if (!isFree(old, from)) copy(old, from, this.#table, this.#find(old, from, hashOf(old, from)));
    }
  }
}

function hashOf(words: Uint32Array, from: number): number {
  let hash = 0;
  for (let index = from; index < from + wordsPerId; index++) {
    hash = Math.imul(hash ^ (words[index] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0x85ebca6b) >>> 0;
}

function isFree(table: Uint32Array, place: number): boolean {
  return table[place] === 0 && table[place + 1] === 0 && table[place + 2] === 0 && table[place + 3] === 0;
}

function same(words: Uint32Array, from: number, table: Uint32Array, place: number): boolean {
  for (let index = 0; index < wordsPerId; index++) if (words[from + index] !== table[place + index]) return false;
  return true;
}

function copy(words: Uint32Array, from: number, table: Uint32Array, place: number): void {
  for (let index = 0; index < wordsPerId; index++) table[place + index] = words[from + index] as number;
}
