import { commandEndedEvent, sessionReusedEvent, sessionSeenEvent } from "./entryKinds";
import type { ContextEntry } from "./entry";
import type { SessionContext } from "./session";

/** Which session it is, and who works there, as far as its entry says it. */
export function noteIdentity(session: SessionContext, entry: ContextEntry): void {
  if (entry.wire_name !== undefined) session.wire_name = entry.wire_name;
  if (entry.server_id !== undefined) session.server_id = entry.server_id;
  if (entry.pid !== undefined) session.pid = entry.pid;
  if (entry.k !== undefined) session.k = entry.k;
  if (entry.definition !== undefined) session.definition = entry.definition;
  if (entry.environment !== undefined) session.environment = entry.environment;
  if (entry.mode !== undefined) session.mode = entry.mode;
  if (entry.event === "starting") {
    session.started_at = entry.ts;
    if (entry.cwd !== undefined) session.cwd = entry.cwd;
    if (entry.cols !== undefined) session.cols = entry.cols;
    delete session.agent;
    delete session.conversation;
  }
  if (entry.agent !== undefined) session.agent = entry.agent;
  if (entry.conversation !== undefined) session.conversation = entry.conversation;
  if (entry.agent_id !== undefined) session.agent_id = entry.agent_id;
}

/** What is told anew with each state. A start that failed in a record of before is one. */
export function noteSensed(session: SessionContext, entry: ContextEntry): void {
  const { program, confidence, evidence, until, not_before, event } = entry;
  const kind = entry.state_kind ?? (entry.kind === "session" && event === "failed" ? "start" : undefined);
  delete session.state_kind;
  delete session.program;
  delete session.confidence;
  delete session.evidence;
  delete session.until;
  // Whoever continues there has not looked at its screen yet.
  if (event !== sessionReusedEvent) delete session.not_before;
  delete session.denied;
  if (kind !== undefined) session.state_kind = kind;
  if (program !== undefined) session.program = program;
  if (confidence !== undefined) session.confidence = confidence;
  if (evidence !== undefined) session.evidence = evidence;
  if (until !== undefined) session.until = until;
  if (not_before !== undefined) session.not_before = not_before;
}

/** What its command was waited for holds, until that command ends or another one is sent. */
export function noteReady(session: SessionContext, { kind, event, outcome, ts, port, state }: ContextEntry): void {
  if (kind === "result" && outcome === "still_running") {
    session.ready_since = ts;
    if (port !== undefined) session.ready_port = port;
    return;
  }
  const isOver = (kind === "state" && event === commandEndedEvent) || (kind === "session" && state !== undefined);
  if (!isOver && kind !== "command") return;
  delete session.ready_since;
  delete session.ready_port;
}

/**
 * Whoever was told late that a session has ended speaks of the one before, when another was made under its name
 * meanwhile.
 */
export function isOfFormer(session: SessionContext, { kind, event, k }: ContextEntry): boolean {
  return (
    kind === "session" &&
    (event === "ended" || event === sessionSeenEvent) &&
    k !== undefined &&
    session.k !== undefined &&
    k !== session.k
  );
}
