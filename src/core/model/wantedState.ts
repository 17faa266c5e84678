import { type StateKind, stateKinds } from "./stateKinds";
import { isAtRest, sessionStates, type SessionState } from "./states";
import { didYouMean } from "./suggestion";

/** What a session is waited for: a state, or only one kind of it. */
export interface WantedState {
  readonly state: SessionState;
  readonly kind?: StateKind;
}

/** `waiting` or `waiting:permission`; a text says why it is neither, as a sentence without its stop. */
export function readWantedState(text: string): WantedState | string {
  const [name = "", kindName, ...more] = text.trim().split(":");
  const state = sessionStates.find((each) => each === name);
  if (state === undefined) {
    const of = sessionStates.find((each) => kindsOf(each).some((kind) => kind === name));
    const meant = of === undefined ? didYouMean(name, sessionStates) : `; did you mean "${of}:${name}"?`;
    return `${text === "" ? "Nothing" : text} is not a state of a session${meant}`;
  }
  if (kindName === undefined) return { state };
  const kinds: readonly StateKind[] = kindsOf(state);
  const kind = kinds.find((each) => each === kindName);
  if (kind !== undefined && more.length === 0) return { state, kind };
  return kinds.length === 0
    ? `The state ${state} has no kinds`
    : `${kindName} is not a kind of ${state}${didYouMean(kindName, kinds)}`;
}

/** All that can be waited for, each state with its kinds: `waiting (permission, question)`. */
export function wantableStates(): string[] {
  return sessionStates.map((state) => {
    const kinds = kindsOf(state);
    return kinds.length === 0 ? state : `${state} (${kinds.join(", ")})`;
  });
}

/**
 * Whether that is what was wanted. A session that is idle may have done something that nobody has looked at; it is at
 * rest all the same.
 */
export function isWanted(
  wanted: WantedState,
  found: { readonly state: SessionState; readonly kind?: string | undefined },
): boolean {
  if (wanted.kind !== undefined) return found.state === wanted.state && found.kind === wanted.kind;
  return found.state === wanted.state || (wanted.state === "idle" && isAtRest(found.state));
}

/** As it was asked for. */
export function wantedText({ state, kind }: WantedState): string {
  return kind === undefined ? state : `${state}:${kind}`;
}

/** The kinds of a state; none for most of them. */
export function kindsOf(state: SessionState): readonly StateKind[] {
  return (stateKinds as Partial<Record<SessionState, readonly StateKind[]>>)[state] ?? [];
}
