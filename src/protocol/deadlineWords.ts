import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import { brief, durationText } from "../core/model/sentences";

/** `answer within 5 min, else: skip`; undefined for a question that has all the time. */
export function deadlineWords({ deadline, default: otherwise }: ContextEntry, now: number): string | undefined {
  const left = Date.parse(deadline ?? "") - now;
  if (Number.isNaN(left)) return undefined;
  if (left <= 0)
    return otherwise === undefined
      ? l10n.t("time is up")
      : l10n.t("time is up, so the answer is: {0}", brief(otherwise));
  const unit = left > 60_000 ? 60_000 : 1000;
  const time = durationText(Math.ceil(left / unit) * unit);
  return otherwise === undefined
    ? l10n.t("answer within {0}", time)
    : l10n.t("answer within {0}, else: {1}", time, brief(otherwise));
}
