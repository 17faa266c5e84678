import type { ContextEntry } from "../model/entry";
import type { Clock, Processes } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import type { ShellSession } from "../session/shellSession";
import { toldEnd, unknownEnd, writeFoundEnd } from "./foundEnd";

/**
 * Gives a result to each command of this session that somebody typed, left or was killed over, and that has ended: the
 * session is at a later prompt, whose list says how. What belongs to a task is left to who runs the project, and what
 * a living process waits for to that. Nothing is typed.
 */
export async function settleLeftCommands(
  { record, clock, processes }: { readonly record: OpenRecord; readonly clock: Clock; readonly processes: Processes },
  session: ShellSession,
): Promise<void> {
  const { name, key } = session.identity;
  const { ready, n: prompt } = session.marks;
  if (!ready || prompt === undefined) return;
  await record.catchUp();
  for (const command of [...record.state.openCommands.values()]) {
    const { session_name, task_id, k, n } = command;
    if (session_name !== name || task_id !== undefined || (k === key && n !== undefined && n >= prompt)) continue;
    if (await isAwaited(processes, command)) continue;
    await writeFoundEnd(record, clock, command, (k === key && n !== undefined && toldEnd(session, n)) || unknownEnd);
  }
}

/** False where nobody can tell: then its end would never come. */
async function isAwaited(processes: Processes, { host, pid, started_at }: ContextEntry): Promise<boolean> {
  if (host === undefined || started_at === undefined || pid === undefined || pid === null) return false;
  return (await processes.isAlive({ host, pid, started_at })) === true;
}
