import * as l10n from "@vscode/l10n";
import type { SessionContext } from "../core/model/session";
import type { SessionState } from "../core/model/states";

/** What ends a state, in sentences: what a person waits for, or can do. */
export function whatWouldChange({ state, state_kind, evidence }: SessionContext): string[] {
  const known: Readonly<Record<string, () => string[]>> = changes;
  if (Object.hasOwn(known, `${state}:${state_kind ?? ""}`)) return known[`${state}:${state_kind ?? ""}`]?.() ?? [];
  if (state === "waiting" && evidence === undefined)
    return [l10n.t("Your answer to the question, once the project has applied it.")];
  return Object.hasOwn(known, state) ? (known[state]?.() ?? []) : [];
}

/** Its screen is looked at after output, and at these times without any (`core/session/sessionSensor`). */
const lookedAtAgain = (): string =>
  l10n.t("The screen is read after each output, and again when it has not changed for 5 seconds and for 1 minute.");

const changes: Readonly<Record<SessionState, () => string[]>> &
  Readonly<Record<`${SessionState}:${string}`, () => string[]>> = {
  starting: () => [l10n.t("The first prompt of its shell, or the first screen of its program.")],
  working: () => [l10n.t("The end of what runs there, a question, or a screen that a rule knows."), lookedAtAgain()],
  "working:server": () => [l10n.t("Its end, or a question: it runs until a person or a command ends it.")],
  "working:monitor": () => [l10n.t("Its end: it runs until a person leaves it.")],
  "working:watcher": () => [l10n.t("Its end, or a question: it runs until a person or a command ends it.")],
  waiting: () => [
    l10n.t("An answer, typed into the session: the state changes as soon as the screen no longer asks."),
    lookedAtAgain(),
  ],
  "waiting:password": () => [
    l10n.t("The password, typed into the session. It is not shown there, and not kept in the log."),
    lookedAtAgain(),
  ],
  done_unseen: () => [
    l10n.t("A look: with its mirror or terminal in front of you for 2 seconds, the session is idle."),
  ],
  idle: () => [l10n.t("The next command or text that the session is given, or new output.")],
  "idle:pager": () => [l10n.t("A person leaves the pager, usually with the key q; what started it continues then.")],
  "idle:editor": () => [l10n.t("A person leaves the editor; what started it continues then.")],
  limited: () => [l10n.t("The end of the limit, and new input: the program does not continue by itself.")],
  failed: () => [l10n.t("What the program shows next, once it gets new input.")],
  "failed:auth": () => [l10n.t("A login in the program, or in another terminal and a restart of the session.")],
  "failed:network": () => [l10n.t("What the program shows once its service can be reached and it gets new input.")],
  "failed:start": () => [l10n.t("A restart of the session.")],
  exited: () => [l10n.t("Nothing: the session has ended. A restart begins another session under its name.")],
  lost: () => [l10n.t("Nothing: the session is lost. A restart begins another session under its name.")],
  unclear: () => [l10n.t("A screen that a rule knows, or the next prompt of its shell."), lookedAtAgain()],
};
