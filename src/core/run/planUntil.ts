import type { Until } from "../command/typingRequest";
import type { PlanUntil } from "../model/plan";
import { ScreenPattern } from "../model/screenPattern";
import { brief } from "../model/sentences";
import { plannedState } from "../model/plannedState";
import type { LocalPorts } from "../ports/machine";
import type { SensedStates } from "../session/sensedStates";

/** What is needed to see whether something that a plan waits for holds. */
export interface UntilWorld {
  /** Ports of the machine that the sessions run on; undefined where they cannot be looked at from here. */
  readonly ports: LocalPorts | undefined;
  readonly states: SensedStates;
}

/** What a task is waited for, ready to be looked at. Undefined for a port that cannot be looked at. */
export function untilOf(until: PlanUntil, { ports, states }: UntilWorld): Until | undefined {
  if ("screen" in until) return { by: "screen", pattern: new ScreenPattern(until.screen) };
  if ("port" in until) return ports && { by: "port", port: until.port, ports };
  return { by: "state", wanted: plannedState(until.state) ?? { state: "idle" }, states };
}

/** What is waited for, behind "before" or "when": `port 3000 was open`. */
export function untilWords(until: PlanUntil): string {
  if ("screen" in until) return `its screen showed "${brief(until.screen)}"`;
  return "port" in until ? `port ${until.port} was open` : `its session was in the state ${until.state}`;
}
