const offset64 = 0xcbf29ce484222325n;
const prime64 = 0x100000001b3n;
const mask64 = 0xffffffffffffffffn;

/** FNV-1a, 64 bits, over UTF-16 code units, as 16 hex digits: tells texts apart, keeps no secret. */
export function hash64(text: string): string {
  let hash = offset64;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = ((hash ^ BigInt(unit & 0xff)) * prime64) & mask64;
    hash = ((hash ^ BigInt(unit >> 8)) * prime64) & mask64;
  }
  return hash.toString(16).padStart(16, "0");
}
