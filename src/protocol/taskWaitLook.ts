import * as l10n from "@vscode/l10n";
import type { ProjectState, TaskRecord } from "../core/model/projectState";
import { type TaskWait, taskWait } from "../core/model/taskWait";
import { brief } from "../core/model/sentences";
import { limitEndText } from "../core/model/limitEndText";
import { type StateLook, taskLook } from "./stateLook";

/** `waits for the answer about build`, `waits until 14:20`; what its agent has reached is `why`. `now`: as in `taskWait`. */
export function waitLook({ about, until }: TaskWait, now: number): StateLook {
  const word =
    about === undefined
      ? l10n.t("waits until {0}", limitEndText(until ?? now, now))
      : l10n.t("waits for the answer about {0}", about);
  return { ...taskLook("pending"), word, icon: "watch" };
}

/** The same with what its agent has reached: `waits until 14:20 (Codex has reached its rate limit)`. */
export function waitWords(wait: TaskWait, now: number): string {
  const { word } = waitLook(wait, now);
  return wait.why === "" ? word : `${word} (${brief(wait.why)})`;
}

/** What a task does, by its state and by the limit of its agent that it waits for; `now` Infinity: whatever the time. */
export function shownTaskLook(task: TaskRecord, state: Pick<ProjectState, "limits">, now: number): StateLook {
  const wait = taskWait(task, state, now);
  return wait ? waitLook(wait, now) : taskLook(task.state);
}

/** `lint waits until 14:20 (Codex has reached its rate limit).` of each task that a session had last and that waits. */
export function waitsIn(
  { tasks, limits }: Pick<ProjectState, "tasks" | "limits">,
  session_name: string,
  now: number,
): string[] {
  return [...tasks.values()].flatMap((task) => {
    const wait = task.session_name === session_name ? taskWait(task, { limits }, now) : undefined;
    return wait ? [`${task.id} ${waitWords(wait, now)}.`] : [];
  });
}
