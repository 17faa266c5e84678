import type { ChosenServer } from "../core/ports/sessions";
import type { FileLedger } from "../adapters/ledger/fileLedger";
import { isForeground } from "../adapters/machine/processFacts";
import { ProjectRecord } from "../core/record/projectRecord";
import { untilUndriven } from "../core/record/lease";
import { ProjectRun, type RunResult } from "../core/run/projectRun";
import { durationText, plural } from "../core/model/sentences";
import { hasCode, OrchestratorError } from "../core/model/errors";
import type { ContextEntry } from "../core/model/entry";
import type { Plan } from "../core/model/plan";
import type { ProjectContext } from "../core/model/project";
import { openEscalations } from "../core/model/projectState";
import type { TaskSummary } from "../core/model/snapshot";
import { hideSecrets } from "../core/run/storedPlan";
import type { Container } from "./container";
import { askedCommand, shortEntryId, shortSession, toneOfState } from "../protocol/diary";
import { type ExitCode, exitCode, exitCodeOf } from "./exitCodes";
import type { Piece } from "../protocol/piece";
import { reportFailure } from "./failure";
import { type Followed, followDriver, followedResult, isCovered } from "./followDriver";
import { questionParts } from "../protocol/question";
import { projectTitle } from "./projects";
import { showRun } from "./runView";
import { textWidth } from "../protocol/textWidth";

/** What one driver has to do. */
export interface Work {
  readonly project: ProjectContext;
  readonly plan: Plan;
  /** Leaves project and plan in the record; only the driver of a project may. */
  readonly save: () => Promise<void>;
}

export interface DriveRequest {
  readonly ledger: FileLedger;
  readonly chosen: ChosenServer;
  readonly again: boolean;
  /** Asked before each try to drive: while another process drove, the record may have changed. */
  readonly work: () => Promise<Work>;
  /** This process stands on its own: it waits for answers, shows nothing, and does not follow another driver. */
  readonly detached?: { readonly driving: (lease: ContextEntry) => void; readonly waits: boolean };
}

/** Of a command that somebody is asked about; a longer one is cut in the middle. */
const mostLines = 40;
/** How often a running command is written about. */
const heartbeatMs = 30_000;

/**
 * Runs a plan to its end and says what became of it. While another process drives, follows that one; when it dies, goes
 * on in its place; when it ends without having done what this plan wants, does it then. Throws what must end the whole
 * run, such as a full disk.
 */
export async function driveProject(container: Container, request: DriveRequest): Promise<ExitCode> {
  const { ledger, again, detached } = request;
  const { interrupts } = container;
  const journal = await ProjectRecord.open(ledger, container.logger, { start: "beginning" });
  try {
    for (let elsewhere = false; ;) {
      const work = await request.work();
      hideSecrets(container.redactor, work.plan);
      const followed = detached
        ? await overOf(container, journal, detached.waits)
        : await followDriver(container, journal, work.project, work.plan);
      elsewhere ||= followed?.watched === true;
      if (elsewhere && followed?.over === undefined) {
        if (!again && isCovered(work.plan, journal.state)) return sayFollowed(container, request, journal, work);
        // The other one had something else to do. What it left in the record counts now.
        elsewhere = false;
        continue;
      }
      if (followed?.watched)
        container.output.progress([{ text: "The driver is gone; this goes on in its place.", tone: "attention" }]);
      try {
        return await driveOnce(container, request, journal, work, followed?.over);
      } catch (error) {
        if (detached || !hasCode(error, "driven_elsewhere") || interrupts.signal.aborted) throw error;
        elsewhere = true;
      }
    }
  } finally {
    await journal.close();
  }
}

/** Whose place may be taken: at once, or once its holder drives no longer. */
async function overOf(container: Container, journal: ProjectRecord, waits: boolean): Promise<Followed | undefined> {
  const { lease } = journal.state;
  if (waits)
    return {
      over: await untilUndriven(
        journal,
        await container.processes,
        container.clock,
        container.actor,
        container.interrupts.signal,
      ),
      watched: false,
    };
  const alive = lease && (await (await container.processes).isAlive(lease));
  return lease && alive === false ? { over: lease.generation, watched: false } : undefined;
}

function sayFollowed(
  container: Container,
  { ledger }: DriveRequest,
  journal: ProjectRecord,
  { project, plan }: Work,
): ExitCode {
  const result = followedResult(journal, plan, container.clock);
  sayResult(container, { journal, ledger, project, result, didSomething: true });
  if (result.problem) reportFailure(result.problem, container.output, container.globals.verbose ?? false);
  return exitOf(result);
}

