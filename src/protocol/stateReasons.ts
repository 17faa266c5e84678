import * as l10n from "@vscode/l10n";
import type { SessionContext } from "../core/model/session";
import type { Confidence, SignalName, StateEvidence } from "../core/model/stateKinds";

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

/** Where evidence comes from, for people. */
export function signalWord(signal: string): string {
  const words: Readonly<Record<string, () => string>> = signalWords;
  return Object.hasOwn(words, signal) ? (words[signal]?.() ?? signal) : signal.replaceAll("_", " ");
}

const signalWords: Readonly<Record<SignalName, () => string>> = {
  exit: () => l10n.t("end of the session"),
  foreground: () => l10n.t("program in front"),
  program_status: () => l10n.t("status that the program reports"),
  screen: () => l10n.t("screen"),
  title: () => l10n.t("title"),
  progress: () => l10n.t("progress that the program reports"),
  notification: () => l10n.t("notification of the program"),
  marks: () => l10n.t("marks of the shell"),
  echo: () => l10n.t("hidden input"),
  output: () => l10n.t("output"),
  record: () => l10n.t("log"),
};

/** The rules that a state follows from, each with the first of the lines that it saw. */
export function evidenceLines(evidence: readonly StateEvidence[], mostOfEach: number): string[] {
  return evidence.flatMap(({ signal, rule, lines }) => [
    l10n.t("{0}, rule {1}:", signalWord(signal), rule),
    ...lines.slice(0, mostOfEach).map((line) => `  \u2502 ${line}`),
  ]);
}
