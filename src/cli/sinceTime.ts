import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** Milliseconds since 1970 of `10m`, `2h`, `1d` (before `now`) or an ISO date or time. Throws `usage`. */
export function sinceTime(text: string, now: number): number {
  const ago = /^(\d{1,6})\s*([smhdw])$/.exec(text.trim());
  const unit = unitMs[ago?.[2] ?? ""];
  if (ago?.[1] !== undefined && unit !== undefined) return now - Number(ago[1]) * unit;
  const at = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at))
    throw new OrchestratorError(
      "usage",
      `"${text}" is not a time.`,
      advice("Give an age such as 30s, 10m, 2h, 1d or 1w, or a date and time such as 2026-11-23T09:00."),
    );
  return at;
}
