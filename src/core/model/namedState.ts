import { OrchestratorError } from "./errors";
import { advice } from "./remedy";
import { type StateKind, stateKinds } from "./stateKinds";
import type { SessionState } from "./states";
import { didYouMean } from "./suggestion";

/** A state as a person names it. */
export interface NamedState {
  readonly state: SessionState;
  /** Absent: any kind, or none. */
  readonly kind?: StateKind;
}

/** What the screen of a terminal can say, and a person of it. Whether somebody has looked is on no screen. */
export const namedStates = ["starting", "working", "waiting", "idle", "limited", "failed", "exited"] as const;

type KnownState = (typeof namedStates)[number];

/** The kinds of a state; none for most of them. */
export function kindsOf(state: KnownState): readonly StateKind[] {
  return (stateKinds as Partial<Record<KnownState, readonly StateKind[]>>)[state] ?? [];
}

/** `waiting`, `waiting:permission` or `waiting(permission)`. Throws `usage`. */
export function namedState(text: string): NamedState {
  const [, name = "", kindName] = /^\s*([^:(\s]*)\s*(?:[:(]\s*([^)\s]*)\s*\)?)?\s*$/.exec(text) ?? ["", text.trim()];
  const state = name === "done_unseen" ? "idle" : namedStates.find((each) => each === name.toLowerCase());
  if (state === undefined) throw unknownState(text, name);
  if (kindName === undefined || kindName === "") return { state };
  const kind = kindsOf(state).find((each) => each === kindName.toLowerCase());
  if (kind === undefined) throw unknownKind(state, kindName);
  return { state, kind };
}

/** The same state as both say it: a kind counts where the wanted one has it. */
export function isNamedState(
  found: { readonly state: string; readonly kind?: string | undefined },
  wanted: Pick<NamedState, "state" | "kind">,
): boolean {
  const state = found.state === "done_unseen" ? "idle" : found.state;
  return state === wanted.state && (wanted.kind === undefined || wanted.kind === found.kind);
}

/** `waiting(permission)`, as samples have it. */
export function stateText({ state, kind }: { readonly state: string; readonly kind?: string | undefined }): string {
  return kind === undefined ? state : `${state}(${kind})`;
}

function unknownState(text: string, name: string): OrchestratorError {
  const of = namedStates.find((state) => kindsOf(state).some((kind) => kind === name.toLowerCase()));
  const meant = of === undefined ? didYouMean(name, namedStates) : `; did you mean "${of}:${name.toLowerCase()}"?`;
  return new OrchestratorError(
    "usage",
    `"${text}" is not a state${meant === "" ? "." : meant}`,
    advice(`Choose one of these states: ${namedStates.join(", ")}.`),
  );
}

function unknownKind(state: KnownState, kind: string): OrchestratorError {
  const kinds = kindsOf(state);
  const meant = didYouMean(kind, kinds);
  return new OrchestratorError(
    "usage",
    `"${kind}" is not a kind of ${state}${meant === "" ? "." : meant}`,
    advice(kinds.length === 0 ? `Leave the kind out: ${state} has none.` : `Choose one of these: ${kinds.join(", ")}.`),
  );
}
