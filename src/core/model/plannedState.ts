import { hasEnded, sessionStates } from "./states";
import { didYouMean } from "./suggestion";
import { kindsOf, readWantedState, type WantedState } from "./wantedState";

/** States that a plan can wait for; a session that has ended is in none of them any more. */
export const plannedStates = sessionStates.filter((state) => !hasEnded(state));

/** `idle`, `working:server`; undefined for what `plannedStateProblem` has something to say of. */
export function plannedState(text: string): WantedState | undefined {
  const wanted = readWantedState(text);
  return typeof wanted === "string" || hasEnded(wanted.state) ? undefined : wanted;
}

/** What is wrong with the text as the name of a state, as it follows its place; undefined for a right one. */
export function plannedStateProblem(text: string): string | undefined {
  if (plannedState(text)) return undefined;
  const [name = "", ...rest] = text.split(":");
  const kind = rest.join(":");
  const state = plannedStates.find((each) => each === name);
  if (state === undefined)
    return `there is no state "${name}"${didYouMean(name, plannedStates) || `; states: ${plannedStates.join(", ")}`}`;
  const kinds = kindsOf(state);
  if (kinds.length === 0) return `the state "${state}" has no kinds; write only "${state}"`;
  return `the state "${state}" has no kind "${kind}"${didYouMean(kind, kinds) || `; kinds: ${kinds.join(", ")}`}`;
}
