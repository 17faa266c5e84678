import type { SessionContext } from "../model/session";
import { stateKind } from "../model/stateKinds";
import type { SensedState } from "../sense/terminalFacts";

/** What the record says of what a session does. */
export function recordedState({
  state,
  state_kind,
  last_signal,
  program,
  confidence,
  evidence,
  until,
}: SessionContext): SensedState {
  const kind = stateKind(state_kind);
  return {
    state,
    why: last_signal,
    ...(kind === undefined ? {} : { kind }),
    ...(program === undefined ? {} : { program }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(until === undefined ? {} : { until }),
  };
}
