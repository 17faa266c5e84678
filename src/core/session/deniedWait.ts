import type { SessionContext } from "../model/session";
import { isSamePrompt } from "../sense/askedPrompt";
import type { SensedState } from "../sense/terminalFacts";
import { recordedState } from "./recordedState";
import type { SessionSignals } from "./sessionState";

/** Of a session of which a person said that it does not wait: which wait that was, and what it does by that person. */
export function deniedSign(session: SessionContext | undefined): Pick<SessionSignals, "denied"> {
  return session?.denied ? { denied: { wait: session.denied, said: recordedState(session) } } : {};
}

/** Whether a person said that this very wait is none. Another prompt is another wait, however alike they are. */
export function isDeniedWait(
  denied: SessionContext["denied"],
  { state, kind, asks }: Pick<SensedState, "state" | "kind" | "asks">,
): boolean {
  if (!denied || state !== "waiting" || kind !== denied.state_kind) return false;
  return denied.screen === undefined || asks === undefined || isSamePrompt(denied.screen, asks);
}
