import { type StateKind, stateKinds } from "./stateKinds";
import { hasEnded, isAtRest, type SessionState, sessionStates } from "./states";
import { didYouMean } from "./suggestion";

/** A state that somebody waits for, with or without its kind. */
export interface StateName {
  readonly state: SessionState;
  readonly kind?: StateKind;
}

/** States that a session can be waited for in; one that has ended is in none of them any more. */
export const namedStates = sessionStates.filter((state) => !hasEnded(state));

/** `idle`, `working:server`; undefined for what `stateNameProblem` has something to say of. */
export function stateNameOf(text: string): StateName | undefined {
  const [name = "", kindName, ...rest] = text.split(":");
  const state = namedStates.find((each) => each === name);
  if (state === undefined || rest.length > 0) return undefined;
  if (kindName === undefined) return { state };
  const kind = kindsOf(state).find((each) => each === kindName);
  return kind === undefined ? undefined : { state, kind };
}

/** What is wrong with the text as the name of a state, as it follows its place; undefined for a right one. */
export function stateNameProblem(text: string): string | undefined {
  if (stateNameOf(text)) return undefined;
  const [name = "", ...rest] = text.split(":");
  const kind = rest.join(":");
  const state = namedStates.find((each) => each === name);
  if (state === undefined)
    return `there is no state "${name}"${didYouMean(name, namedStates) || `; states: ${namedStates.join(", ")}`}`;
  const kinds = kindsOf(state);
  if (kinds.length === 0) return `the state "${state}" has no kinds; write only "${state}"`;
  return `the state "${state}" has no kind "${kind}"${didYouMean(kind, kinds) || `; kinds: ${kinds.join(", ")}`}`;
}

/** Whether a session that was found so is in the state of that name. `idle` is any rest, looked at or not. */
export function isInState(
  { state, kind }: StateName,
  found: { readonly state: SessionState; readonly kind?: StateKind | undefined },
): boolean {
  const isState = state === "idle" ? isAtRest(found.state) : state === found.state;
  return isState && (kind === undefined || kind === found.kind);
}

function kindsOf(state: SessionState): readonly StateKind[] {
  return Object.entries(stateKinds).find(([name]) => name === state)?.[1] ?? [];
}
