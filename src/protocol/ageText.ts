import * as l10n from "@vscode/l10n";
import { roughDuration } from "../core/model/sentences";

/** Shorter is now, or a few seconds. */
const nowMs = 5000;

/** How a time is shown and spoken; both are empty for what is no time. `now`: milliseconds since 1970. */
export interface ShownTime {
  text(now: number): string;
  spoken(now: number): string;
}

/** When something happened, in ISO 8601: `5 min ago`, `5 minutes ago`. */
export function past(ts: string): ShownTime {
  return { text: (now) => ageText(ts, now), spoken: (now) => spokenAge(ts, now) };
}

/** When a question was asked, in ISO 8601: `asked 5 min ago`. */
export function asked(ts: string): ShownTime {
  return {
    text: (now) => l10n.t("asked {0}", ageText(ts, now)),
    spoken: (now) => l10n.t("asked {0}", spokenAge(ts, now)),
  };
}

/** Since when something lasts, in ISO 8601: `for 5 min`, `for 5 minutes`. */
export function lasting(ts: string): ShownTime {
  const time = span(ts);
  const since = (span: string): string => (span === "" ? "" : l10n.t("for {0}", span));
  return { text: (now) => since(time.text(now)), spoken: (now) => since(time.spoken(now)) };
}

/** How long something lasts that began then (ISO 8601): `5 min`, `5 minutes`. */
export function span(ts: string): ShownTime {
  const justBegan = (): string => l10n.t("a few seconds");
  return {
    text: (now) => said(ts, now, roughDuration, justBegan),
    spoken: (now) => said(ts, now, inWords, justBegan),
  };
}

/** How long ago a time (ISO 8601) is: `just now`, `12 s ago`, `5 min ago`; empty for what is no time. */
export function ageText(ts: string, now: number): string {
  return said(ts, now, (ms) => l10n.t("{0} ago", roughDuration(ms)));
}

/** The same in whole words, for a screen reader: `5 minutes ago`. */
export function spokenAge(ts: string, now: number): string {
  return said(ts, now, (ms) => l10n.t("{0} ago", inWords(ms)));
}

/** A clock that runs ahead makes no future. */
function said(ts: string, now: number, words: (ms: number) => string, soon = (): string => l10n.t("just now")): string {
  const ms = now - Date.parse(ts);
  if (Number.isNaN(ms)) return "";
  return ms < nowMs ? soon() : words(ms);
}

/** A screen reader may say a row again whenever its words change, which is once a minute at most. */
function inWords(ms: number): string {
  const [digits = "", unit = ""] = roughDuration(ms).split(" ");
  const count = Number(digits);
  if (unit === "s") return l10n.t("less than a minute");
  if (unit === "min") return count === 1 ? l10n.t("1 minute") : l10n.t("{0} minutes", count);
  if (unit === "h") return count === 1 ? l10n.t("1 hour") : l10n.t("{0} hours", count);
  return count === 1 ? l10n.t("1 day") : l10n.t("{0} days", count);
}
