import * as l10n from "@vscode/l10n";
import { type SessionContext, stateSince } from "../core/model/session";
import type { SessionState } from "../core/model/states";
import { past, type ShownTime, span } from "./ageText";
import { sessionLook, shownState, type ShownKind } from "./stateLook";

/** How a state and its time become one phrase. `for`: how long it lasts. `ago`: how long ago it began. */
type Phrase =
  { readonly for: (span: string) => string; readonly ago?: never } | { readonly ago: (age: string) => string };

/** Of what lasts, how long counts; of what was asked, ended or failed, when. */
const phrases: Readonly<Record<SessionState | ShownKind, Phrase>> = {
  starting: { for: (span) => l10n.t("starting for {0}", span) },
  working: { for: (span) => l10n.t("working for {0}", span) },
  waiting: { for: (span) => l10n.t("needs your answer for {0}", span) },
  idle: { for: (span) => l10n.t("idle for {0}", span) },
  done_unseen: { ago: (age) => l10n.t("done {0}, not looked at", age) },
  limited: { for: (span) => l10n.t("limited for {0}", span) },
  failed: { ago: (age) => l10n.t("failed {0}", age) },
  exited: { ago: (age) => l10n.t("ended {0}", age) },
  lost: { ago: (age) => l10n.t("lost {0}", age) },
  unclear: { for: (span) => l10n.t("unclear for {0}", span) },
  "waiting:permission": { for: (span) => l10n.t("needs permission for {0}", span) },
  "waiting:question": { ago: (age) => l10n.t("asked a question {0}", age) },
  "waiting:plan": { ago: (age) => l10n.t("asked to approve its plan {0}", age) },
  "waiting:trust": { ago: (age) => l10n.t("asked to trust the folder {0}", age) },
  "waiting:trust_host": { ago: (age) => l10n.t("asked to trust the host {0}", age) },
  "waiting:login": { ago: (age) => l10n.t("asked to log in {0}", age) },
  "waiting:password": { for: (span) => l10n.t("needs a password for {0}", span) },
  "waiting:confirm": { for: (span) => l10n.t("needs confirmation for {0}", span) },
  "limited:rate": { ago: (age) => l10n.t("rate limit reached {0}", age) },
  "limited:quota": { ago: (age) => l10n.t("quota used up {0}", age) },
  "failed:auth": { for: (span) => l10n.t("not logged in for {0}", span) },
  "failed:network": { for: (span) => l10n.t("no connection to its service for {0}", span) },
  "failed:server": { ago: (age) => l10n.t("its service failed {0}", age) },
  "failed:crash": { ago: (age) => l10n.t("crashed {0}", age) },
  "failed:start": { ago: (age) => l10n.t("failed to start {0}", age) },
  "idle:shell": { for: (span) => l10n.t("idle for {0}", span) },
  "idle:pager": { for: (span) => l10n.t("in a pager for {0}", span) },
  "idle:editor": { for: (span) => l10n.t("in an editor for {0}", span) },
  "idle:repl": { for: (span) => l10n.t("at a prompt for {0}", span) },
  "working:monitor": { for: (span) => l10n.t("monitor running for {0}", span) },
  "working:server": { for: (span) => l10n.t("server running for {0}", span) },
  "working:watcher": { for: (span) => l10n.t("watching for changes for {0}", span) },
};

/**
 * What a session does and since when, in one phrase for all views: `needs permission for 3 min`, `done 2 min ago, not
 * looked at`, `limited until 14:20`, `server ready on :3000 for 2 min`, `quiet for 12 min`. `session`: as people see it, so that one with an open
 * question waits. A clock that runs ahead makes no future.
 */
export function stateWords(session: SessionContext): ShownTime {
  const { quiet_since, ready_since, until } = session;
  const shown = shownState(session);
  const word = (): string => sessionLook(shown).word;
  if (shown.ready && ready_since !== undefined) {
    const lasting = span(ready_since);
    const ready = (time: string): string => (time === "" ? word() : l10n.t("{0} for {1}", word(), time));
    return { text: (now) => ready(lasting.text(now)), spoken: (now) => ready(lasting.spoken(now)) };
  }
  if (quiet_since !== undefined) {
    const silence = span(quiet_since);
    const isPlain = shown.state === "working" && phraseOf(shown) === phrases.working;
    const quiet = (time: string): string =>
      time === "" ? word() : isPlain ? l10n.t("quiet for {0}", time) : l10n.t("{0}, quiet for {1}", word(), time);
    return { text: (now) => quiet(silence.text(now)), spoken: (now) => quiet(silence.spoken(now)) };
  }
  const phrase = phraseOf(shown);
  if (phrase === undefined || (shown.state === "limited" && until !== undefined)) return { text: word, spoken: word };
  const time = phrase.ago === undefined ? span(stateSince(session)) : past(stateSince(session));
  const said = (text: string): string => (text === "" ? word() : (phrase.ago ?? phrase.for)(text));
  return { text: (now) => said(time.text(now)), spoken: (now) => said(time.spoken(now)) };
}

/** Of a kind that this version does not know the state counts; of a state, nothing. */
function phraseOf({ state, kind }: ReturnType<typeof shownState>): Phrase | undefined {
  const known: Readonly<Record<string, Phrase>> = phrases;
  const name = [`${state}:${kind ?? ""}`, state].find((each) => Object.hasOwn(known, each));
  return name === undefined ? undefined : known[name];
}
