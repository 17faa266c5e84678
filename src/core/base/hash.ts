/** FNV's prime for 64 bits is 2^40 + 0x1b3. */
const primeLow = 0x1b3;

/** FNV-1a, 64 bits, over UTF-16 code units, as 16 hex digits: tells texts apart, keeps no secret. */
export function hash64(text: string): string {
  // 0xcbf29ce484222325 in parts of 16 bits, the lowest first: they multiply as small integers, BigInt takes many times
  // as long.
  let [a, b, c, d] = [0x2325, 0x8422, 0x9ce4, 0xcbf2];
  for (let index = 0; index < 2 * text.length; index++) {
    const unit = text.charCodeAt(index >> 1);
    a ^= index % 2 === 0 ? unit & 0xff : unit >> 8;
    const low = a * primeLow;
    const second = b * primeLow + (low >>> 16);
    const third = c * primeLow + (a << 8) + (second >>> 16);
    d = (d * primeLow + (b << 8) + (third >>> 16)) & 0xffff;
    [a, b, c] = [low & 0xffff, second & 0xffff, third & 0xffff];
  }
  return [d, c, b, a].map((part) => part.toString(16).padStart(4, "0")).join("");
}
