import * as zlib from "node:zlib";

type Crc32 = (data: Uint8Array | string, previous?: number) => number;

/** Node has a native CRC-32 since 20.15 and 22.2; older ones get a table. */
const native = (zlib as { crc32?: Crc32 }).crc32;

const polynomial = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** The same function by table, exported for Node versions without a native one and for tests. */
export function tableCrc32(data: Uint8Array | string, previous = 0): number {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  let crc = ~previous;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** CRC-32 (IEEE 802.3) of bytes, or of a text's UTF-8; `previous` continues an earlier sum. Unsigned. */
export const crc32: Crc32 = native ?? tableCrc32;

/** Eight lower-case hex digits. */
export function crcHex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
