import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import type { SessionContext } from "../core/model/session";
import { shortSession } from "../core/model/names";
import { clockTime } from "../core/model/sentences";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { ageText } from "./ageText";
import { sessionTime } from "./sessionRows";
import { sessionLook, shownState } from "./stateLook";
import { evidenceLines, programLine } from "./stateReasons";

/** So many changes of a state are shown, newest last. */
const mostChanges = 40;

/**
 * What a session does and why, and what it did before, as a text to read. `entries`: what is known of the project's log,
 * oldest first. `now`: milliseconds since 1970.
 */
export function stateExplanation(session: SessionContext, entries: readonly ContextEntry[], now: number): string {
  const { word } = sessionLook(shownState(session));
  const changes = entries
    .filter(
      ({ kind, session_name }) => (kind === "state" || kind === "session") && session_name === session.session_name,
    )
    .slice(-mostChanges);
  const lines = [
    `${shortSession(session.session_name)}: ${word}, ${sessionTime(session).text(now)}`,
    session.last_signal,
    ...programLine(session),
    "",
    ...((session.evidence ?? []).length === 0
      ? [l10n.t("No screen was needed to know this.")]
      : [l10n.t("Why:"), ...evidenceLines(session.evidence ?? [], Infinity).map((line) => `  ${line}`)]),
    "",
    l10n.t("What happened before, by the log:"),
    ...(changes.length === 0
      ? [`  ${l10n.t("Nothing that is still at hand; the log has all of it.")}`]
      : changes.map(({ ts, text }) => `  ${clockTime(ts)}  ${ageText(ts, now)}  ${text}`)),
  ];
  return `${stripControlCharacters(lines.filter((line, at) => line !== "" || lines[at - 1] !== "").join("\n"))}\n`;
}