async function driveOnce(
  container: Container,
  request: DriveRequest,
  journal: ProjectRecord,
  work: Work,
  over: number | undefined,
): Promise<ExitCode> {
  const { ledger, chosen, detached } = request;
  const { project, plan } = work;
  const { output, clock, ids, logger } = container;
  const foreground = !detached && (await isForeground());
  const answering = foreground && output.canAsk && !output.json;
  let didSomething = false;
  const heard = journal.onEntry((entry) => {
    didSomething ||= entry.kind === "task" || entry.kind === "command";
  });
  const world = {
    journal,
    server: chosen.server,
    info: chosen.info,
    policy: await container.policy(),
    clock,
    ids,
    folders: container.folders(chosen.info.address),
    processes: await container.processes,
    logger,
  };
  const commandLine = await container.commandLine(chosen.info.address);
  const run = new ProjectRun(world, project, plan, {
    actor: container.actor,
    workspaceTag: container.workspaceTag,
    again: request.again,
    waitForAnswers: answering || detached !== undefined,
    heartbeatMs,
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(over === undefined ? {} : { over }),
    onClaimed: async (lease) => {
      await work.save();
      detached?.driving(lease);
    },
  });
  container.interrupts.busy = true;
  const view = detached
    ? undefined
    : showRun({
        container,
        journal,
        live: () => run.live(),
        plan,
        runsHere: true,
        answering,
        picture: foreground && output.canRedraw,
      });
  let result: RunResult;
  try {
    result = await run.run(container.interrupts.signal);
  } catch (error) {
    throw afterStart(error, container);
  } finally {
    view?.dispose();
    heard.dispose();
    container.interrupts.busy = false;
  }
  sayResult(container, { journal, ledger, project, result, didSomething });
  if (result.problem) reportFailure(result.problem, output, container.globals.verbose ?? false);
  return exitOf(result);
}

/** A server that went away in the middle leaves an unknown outcome, not a usage problem. */
function afterStart(error: unknown, container: Container): unknown {
  if (container.interrupts.signal.aborted) return container.interrupts.signal.reason;
  if (!hasCode(error, "server_unreachable")) return error;
  return new OrchestratorError(
    "input_unconfirmed",
    `${error.message} What ran there has an unknown outcome.`,
    error.next,
    { cause: error },
  );
}

export function exitOf(result: RunResult): ExitCode {
  if (result.stopped) return exitCode.interrupted;
  if (result.tasks.some((task) => task.state === "failed")) return exitCode.failed;
  if (result.tasks.every((task) => task.state === "succeeded" || task.state === "skipped")) return exitCode.done;
  // Nothing is unclear or asked: what is left could not begin.
  const asks = result.tasks.some((task) => task.state === "unknown" || task.state === "blocked");
  return result.problem && !asks ? exitCodeOf(result.problem.code) : exitCode.needsPerson;
}

interface RunEnd {
  readonly journal: ProjectRecord;
  readonly ledger: FileLedger;
  readonly project: ProjectContext;
  readonly result: RunResult;
  /** A task moved, or a command ran. */
  readonly didSomething: boolean;
}

function sayResult(container: Container, { journal, ledger, project, result, didSomething }: RunEnd): void {
  const { output } = container;
  if (output.json) {
    const tasks = result.tasks.map(({ id, state, attempts, exit_code }) => ({ id, state, attempts, exit_code }));
    output.document({ result: { status: result.status, tasks, snapshot: result.snapshot } });
    return;
  }
  if (!didSomething && result.status === "done") {
    const count = result.tasks.length;
    output.whole([
      { text: projectTitle(project), tone: "strong" },
      {
        text: `: nothing to do: ${plural(count, "task")} ${count === 1 ? "is" : "are"} done and unchanged (--again repeats ${count === 1 ? "it" : "them"}).`,
      },
    ]);
    return;
  }
  const idWidth = Math.max(0, ...result.tasks.map((task) => textWidth(task.id)));
  if (result.tasks.length > 1 || result.status !== "done")
    for (const task of result.tasks) output.pieces(taskLine(task, idWidth));
  const done = result.tasks.filter((task) => task.state === "succeeded").length;
  output.pieces([
    { text: `${projectTitle(project)}: `, tone: "strong" },
    { text: result.status, tone: toneOfState(result.status) },
    { text: `, ${done} of ${plural(result.tasks.length, "task")} succeeded.` },
  ]);
  for (const entry of openEscalations(journal.state)) {
    output.whole([{ text: `? ${questionParts(entry).reason}`, tone: "attention" }]);
    for (const line of askedCommand(entry, mostLines, "  ")) output.whole(line);
    output.pieces([
      {
        text: `  wsh-orchestrator answer ${shortEntryId(entry.id)} ${entry.options?.join("|") ?? "TEXT"}`,
        tone: "quiet",
      },
    ]);
  }
  output.whole([{ text: `Record: ${ledger.folder}/SNAPSHOT.md`, tone: "quiet" }]);
}

function taskLine(task: TaskSummary, idWidth: number): Piece[] {
  // Of one that waits, time and session are those of an earlier run.
  const waits = task.state === "blocked" || task.state === "pending";
  const took =
    !waits && task.started_at !== null && task.ended_at !== null
      ? durationText(Date.parse(task.ended_at) - Date.parse(task.started_at))
      : "";
  const mark = task.state === "succeeded" ? "✓" : task.state === "failed" ? "✗" : "·";
  const more = [
    took,
    task.exit_code === null || task.exit_code === 0 ? "" : `exit ${task.exit_code}`,
    task.attempts > 1 ? `try ${task.attempts}` : "",
    waits || task.session_name === null ? "" : shortSession(task.session_name),
  ];
  return [
    { text: `${mark} ${task.id}${" ".repeat(idWidth - textWidth(task.id))}  `, tone: toneOfState(task.state) },
    { text: task.state.padEnd(11), tone: toneOfState(task.state) },
    { text: more.filter((part) => part !== "").join("  "), tone: "quiet" },
  ];
}
