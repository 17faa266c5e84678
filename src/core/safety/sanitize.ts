import { stripControlCharacters } from "./controlCharacters";
import type { Redactor } from "./redaction";

/**
 * What every text passes on its way to the disk: control characters out, then secrets out. In this order, because a
 * colour or a zero-width character inside a secret would hide it from the rules.
 */
export function createSanitizer(redactor: Pick<Redactor, "redact">): (text: string) => string {
  return (text) => redactor.redact(stripControlCharacters(text));
}
