import { SessionLooks } from "../core/session/sessionLooks";
import type { Container } from "./container";
import { quietAfterMs } from "./runSettings";

/** Looks at the terminals of sessions, for who does not run their project. Throws `usage` as `quietAfterMs`. */
export function terminalLooks(container: Container): SessionLooks {
  const { clock, logger, redactor } = container;
  const quiet = quietAfterMs(container);
  return new SessionLooks({
    clock,
    logger,
    quietAfterMs: () => quiet,
    redact: (line) => redactor.redact(line),
    rules: () => container.programRules(),
  });
}
