import { SessionLooks, type SessionLooksWorld } from "../core/session/sessionLooks";
import type { Container } from "./container";

/** Looks at the terminals of sessions, for who does not run their project. Throws `usage` as `quietAfterMs`. */
export function terminalLooks(
  { clock, logger, redactor, quietAfterMs }: Container,
  at?: SessionLooksWorld["at"],
): SessionLooks {
  return new SessionLooks({
    clock,
    logger,
    quietAfterMs: () => quietAfterMs,
    ...(at === undefined ? {} : { at }),
    redact: (line) => redactor.redact(line),
  });
}
