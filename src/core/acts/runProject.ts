import type { Disposable } from "../base/lifecycle";
import type { ContextEntry } from "../model/entry";
import { hasCode, OrchestratorError } from "../model/errors";
import type { Plan } from "../model/plan";
import type { ProjectContext } from "../model/project";
import type { ProjectState } from "../model/projectState";
import { runningElsewhere, runnerName, isOwn, untilNotRunning } from "../record/lease";
import { ProjectRecord } from "../record/projectRecord";
import { Consents } from "../safety/consent";
import type { LiveSession } from "../session/liveSessions";
import { ProjectRun, type RunResult } from "../run/projectRun";
import { PreparedRun, type Work } from "./preparedRun";
import { followedResult, isCovered } from "./runElsewhere";
import type { RunNotice, RunProjectRequest, RunProjectWorld } from "./runRequest";

/** A run as a shell shows it, here or in another process. */
export interface ShownRun {
  readonly record: ProjectRecord;
  readonly project: ProjectContext;
  readonly plan: Plan;
}

/** How a shell shows a run; nothing of it decides anything. */
export interface RunShell {
  readonly notice?: (notice: RunNotice) => void;
  /** Shows the run of another process (`runner`, as people read it) until that is disposed of. */
  readonly follows?: (run: ShownRun & { readonly runner: string; readonly holder: string }) => Disposable;
  /** Shows the run of this process until that is disposed of. */
  readonly begins?: (run: ShownRun & { readonly live: () => readonly LiveSession[] }) => Disposable;
  /** This process runs it from here on, by that claim. */
  readonly runs?: (run: ShownRun, claim: ContextEntry) => void;
  /** Has the record in the end; absent: it is closed. */
  readonly leave?: (record: ProjectRecord) => Promise<void>;
}

export interface RunProjectResult {
  /** In this process, or in another one that was followed to its end. */
  readonly ran: "here" | "elsewhere";
  readonly result: RunResult;
  /** A task moved, or a command ran. */
  readonly did_something: boolean;
  readonly project: ProjectContext;
  /** The record's, in the end. */
  readonly state: ProjectState;
}

/** A record whose turn it is. */
interface Turn {
  /** The generation of an earlier run that is known to be gone: its place is taken. */
  readonly over: number | undefined;
  /** Another process's run was shown here. */
  readonly watched: boolean;
  /** That run came to its end, though its process may have gone before it could say that it is gone. */
  readonly ended?: boolean;
}

/**
 * Makes or updates a project and runs its plan to its end. While another process runs it, that one is followed if that
 * is wanted; when it dies, this one goes on in its place; when it ends without having done what this plan wants, this
 * one does it then. Throws as `PreparedRun.prepare`, `driven_elsewhere`, the signal's reason, and what must end a run,
 * such as a full disk.
 */
export async function runProject(
  world: RunProjectWorld,
  request: RunProjectRequest,
  shell: RunShell = {},
): Promise<RunProjectResult> {
  const prepared = await PreparedRun.prepare(world, request, (notice) => shell.notice?.(notice));
  const record = await ProjectRecord.open(prepared.ledger, world.logger, { start: "beginning" });
  try {
    for (let elsewhere = false; ;) {
      const work = await prepared.work();
      const turn = await untilTurn(world, request, shell, record, work);
      elsewhere ||= turn.watched;
      if (elsewhere && (turn.over === undefined || turn.ended === true)) {
        if (!request.again && isCovered(work.plan, record.state)) {
          const result = followedResult(record, work.plan, world.clock);
          return { ran: "elsewhere", result, did_something: true, project: work.project, state: record.state };
        }
        // The other one had something else to do. What it left in the record counts now.
        elsewhere = false;
        continue;
      }
      if (turn.watched) shell.notice?.({ what: "takes_over" });
      try {
        return await runHere(world, request, shell, { record, prepared, work, over: turn.over });
      } catch (error) {
        if (request.elsewhere !== "follow" || !hasCode(error, "driven_elsewhere") || request.signal.aborted)
          throw error;
        elsewhere = true;
      }
    }
  } finally {
    await (shell.leave ? shell.leave(record) : record.close());
  }
}

