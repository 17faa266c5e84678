import { CommandRunner } from "../core/command/commandRunner";
import { ProjectRecord } from "../core/record/projectRecord";
import { ShellSession } from "../core/session/shellSession";
import type { SessionMode } from "../core/model/states";
import type { PlanRole } from "../core/model/plan";
import { looksLikePrompt } from "../core/sense/plainPrompt";
import type { Container } from "./container";
import { MemoryLedger } from "./memoryLedger";
import { type FoundSession, ownSize } from "./sessionLookup";
import { readablePlan } from "../core/run/storedPlan";

/** What is needed to type a command into a session and to follow it to its end. */
export interface TypingAccess {
  readonly journal: ProjectRecord;
  readonly session: ShellSession;
  readonly mode: SessionMode;
  readonly runner: CommandRunner;
  readonly role: string;
  readonly cwd: string;
  close(): Promise<void>;
}

const shellPattern = /(?:^|[/\s-])(bash|zsh|fish|sh|dash|ksh|ash)(?:\s|$)/;

/** The record that entries about this session go to; kept nowhere when it belongs to no project here. */
export async function journalOf(container: Container, found: FoundSession): Promise<ProjectRecord> {
  const ledger = found.recorded
    ? await container.store.open(found.recorded.owner.project.project_id)
    : new MemoryLedger(container.clock, container.ids);
  return ProjectRecord.open(ledger, container.logger, { start: "checkpoint" });
}

/** Opens a session for typing. Throws what reaching it throws. */
export async function accessForTyping(container: Container, found: FoundSession): Promise<TypingAccess> {
  const { clock, ids } = container;
  const { server, info } = found.chosen;
  const journal = await journalOf(container, found);
  const key = found.recorded?.context.k ?? ids.secret(8);
  const session = new ShellSession(server, clock, { name: found.name, wire: found.wire, key, ...ownSize(found) });
  try {
    await session.open(container.interrupts.signal);
    const role = await recordedRole(found);
    const mode = await modeOf(found, session, role, info.capabilities.resize);
    return {
      journal,
      session,
      mode,
      runner: new CommandRunner(journal, server, await container.policy(), clock, ids, () => Promise.resolve()),
      role: found.recorded?.context.role ?? "",
      cwd: found.recorded?.owner.project.default_cwd ?? container.workspace,
      close: async () => {
        session.dispose();
        await journal.close();
      },
    };
  } catch (error) {
    session.dispose();
    await journal.close();
    throw error;
  }
}

/** The role as the project's plan has it; a plan that cannot be read says nothing. */
async function recordedRole({ recorded }: FoundSession): Promise<PlanRole | undefined> {
  const plan = readablePlan(await recorded?.owner.ledger.readPlan());
  return plan?.roles.find((role) => role.name === recorded?.context.role);
}

/** Marks where a prompt of ours answers or may come back, an end mark where a shell shows its prompt, else silence. */
async function modeOf(
  found: FoundSession,
  session: ShellSession,
  role: PlanRole | undefined,
  canProbe: boolean,
): Promise<SessionMode> {
  if (role?.program !== undefined) return "program";
  const ours = found.recorded?.context.k !== undefined;
  if (ours && canProbe && (await session.probe())) return "marks";
  const atPrompt = looksLikePrompt(await found.chosen.server.screen(found.wire, "plain"));
  if (ours) return atPrompt ? "sentinel" : "marks";
  return atPrompt && isShell(found.info.command) ? "sentinel" : "program";
}

/** Servers tell the command that was asked for; none means the user's shell. */
function isShell(command: string): boolean {
  return command.trim() === "" || shellPattern.test(command);
}
