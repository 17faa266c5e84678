import { handoffCommand } from "../../core/people/handoffs";
import { handoffNote } from "../../core/acts/personsActs";
import type { ContextEntry } from "../../core/model/entry";
import { hasCode, messageOf, OrchestratorError } from "../../core/model/errors";
import type { SessionContext } from "../../core/model/session";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { askServers, trueSessions } from "../../core/session/trueSessions";
import { openProject, type ReadProject, readProject } from "../projects";
import { findSession } from "../sessionLookup";
import { namedSession } from "../../core/people/namedSession";
import { readablePlan } from "../../core/run/storedPlan";
import { accessForTyping } from "../typingAccess";

export interface HandoffOptions {
  readonly from: string;
  readonly to: string;
}

/**
 * Appends a handoff note and shows it in the receiver's session when that stands at its prompt; else it is shown before
 * the next task there.
 */
export async function handOver(
  container: Container,
  name: string,
  text: string,
  options: HandoffOptions,
): Promise<ExitCode> {
  if (text.trim() === "")
    throw new OrchestratorError("usage", "The note is empty.", "Say what the receiver should know.");
  const { output } = container;
  const owner = await readProject(container, name);
  const from = namedSession([owner], options.from).context;
  const to = await receiver(owner, options.to);
  const ledger = await openProject(container, name);
  const note = await ledger.append(handoffNote(from, to, text, container.actor), "synced");
  await ledger.close();
  const delivered = await deliver(container, owner, note, to);
  if (output.json) output.entry(note);
  else
    output.line(delivered === undefined ? `Noted; ${to} gets it before its next task.` : `Delivered to ${delivered}.`);
  return exitCode.done;
}

/** A role of the plan or of a session, else a session. Throws `role_not_found`, `ambiguous`. */
async function receiver(owner: ReadProject, to: string): Promise<string> {
  const plan = readablePlan(await owner.ledger.readPlan());
  const roles = new Set([
    ...(plan?.roles.map((role) => role.name) ?? []),
    ...[...owner.state.sessions.values()].map((session) => session.role),
  ]);
  if (roles.has(to)) return to;
  try {
    return namedSession([owner], to).context.session_name;
  } catch (error) {
    if (!hasCode(error, "session_not_found")) throw error;
    throw new OrchestratorError(
      "role_not_found",
      `${owner.project.project_id} has no role or session ${to}.`,
      `Roles: ${[...roles].join(", ")}.`,
      { cause: error },
    );
  }
}

/** The session that was shown the note; undefined when none was free. While a driver runs it is left to that. */
async function deliver(
  container: Container,
  owner: ReadProject,
  note: ContextEntry,
  to: string,
): Promise<string | undefined> {
  const { lease } = owner.state;
  if (lease && (await (await container.processes).isAlive(lease)) !== false) return undefined;
  const live = await askServers((reference) => container.servers.asReference(reference), [owner]);
  if (live.views.size === 0) return undefined;
  const free = trueSessions(owner, live).find((session) => receives(session, to));
  if (!free) return undefined;
  try {
    const access = await accessForTyping(container, await findSession(container, free.session_name));
    try {
      if (access.mode !== "marks" || !access.session.atCleanPrompt) return undefined;
      const report = await access.runner.run({
        text: handoffCommand(note),
        session: access.session,
        mode: access.mode,
        role: access.role,
        cwd: access.cwd,
        actor: container.actor,
      });
      await report.recorded;
      if (report.exit_code !== 0) return undefined;
      await access.journal.append(
        {
          kind: "delivery",
          actor: container.actor,
          session_name: free.session_name,
          event: "delivered",
          text: `${free.session_name} received the handoff of ${note.session_name ?? note.actor}.`,
          refs: [{ type: "entry", id: note.id }],
        },
        "synced",
      );
      return free.session_name;
    } finally {
      await access.close();
    }
  } catch (error) {
    // The note is on the disk; showing it can wait.
    container.logger.warn(messageOf(error));
    return undefined;
  }
}

function receives(session: SessionContext, to: string): boolean {
  return (session.session_name === to || session.role === to) && ["idle", "done_unseen"].includes(session.state);
}