/** Comes back once nothing else runs the project. */
async function untilTurn(
  { processes, clock, actor }: RunProjectWorld,
  { elsewhere, signal }: RunProjectRequest,
  shell: RunShell,
  record: ProjectRecord,
  { project, plan }: Work,
): Promise<Turn> {
  const { lease } = record.state;
  if (!lease) return { over: undefined, watched: false };
  if (isOwn(lease, processes) || (await processes.isAlive(lease)) === false)
    return { over: lease.generation, watched: false };
  if (elsewhere === "refuse") throw runningElsewhere(record, processes.host);
  const { holder } = lease;
  const runner = runnerName(lease, processes.host);
  let ended = false;
  const heard = record.onEntry(({ kind, state, generation }) => {
    if (kind === "project" && generation === lease.generation && state !== undefined) ended = state !== "running";
  });
  const shown = elsewhere === "follow" ? shell.follows?.({ record, project, plan, runner, holder }) : undefined;
  try {
    const over = await untilNotRunning(record, processes, clock, actor, signal);
    return { over, watched: elsewhere === "follow", ended };
  } finally {
    shown?.dispose();
    heard.dispose();
  }
}

interface OwnRun {
  readonly record: ProjectRecord;
  readonly prepared: PreparedRun;
  readonly work: Work;
  readonly over: number | undefined;
}

async function runHere(
  world: RunProjectWorld,
  request: RunProjectRequest,
  shell: RunShell,
  { record, prepared, work, over }: OwnRun,
): Promise<RunProjectResult> {
  const { clock, ids, logger, processes, actor, workspaceTag, store, files, redactor } = world;
  const { server, info } = prepared.chosen;
  const { project, plan, others, formerServer } = work;
  const { again, waitForAnswers, heartbeatMs, quietAfterMs, asksWhenQuiet, defaultShell, columns, signal } = request;
  const folders = world.folders(info.address);
  const policy = await world.policy();
  const commandLine = await world.commandLine(prepared.chosen);
  const environment = await world.environment(prepared.chosen);
  if (!world.consents.isShared) shell.notice?.({ what: "answers_of_this_process_only" });
  const consents = new Consents(world.consents, clock, {
    workspace: store.workspace,
    project_id: project.project_id,
  });
  const catalog = await world.programRules();
  const agents = await world.agents();
  const ports = world.ports(info.address);
  const agentMachine = world.agentMachine(info.address);
  const parts = {
    catalog,
    agents,
    agentMachine,
    files,
    redactor,
    record,
    server,
    info,
    policy,
    consents,
    clock,
    ids,
    folders,
    ports,
    processes,
    logger,
  };
  const run = new ProjectRun(parts, project, plan, {
    actor,
    workspaceTag,
    workspace: world.store.workspace,
    again: again ? (request.only ?? true) : false,
    others,
    waitForAnswers,
    heartbeatMs,
    environment,
    ...(quietAfterMs === undefined ? {} : { quietAfterMs }),
    ...(asksWhenQuiet === undefined ? {} : { asksWhenQuiet }),
    ...(defaultShell === undefined ? {} : { defaultShell }),
    ...(columns === undefined ? {} : { columns }),
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(formerServer === undefined ? {} : { formerServer }),
    ...(over === undefined ? {} : { over }),
    onClaimed: async (claim) => {
      await work.save();
      shell.runs?.({ record, project, plan }, claim);
    },
  });
  let did_something = false;
  const heard = record.onEntry((entry) => {
    did_something ||= entry.kind === "task" || entry.kind === "command";
  });
  const shown = shell.begins?.({ record, project, plan, live: () => run.live() });
  try {
    const result = await run.run(signal);
    await work.keepUndone(record.state);
    return { ran: "here", result, did_something, project, state: record.state };
  } catch (error) {
    throw signal.aborted ? signal.reason : unknownOutcome(error);
  } finally {
    shown?.dispose();
    heard.dispose();
  }
}

/** A server that went away in the middle leaves an unknown outcome; it is not that none was to be had. */
function unknownOutcome(error: unknown): unknown {
  if (!hasCode(error, "server_unreachable")) return error;
  return new OrchestratorError(
    "input_unconfirmed",
    `${error.message} The outcome of running commands is unknown.`,
    error.remedy,
    { cause: error },
  );
}
