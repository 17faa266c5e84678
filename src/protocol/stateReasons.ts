import type { SessionContext } from "../core/model/session";
import type { StateEvidence } from "../core/model/stateKinds";

/** The line of the screen on which a program asks something; undefined where it asks nothing, or no line says it. */
export function askedLine({ state, evidence = [] }: Pick<SessionContext, "state" | "evidence">): string | undefined {
  if (state !== "waiting") return undefined;
  const lines = evidence
    .flatMap((each) => (each.signal === "screen" ? each.lines : []))
    .filter((line) => /\w/.test(line));
  return (lines.find((line) => line.includes("?")) ?? lines[0])?.trim();
}

/** The first lines of what a state follows from. */
export function firstLines(evidence: readonly StateEvidence[], most: number): readonly string[] {
  return evidence.flatMap(({ lines }) => lines).slice(0, most);
}
