import { createHmac } from "node:crypto";
import { userKey } from "./userKey";

/** Enough to tell two values apart, too little to find one by trying. */
const digits = 8;

/**
 * Hashes values of variables with a key of this user, as 8 hex digits; the same value of another variable has another.
 * Undefined where there is no key.
 */
export function valueFingerprint(
  env: Readonly<Record<string, string | undefined>>,
): ((name: string, value: string) => string) | undefined {
  const key = userKey(env, "redaction-key");
  return key === undefined
    ? undefined
    : (name, value) => createHmac("sha256", key).update(`${name}\0${value}`).digest("hex").slice(0, digits);
}
