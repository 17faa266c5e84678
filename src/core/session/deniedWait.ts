import type { SessionContext } from "../model/session";
import { looksTheSame } from "../sense/askedPrompt";
import type { SensedState } from "../sense/terminalFacts";
import { recordedState } from "./recordedState";

/** A person said that this wait is none, and what the session does instead. */
export interface DeniedSign {
  readonly wait: SessionContext["denied"];
  readonly said: SensedState;
}

/** What a person has denied of the session, as one of its signals; none where that is nothing. */
export function deniedSign(session: SessionContext | undefined): { readonly denied?: DeniedSign } {
  return session?.denied ? { denied: { wait: session.denied, said: recordedState(session) } } : {};
}

/** Whether a person said that this very wait is none. Another prompt is another wait, however alike they are. */
export function isDeniedWait(
  denied: SessionContext["denied"],
  { state, kind, asks }: Pick<SensedState, "state" | "kind" | "asks">,
): boolean {
  if (!denied || state !== "waiting" || kind !== denied.state_kind) return false;
  return denied.screen === undefined || asks === undefined || looksTheSame(denied.screen, asks);
}
