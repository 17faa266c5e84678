import * as zlib from "node:zlib";

type Crc32 = (data: Uint8Array | string, previous?: number) => number;

/**
 * So many bytes are summed by table before the native function is asked for: to load zlib and its streams takes Node 2 ms,
 * in which the table sums as many.
 */
const byTableFirst = 262_144;

let summed = 0;
/** Node has one since 20.15 and 22.2; older ones have none. */
const native = (): Crc32 | undefined => (zlib as { crc32?: Crc32 }).crc32;

const polynomial = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** The same function by table, exported for tests. */
export function tableCrc32(data: Uint8Array | string, previous = 0): number {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  let crc = ~previous;
  // An iterator takes twice as long until it is compiled.
  for (let at = 0; at < bytes.length; at++) crc = (table[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** CRC-32 (IEEE 802.3) of bytes, or of a text's UTF-8; `previous` continues an earlier sum. Unsigned. */
export const crc32: Crc32 = (data, previous) => {
  if (summed >= byTableFirst) return (native() ?? tableCrc32)(data, previous);
  summed += data.length;
  return tableCrc32(data, previous);
};

/** Eight lower-case hex digits. */
export function crcHex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
