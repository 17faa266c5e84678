import type { ProjectState } from "../model/projectState";
import type { SessionContext } from "../model/session";
import type { StateEvidence } from "../model/stateKinds";
import type { BesideScreen } from "./sensedTerminal";
import { startedProgram } from "./startedProgram";

/** What the record says of the program in a session, and what says it. */
export interface RecordedProgram extends Pick<BesideScreen, "started" | "running" | "denied"> {
  readonly evidence: readonly StateEvidence[];
}

/**
 * The program that was started in a session, for who reads neither its output nor its marks. That it still runs is known
 * only where a run follows it: what somebody sent may have ended since.
 */
export function recordedProgram(
  { openCommands }: Pick<ProjectState, "openCommands">,
  { session_name, mode, program, denied }: Pick<SessionContext, "session_name" | "mode" | "program" | "denied">,
): RecordedProgram {
  const said = denied ? { denied: true } : {};
  if (mode === "program") {
    const name = program?.name;
    return { running: true, ...said, ...(name === undefined ? {} : { started: name }), evidence: [] };
  }
  const command = [...openCommands.values()].findLast((entry) => entry.session_name === session_name);
  if (command?.input === undefined) return { ...said, evidence: [] };
  const started = startedProgram(command.input);
  return {
    ...said,
    ...(started === undefined ? {} : { started }),
    ...(command.task_id === undefined ? {} : { running: true }),
    evidence: [{ signal: "record", rule: "open_command", lines: [command.input] }],
  };
}
