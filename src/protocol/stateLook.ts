import type { SessionState } from "../core/model/states";

/** How a state is shown: an icon of VS Code's set and a colour of the theme repeat what the word says. */
export interface StateLook {
  readonly word: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** Id of a theme colour; absent: the text's. */
  readonly color?: string;
}

const bad = "list.errorForeground";
const attention = "list.warningForeground";
const good = "testing.iconPassed";
const active = "progressBar.background";
/** Dimmed in every kind of theme, and readable in high contrast, where what is disabled is not. */
const quiet = "descriptionForeground";

const sessionLooks: Readonly<Record<string, StateLook>> = {
  starting: { word: "starting", icon: "loading", color: active },
  working: { word: "working", icon: "play-circle", color: active },
  waiting: { word: "waits for you", icon: "question", color: attention },
  idle: { word: "idle", icon: "circle-outline" },
  done_unseen: { word: "done, not seen", icon: "pass-filled", color: good },
  failed: { word: "failed", icon: "error", color: bad },
  exited: { word: "ended", icon: "circle-slash", color: quiet },
  lost: { word: "lost", icon: "debug-disconnect", color: bad },
  unclear: { word: "unclear", icon: "warning", color: attention },
};

/** Those that need somebody come first, then those that move. */
const sessionOrder: readonly string[] = [
  "waiting",
  "unclear",
  "failed",
  "done_unseen",
  "working",
  "starting",
  "idle",
] satisfies readonly SessionState[];

/** The place of a session in a list, by its state: lower comes first. */
export function sessionPlace(state: string): number {
  const place = sessionOrder.indexOf(state);
  return place < 0 ? sessionOrder.length : place;
}

const taskLooks: Readonly<Record<string, StateLook>> = {
  pending: { word: "pending", icon: "circle-large-outline", color: quiet },
  ready: { word: "ready", icon: "circle-large-outline" },
  running: { word: "running", icon: "play-circle", color: active },
  succeeded: { word: "done", icon: "pass", color: good },
  failed: { word: "failed", icon: "error", color: bad },
  blocked: { word: "blocked", icon: "circle-slash", color: attention },
  skipped: { word: "skipped", icon: "debug-step-over", color: quiet },
  cancelled: { word: "cancelled", icon: "stop-circle", color: attention },
  unknown: { word: "outcome unknown", icon: "question", color: attention },
};

const projectLooks: Readonly<Record<string, StateLook>> = {
  planned: { word: "planned", icon: "project", color: quiet },
  running: { word: "running", icon: "play-circle", color: active },
  waiting: { word: "waits for you", icon: "question", color: attention },
  blocked: { word: "blocked", icon: "circle-slash", color: attention },
  done: { word: "done", icon: "pass", color: good },
  failed: { word: "failed", icon: "error", color: bad },
  stopped: { word: "stopped", icon: "debug-pause", color: attention },
  not_running: { word: "not running", icon: "debug-pause", color: attention },
};

/** A state that this version does not know shows its own name. */
function lookOf(looks: Readonly<Record<string, StateLook>>, state: string): StateLook {
  return looks[state] ?? { word: state, icon: "circle-outline" };
}

export const sessionLook = (state: string): StateLook => lookOf(sessionLooks, state);
export const taskLook = (state: string): StateLook => lookOf(taskLooks, state);
export const projectLook = (status: string): StateLook => lookOf(projectLooks, status);
