import type { SessionContext } from "../model/session";
import { looksTheSame } from "../sense/askedPrompt";
import type { SensedState } from "../sense/terminalFacts";
import { recordedState } from "./recordedState";

/** A person said that a state is wrong, and what the session does instead. */
export interface DeniedSign {
  readonly was: SessionContext["denied"];
  readonly said: SensedState;
}

/** What a person has denied of the session, as one of its signals; none where that is nothing. */
export function deniedSign(session: SessionContext | undefined): { readonly denied?: DeniedSign } {
  return session?.denied ? { denied: { was: session.denied, said: recordedState(session) } } : {};
}

/**
 * Whether a person said that this is wrong: of a wait, that this very one is none, for another prompt is another wait,
 * however alike they are; of other states, that this very screen shows something else.
 */
export function isDeniedState(
  denied: SessionContext["denied"],
  { state, kind, asks, shows }: Pick<SensedState, "state" | "kind" | "asks" | "shows">,
): boolean {
  if (!denied) return false;
  if (denied.shows !== undefined)
    return state !== "waiting" && (shows === undefined || looksTheSame(denied.shows, shows));
  if (state !== "waiting" || kind !== denied.state_kind) return false;
  return denied.screen === undefined || asks === undefined || looksTheSame(denied.screen, asks);
}
