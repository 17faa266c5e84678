import { RequestFailure } from "../adapters/http/requestFailure";

const allowed = /^[\p{Alphabetic}\p{N}._-]+$/u;
const maxBytes = 64;

function problemOf(text: string): string | undefined {
  if (text === "") return "must not be empty";
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return `is too long (${bytes} bytes, at most ${maxBytes})`;
  if (!allowed.test(text)) return "may contain only letters, digits and - _ .";
  return undefined;
}

/** wsh's rule since the end of February 2026: 1 to 64 bytes of letters and digits of any script, `-`, `_`, `.`. */
export function checkSessionName(name: string): void {
  const problem = problemOf(name);
  if (problem) throw new RequestFailure(400, "invalid_session_name", `Invalid session name: it ${problem}.`);
}

export function checkTags(tags: readonly string[]): void {
  for (const tag of tags) {
    const problem = problemOf(tag);
    if (problem) throw new RequestFailure(400, "invalid_tag", `Invalid tag ${JSON.stringify(tag)}: it ${problem}.`);
  }
}
