import * as l10n from "@vscode/l10n";
import type { SessionContext } from "../core/model/session";
import type { stateKinds } from "../core/model/stateKinds";
import { isLiving, type SessionState } from "../core/model/states";
import { asksForHost } from "../core/sense/askedTrust";
import type { SensedState } from "../core/sense/terminalFacts";
import type { StateSource } from "../core/session/sessionState";

/** How a state is shown: an icon of VS Code's set and a colour of the theme repeat what the word says. */
export interface StateLook {
  readonly word: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** Id of a theme colour; absent: the text's. */
  readonly color?: string;
}

/** The word is asked for when it is shown: only then is the reader's language known. */
type Look = Omit<StateLook, "word"> & { readonly word: () => string };

const bad = "list.errorForeground";
const attention = "list.warningForeground";
// Tests have a green of their own, which is too light to be seen on a light background.
const good = "charts.green";
const active = "progressBar.background";
/** Dimmed in every kind of theme, and readable in high contrast, where what is disabled is not. */
const quiet = "descriptionForeground";

/** What a session does, as far as its look needs it. */
export interface ShownState {
  readonly state: string;
  /** What more there is to say of it (`stateKinds`); one that this version does not know is left out. */
  readonly kind?: string | undefined;
  /** When a limit ends, in the words of the program that said so. */
  readonly until?: string | undefined;
  /** What its command was waited for holds, and the command goes on running; the port that it opened, where it was one. */
  readonly ready?: { readonly port: number | undefined } | undefined;
}

const sessionLooks: Readonly<Record<SessionState, Look>> = {
  starting: { word: () => l10n.t("starting"), icon: "loading", color: active },
  working: { word: () => l10n.t("working"), icon: "play-circle", color: active },
  waiting: { word: () => l10n.t("needs your answer"), icon: "question", color: attention },
  idle: { word: () => l10n.t("idle"), icon: "circle-outline" },
  done_unseen: { word: () => l10n.t("done, not looked at"), icon: "pass-filled", color: good },
  limited: { word: () => l10n.t("limited"), icon: "watch", color: attention },
  failed: { word: () => l10n.t("failed"), icon: "error", color: bad },
  exited: { word: () => l10n.t("ended"), icon: "circle-slash", color: quiet },
  lost: { word: () => l10n.t("lost"), icon: "debug-disconnect", color: bad },
  unclear: { word: () => l10n.t("unclear"), icon: "warning", color: attention },
};

/** `waiting:permission` */
export type StateWithKind = {
  [State in keyof typeof stateKinds]: `${State}:${(typeof stateKinds)[State][number]}`;
}[keyof typeof stateKinds];

/** What is trusted is said in words only. */
export type ShownKind = StateWithKind | "waiting:trust_host";

/** Words that say more than the state's own. Icon and colour stay the state's. */
const kindWords: Readonly<Record<ShownKind, () => string>> = {
  "waiting:permission": () => l10n.t("needs permission"),
  "waiting:question": () => l10n.t("asks a question"),
  "waiting:plan": () => l10n.t("asks to approve its plan"),
  "waiting:trust": () => l10n.t("asks to trust the folder"),
  "waiting:trust_host": () => l10n.t("asks to trust the host"),
  "waiting:login": () => l10n.t("needs to log in"),
  "waiting:password": () => l10n.t("needs a password"),
  "waiting:confirm": () => l10n.t("needs confirmation"),
  "limited:rate": () => l10n.t("rate limit reached"),
  "limited:quota": () => l10n.t("quota used up"),
  "failed:auth": () => l10n.t("not logged in"),
  "failed:network": () => l10n.t("cannot reach its service"),
  "failed:server": () => l10n.t("its service failed"),
  "failed:crash": () => l10n.t("crashed"),
  "failed:start": () => l10n.t("failed to start"),
  "idle:shell": () => l10n.t("idle"),
  "idle:pager": () => l10n.t("in a pager"),
  "idle:editor": () => l10n.t("in an editor"),
  "idle:repl": () => l10n.t("at a prompt"),
  "working:monitor": () => l10n.t("monitor running"),
  "working:server": () => l10n.t("server running"),
  "working:watcher": () => l10n.t("watching for changes"),
};

/** Those that need a person come first. */
const needOrder: readonly string[] = [
  "waiting",
  "unclear",
  "failed",
  "limited",
  "done_unseen",
] satisfies readonly SessionState[];

/** Where those stand that need nobody. */
export const placeOfRest = needOrder.length;

/**
 * The place of a session in a list, by its state: lower comes first. All that need nobody have one place, so that none of
 * them moves whenever it starts or stops working; those that are over come last.
 */
export function sessionPlace({ state, state_kind }: Pick<SessionContext, "state" | "state_kind">): number {
  if (!isLiving({ state, ...(state_kind === undefined ? {} : { state_kind }) })) return placeOfRest + 1;
  const place = needOrder.indexOf(state);
  return place < 0 ? placeOfRest : place;
}

