import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";
import { patternProblem, ScreenPattern } from "../core/model/screenPattern";
import { readWantedState, wantableStates, wantedText, type WantedState } from "../core/model/wantedState";

/** What a session is waited for, beside its being idle. */
export type WaitCondition =
  | { readonly by: "state"; readonly wanted: WantedState }
  | { readonly by: "text"; readonly pattern: ScreenPattern; readonly onlyNew: boolean }
  /** Milliseconds. */
  | { readonly by: "stable"; readonly ms: number };

export interface ConditionOptions {
  readonly state?: string;
  readonly text?: string;
  readonly new?: boolean;
  /** Milliseconds. */
  readonly stable?: number;
}

/** Undefined: until the session is idle. Throws `usage`. */
export function waitCondition({ state, text, new: onlyNew, stable }: ConditionOptions): WaitCondition | undefined {
  if ([state, text, stable].filter((each) => each !== undefined).length > 1)
    throw usage("--state, --text and --stable cannot be used together.", "Give one of them.");
  if (onlyNew === true && text === undefined) throw usage("--new belongs to --text.", "Leave it out, or add --text.");
  if (state !== undefined) {
    const wanted = readWantedState(state);
    if (typeof wanted === "string")
      throw usage(
        wanted.endsWith("?") ? wanted : `${wanted}.`,
        `States and their kinds: ${wantableStates().join(", ")}.`,
      );
    return { by: "state", wanted };
  }
  if (text !== undefined) {
    const problem = patternProblem(text);
    if (problem !== undefined) throw usage(`The pattern of --text ${problem}.`, "Give another regular expression.");
    return { by: "text", pattern: new ScreenPattern(text), onlyNew: onlyNew ?? false };
  }
  return stable === undefined ? undefined : { by: "stable", ms: stable };
}

/** The end of a sentence about a session, where it did not come to that. */
export function notMet(condition: WaitCondition): string {
  switch (condition.by) {
    case "state":
      return `was never in the state ${wantedText(condition.wanted)}`;
    case "text":
      return "did not show the text";
    case "stable":
      return "did not stop changing";
  }
}

function usage(message: string, next: string): OrchestratorError {
  return new OrchestratorError("usage", message, advice(next));
}
