import { durationMs } from "../core/model/duration";
import { OrchestratorError } from "../core/model/errors";
import { defaultQuietAfterMs } from "../core/model/quietTime";
import { advice } from "../core/model/remedy";
import { columnLimits, columnsWithin } from "../core/session/sessionSize";
import type { Container } from "./container";

type Given = Pick<Container, "globals" | "env">;

/** What the caller wants of all runs, by option or environment. */
export interface RunSettings {
  readonly quietAfterMs: number;
  /** Whether a person is asked about what has printed nothing for that long. */
  readonly asksWhenQuiet: boolean;
  readonly columns?: number;
}

/** Throws `usage` for a variable that cannot be read. */
export function runSettings(given: Given): RunSettings {
  const { globals, env } = given;
  const columns = globals.sessionColumns ?? columnsOf(env);
  return {
    quietAfterMs: quietAfterMs(given),
    asksWhenQuiet: globals.askWhenQuiet === true || (env.WSH_ORCHESTRATOR_ASK_WHEN_QUIET ?? "") !== "",
    ...(columns === undefined ? {} : { columns }),
  };
}

/** How long a session at work prints nothing before that is told; 0: never. Throws `usage`. */
export function quietAfterMs({ globals, env }: Given): number {
  const given = env.WSH_ORCHESTRATOR_QUIET_AFTER ?? "";
  const fromEnvironment = given === "0" ? 0 : durationMs(given);
  if (given !== "" && fromEnvironment === undefined)
    throw unreadable("WSH_ORCHESTRATOR_QUIET_AFTER is not a time", given, "Set it to a time such as 10m, or to 0.");
  return globals.quietAfter ?? fromEnvironment ?? defaultQuietAfterMs;
}

function columnsOf(env: Given["env"]): number | undefined {
  const given = env.WSH_ORCHESTRATOR_SESSION_COLUMNS ?? "";
  if (given === "") return undefined;
  const columns = columnsWithin(Number(given));
  if (columns !== undefined) return columns;
  const { least, most } = columnLimits;
  const next = `Set it to a whole number from ${least} to ${most}.`;
  throw unreadable("WSH_ORCHESTRATOR_SESSION_COLUMNS is not a width for sessions", given, next);
}

function unreadable(what: string, given: string, next: string): OrchestratorError {
  return new OrchestratorError("usage", `${what}: ${given}`, advice(next));
}
