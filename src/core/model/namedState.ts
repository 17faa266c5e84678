import { OrchestratorError } from "./errors";
import { advice } from "./remedy";
import type { SessionState } from "./states";
import { kindsOf, readWantedState, type WantedState } from "./wantedState";

/** What the screen of a terminal can say, and a person of it. Whether somebody has looked is on no screen. */
export const namedStates = [
  "starting",
  "working",
  "waiting",
  "idle",
  "limited",
  "failed",
  "exited",
] as const satisfies readonly SessionState[];

/** A state that a person says is the right one: `waiting`, `waiting:permission` or `waiting(permission)`. Throws `usage`. */
export function namedState(text: string): WantedState {
  const named = readWantedState(text.trim().replace(/\(([^()]*)\)$/u, ":$1"));
  if (typeof named === "string") throw noState(named.endsWith("?") ? named : `${named}.`);
  if (named.state === "done_unseen") return { state: "idle" };
  if (!namedStates.some((each) => each === named.state))
    throw noState(`No screen says that a session is ${named.state}.`);
  return named;
}

function noState(message: string): OrchestratorError {
  const states = namedStates.map((state) => {
    const kinds = kindsOf(state);
    return kinds.length === 0 ? state : `${state} (${kinds.join(", ")})`;
  });
  return new OrchestratorError(
    "usage",
    message,
    advice(`Choose one of these states and their kinds: ${states.join(", ")}.`),
  );
}

/** `waiting(permission)`, as samples have it. */
export function stateText({ state, kind }: { readonly state: string; readonly kind?: string | undefined }): string {
  return kind === undefined ? state : `${state}(${kind})`;
}
