import { SessionLooks } from "../core/session/sessionLooks";
import type { Container } from "./container";

/** Looks at the terminals of sessions, for who does not run their project. Throws `usage` as `quietAfterMs`. */
export function terminalLooks(container: Container): SessionLooks {
  const { clock, logger, redactor, quietAfterMs } = container;
  return new SessionLooks({
    clock,
    logger,
    quietAfterMs: () => quietAfterMs,
    redact: (line) => redactor.redact(line),
    rules: () => container.programRules(),
  });
}
