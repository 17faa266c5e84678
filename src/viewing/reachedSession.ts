import type { SessionContext } from "../core/model/session";
import type { ChosenServer, SessionEnd, SessionInfo } from "../core/ports/sessions";
import type { Recorded } from "./personsKeyboard";

/** A recorded session that is on its server now. */
export interface ReachedSession {
  readonly followed: Recorded;
  readonly context: SessionContext;
  readonly wire: string;
  readonly chosen: ChosenServer;
  readonly info: SessionInfo;
}

/** For people. */
export function sessionEndSentence({ exit_code }: Pick<SessionEnd, "exit_code">): string {
  return exit_code === null ? "The session has ended." : `The session has ended with exit code ${exit_code}.`;
}
