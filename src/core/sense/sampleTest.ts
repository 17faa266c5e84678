import { namedState, stateText } from "../model/namedState";
import { isWanted } from "../model/wantedState";
import type { SampleFacts } from "../model/sampleFacts";
import type { Sensed } from "./terminalFacts";

/** What the rules make of a sample, beside what it truly was. */
export interface SampleVerdict {
  /** As the sample names it. */
  readonly expected: string;
  readonly isRight: boolean;
  /** `waiting(confirm)` */
  readonly found: string;
  /** The rule that decided, and the first line that it read; absent where none did. */
  readonly rule?: string;
  readonly line?: string;
}

/** Throws an error with what is wrong where the sample does not say what it was. */
export function judgedSample({ expected }: SampleFacts, found: Sensed): SampleVerdict {
  if (expected === undefined) throw new Error('it has no "expected" state');
  const [first] = found.evidence;
  const line = first?.lines[0];
  return {
    expected,
    isRight: isWanted(namedState(expected), found),
    found: stateText(found),
    ...(first ? { rule: first.rule } : {}),
    ...(line === undefined ? {} : { line }),
  };
}