const taskLooks: Readonly<Record<string, Look>> = {
  pending: { word: () => l10n.t("pending"), icon: "circle-large-outline", color: quiet },
  ready: { word: () => l10n.t("ready"), icon: "circle-large-outline" },
  running: { word: () => l10n.t("running"), icon: "play-circle", color: active },
  succeeded: { word: () => l10n.t("succeeded"), icon: "pass", color: good },
  failed: { word: () => l10n.t("failed"), icon: "error", color: bad },
  blocked: { word: () => l10n.t("blocked"), icon: "circle-slash", color: attention },
  skipped: { word: () => l10n.t("skipped"), icon: "debug-step-over", color: quiet },
  cancelled: { word: () => l10n.t("cancelled"), icon: "stop-circle", color: attention },
  unknown: { word: () => l10n.t("outcome unknown"), icon: "question", color: attention },
};

const askingTaskLooks: Readonly<Record<string, Look>> = {
  approval: { word: () => l10n.t("needs approval"), icon: "question", color: attention },
  answer: { word: () => l10n.t("needs your answer"), icon: "question", color: attention },
};

const projectLooks: Readonly<Record<string, Look>> = {
  planned: { word: () => l10n.t("planned"), icon: "project", color: quiet },
  running: { word: () => l10n.t("running"), icon: "play-circle", color: active },
  waiting: { word: () => l10n.t("needs your answer"), icon: "question", color: attention },
  blocked: { word: () => l10n.t("blocked"), icon: "circle-slash", color: attention },
  done: { word: () => l10n.t("done"), icon: "pass", color: good },
  failed: { word: () => l10n.t("failed"), icon: "error", color: bad },
  stopped: { word: () => l10n.t("stopped"), icon: "debug-pause", color: attention },
  not_running: { word: () => l10n.t("not running"), icon: "debug-pause", color: attention },
};

/** A state that this version does not know shows its own name. */
function lookOf(looks: Readonly<Record<string, Look>>, state: string): StateLook {
  const look = Object.hasOwn(looks, state) ? looks[state] : undefined;
  return look ? { ...look, word: look.word() } : { word: state, icon: "circle-outline" };
}

/** `needs permission`, `limited until 14:20`, `working`. */
export function sessionLook({ state, kind, until, ready }: ShownState): StateLook {
  const look = lookOf(sessionLooks, state);
  if (ready) return { ...look, word: readyWord(ready.port) };
  if (state === "limited" && until !== undefined) return { ...look, word: l10n.t("limited until {0}", until) };
  const words: Readonly<Record<string, () => string>> = kindWords;
  const word = Object.hasOwn(words, `${state}:${kind}`) ? words[`${state}:${kind}`] : undefined;
  return word ? { ...look, word: word() } : look;
}

/** `server ready on :3000`; of what was waited for by something else, `ready`. */
function readyWord(port: number | undefined): string {
  return port === undefined ? l10n.t("ready") : l10n.t("server ready on :{0}", port);
}

/** What a session does by what was found just now. */
export function shownFinding({
  state,
  kind,
  until,
  evidence,
  by,
}: SensedState & { readonly by?: StateSource }): ShownState {
  return { state, until, kind: by === "question" ? undefined : shownKind(kind, evidence) };
}

function shownKind(kind: string | undefined, evidence: SessionContext["evidence"]): string | undefined {
  return kind === "trust" && asksForHost({ evidence }) ? "trust_host" : kind;
}

/** What a recorded session does. A question of the project's own needs an answer, whatever it is about. */
export function shownState({
  state,
  state_kind,
  evidence,
  until,
  ready_since,
  ready_port,
  denied,
}: SessionContext): ShownState {
  const isOwnQuestion = state === "waiting" && evidence === undefined && denied === undefined;
  // What is more than that it works, such as a question, says more than that it is ready.
  const ready = state === "working" && ready_since !== undefined ? { port: ready_port } : undefined;
  return {
    state,
    until,
    kind: isOwnQuestion ? undefined : shownKind(state_kind, evidence),
    ...(ready ? { ready } : {}),
  };
}

export const taskLook = (state: string): StateLook => lookOf(taskLooks, state);
/** Of a task that waits for a person: what it needs says more than that it is blocked. */
export const askingTaskLook = (needs: "approval" | "answer"): StateLook => lookOf(askingTaskLooks, needs);
/** Of a task whose question is answered, as long as no run has applied the answer. */
export const answeredTaskLook = (answer: string): StateLook => ({
  word: l10n.t("answered: {0}, not applied yet", answer),
  icon: "circle-large-outline",
  color: quiet,
});
export const projectLook = (status: string): StateLook => lookOf(projectLooks, status);
