import type { ContextEntry } from "./entry";

/** What an answer that begins so may set off, from nothing to what was held back. Others are in between. */
const risks: Readonly<Record<string, number>> = {
  skip: 0,
  n: 0,
  no: 0,
  deny: 0,
  wait: 0,
  interrupt: 2,
  taken: 1,
  done: 2,
  continue: 3,
  retry: 3,
  send: 4,
  y: 4,
  yes: 4,
  allow: 4,
  always: 4,
  approve: 4,
  trust: 4,
  run: 5,
};
const unknownRisk = 1;

/** Answers in the order in which every surface offers them: the one that sets off least comes first, `run` last. */
export function answersByRisk(options: readonly string[]): readonly string[] {
  const risk = (option: string): number =>
    risks[/^(?:\d+[.)] +|\[\w\] +)?([a-z]+)/.exec(option.toLowerCase())?.[1] ?? ""] ?? unknownRisk;
  return [...options].sort((one, other) => risk(one) - risk(other));
}

/** Whether the answer lets a text run that the policy held back. */
export function letsRun({ kind }: Pick<ContextEntry, "kind">, option: string): boolean {
  return kind === "approval_needed" && option !== "skip";
}
