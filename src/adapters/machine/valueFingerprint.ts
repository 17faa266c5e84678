import { createHmac } from "node:crypto";

/** Enough to tell two values apart, too little to find one by trying. */
const digits = 8;

/** Hash of a variable's value with a key of this user, as 8 hex digits. The same value of another variable has another. */
export function valueFingerprint(key: string, name: string, value: string): string {
  return createHmac("sha256", key).update(`${name}\0${value}`).digest("hex").slice(0, digits);
}
