import { Uri } from "vscode";
import type { ContextEntry } from "../../core/model/entry";
import { questionSession } from "../../core/model/questionSession";
import { questionScheme } from "../identifiers";
import type { TaskOutputPage } from "../records/taskOutputPage";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { SessionCommands } from "./sessionCommands";
import { givenSession, isLook, type NamedTarget, taskTarget } from "./targets";

/**
 * What a task printed: of a task's row, a question, an entry or a session, else of the task that the person picks. What
 * is about no task has the text of its session.
 */
export async function showOutput(
  { records, page, session }: ShowOutputParts,
  argument: unknown,
  options: unknown,
): Promise<void> {
  const about = aboutEntry(records, argument);
  const given = about ? about.of : sessionsTask(records, argument);
  if (given === "no_task") {
    const name = about?.session ?? givenSession(records, argument)?.name;
    await (await session()).openSessionAsText(about ? { kind: "session", key: about.key, name } : argument, options);
    return;
  }
  const target = given ?? (await taskTarget(records, argument, "all"));
  if (target) await page.show(target.followed, target.name, isLook(options));
}

export interface ShowOutputParts {
  readonly records: WorkspaceRecords;
  readonly page: TaskOutputPage;
  readonly session: () => Promise<SessionCommands>;
}

interface About {
  readonly key: string;
  readonly of: NamedTarget | "no_task";
  readonly session: string | undefined;
}

/** What a question, on its page or in its row, or an entry's row is about. */
function aboutEntry(records: WorkspaceRecords, argument: unknown): About | undefined {
  const place =
    argument instanceof Uri && argument.scheme === questionScheme ? questionAt(records, argument) : argument;
  if (!isAboutEntry(place)) return undefined;
  const followed = records.get(place.key);
  if (!followed) return undefined;
  const { entry } = place;
  return {
    key: place.key,
    of: entry.task_id === undefined ? "no_task" : { followed, name: entry.task_id },
    session: entry.session_name ?? questionSession(followed.record.state, entry),
  };
}

function questionAt(records: WorkspaceRecords, { query, fragment }: Uri): unknown {
  const entry = records.get(query)?.record.state.escalations.get(fragment)?.entry;
  return entry && { key: query, entry };
}

function isAboutEntry(value: unknown): value is { readonly key: string; readonly entry: ContextEntry } {
  return (
    typeof value === "object" &&
    value !== null &&
    "key" in value &&
    "entry" in value &&
    typeof value.entry === "object" &&
    value.entry !== null &&
    "kind" in value.entry
  );
}

/** The task that ran in a session last; undefined where the argument names no session. */
function sessionsTask(records: WorkspaceRecords, argument: unknown): NamedTarget | "no_task" | undefined {
  const session = typeof argument === "object" ? givenSession(records, argument) : undefined;
  if (!session) return undefined;
  const { followed, name } = session;
  const task =
    followed.record.state.sessions.get(name)?.task_id ??
    [...followed.record.state.tasks.values()].findLast(({ session_name }) => session_name === name)?.id;
  return task === undefined ? "no_task" : { followed, name: task };
}
