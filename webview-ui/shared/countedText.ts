import type { CountedText } from "../../src/protocol/mirror";

/** The sentence for that many. */
export function counted({ one, many }: CountedText, count: number): string {
  return count === 1 ? one : many.replace("{0}", String(count));
}
