import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";
import { patternProblem, ScreenPattern } from "../core/model/screenPattern";
import { type StateName, stateNameOf, stateNameProblem } from "../core/model/stateName";
import { sessionStates } from "../core/model/states";

/** What a session is waited for, beside its being idle. */
export type WaitCondition =
  | { readonly by: "state"; readonly wanted: StateName }
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
    const wanted = stateNameOf(state, sessionStates);
    if (!wanted) throw usage(asSentence(stateNameProblem(state, sessionStates) ?? ""), "Give another state.");
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
    case "state": {
      const { state, kind } = condition.wanted;
      return `was never in the state ${kind === undefined ? state : `${state}:${kind}`}`;
    }
    case "text":
      return "did not show the text";
    case "stable":
      return "did not stop changing";
  }
}

function asSentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}${problem.endsWith("?") ? "" : "."}`;
}

function usage(message: string, next: string): OrchestratorError {
  return new OrchestratorError("usage", message, advice(next));
}
