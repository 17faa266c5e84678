import * as l10n from "@vscode/l10n";
import type { SessionContext } from "../core/model/session";
import type { Confidence, StateEvidence } from "../core/model/stateKinds";

/** The line of the screen on which a program asks something; undefined where it asks nothing, or no line says it. */
export function askedLine({ state, evidence = [] }: Pick<SessionContext, "state" | "evidence">): string | undefined {
  if (state !== "waiting") return undefined;
  const lines = evidence
    .flatMap((each) => (each.signal === "screen" ? each.lines : []))
    .filter((line) => /\w/.test(line));
  return (lines.find((line) => line.includes("?")) ?? lines[0])?.trim();
}

/** Which program it is, as far as is known, and how sure that is; nothing where no screen was looked at. */
export function programLine({ program, confidence }: Pick<SessionContext, "program" | "confidence">): string[] {
  const sure = confidence && sureness[confidence]();
  const name = program && [program.name, program.version].filter((part) => part !== undefined).join(" ");
  return [
    ...(name === undefined ? [] : [l10n.t("Program: {0}", name)]),
    ...(sure === undefined ? [] : [l10n.t("Confidence: {0}", sure)]),
  ];
}

const sureness: Readonly<Record<Confidence, () => string>> = {
  high: () => l10n.t("high"),
  medium: () => l10n.t("medium"),
  low: () => l10n.t("low"),
};

/** The rules that a state follows from, each with the first of the lines that it saw. */
export function evidenceLines(evidence: readonly StateEvidence[], mostOfEach: number): string[] {
  return evidence.flatMap(({ signal, rule, lines }) => [
    l10n.t("{0}, rule {1}:", signal.replaceAll("_", " "), rule),
    ...lines.slice(0, mostOfEach).map((line) => `  \u2502 ${line}`),
  ]);
}
