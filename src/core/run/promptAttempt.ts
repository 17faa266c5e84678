import type { CommandReport, CommandRequest } from "../command/commandRunner";
import { isHeldBack, isStopped, type TaskTurns, type TurnEnd } from "../model/agentTurn";
import { type ContextEntry, refOf } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import type { AgentCatalog } from "../model/agentProfile";
import type { Plan, PlanRole, PlanTask } from "../model/plan";
import { advice } from "../model/remedy";
import { plural } from "../model/sentences";
import { questionAbout, takenOption } from "../people/escalations";
import { notesFor } from "../people/handoffs";
import { noteDelivered } from "../people/handoffShowing";
import type { Clock } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { visibleText } from "../safety/controlCharacters";
import type { OpenSession } from "../session/openSession";
import { pause } from "../session/pause";
import { AgentLimits, LimitReached } from "./agentLimits";
import { promptText, type PromptWorld } from "./promptText";
import { quotedData } from "./quotedData";
import { backoffBefore } from "./schedule";

/** A turn that the network or the model's service failed is tried so often again, then a person is asked. */
export const turnTries = 5;
/** A question that was just answered is about one of so many entries. */
const newestEntries = 2000;
/** Before the first of these; doubles each time. */
const turnPauseMs = 15_000;

export interface PromptRequest {
  readonly task: PlanTask;
  readonly session: OpenSession;
  readonly signal: AbortSignal;
}

/** `begins`: called when the agent was found ready, before anything is typed; what it throws keeps the text from that. */
export type SendPrompt = (
  text: string,
  more: Pick<CommandRequest, "taken"> & { readonly begins?: () => Promise<void> },
) => Promise<CommandReport>;

/** Whether the next prompt may go better, without anybody's help. */
export function isTriedAgain(turn: TurnEnd, turns: TaskTurns | undefined): boolean {
  return !isStopped(turn) && !isHeldBack(turn) && (turns?.failures ?? 0) <= turnTries;
}

/** What the agent of a task is told, until its turn is over that no limit and no failure has ended. */
export class PromptAttempt {
  readonly #limits: AgentLimits;
  readonly #texts: PromptWorld;

  /** `folder`: see `PromptWorld`. */
  constructor(
    private readonly record: OpenRecord,
    plan: Plan,
    private readonly world: Pick<PromptWorld, "files" | "redactor"> & {
      readonly clock: Clock;
      readonly agents: AgentCatalog;
    },
    folder: string,
  ) {
    this.#limits = new AgentLimits(record, plan, world.agents, world.clock);
    this.#texts = { record, plan, folder, files: world.files, redactor: world.redactor };
  }

  /**
   * Sends what is next by the record, see `#text`, each time by `send`. The report is that of the newest prompt. Throws
   * what `send`, `promptText` and `AgentLimits.turn` throw, `request_invalid` once the task's budget is used up, the signal's reason.
   */
  async turns(request: PromptRequest, send: SendPrompt): Promise<CommandReport> {
    const { task, session, signal } = request;
    const taken = await this.#taken(request);
    for (let isFirst = true; ; isFirst = false) {
      const follows = isFirst ? taken : undefined;
      if (follows === undefined) this.#requireBudget(task);
      const turn = await this.#limits.turn(session.role, task.id, signal);
      try {
        const notes = follows === undefined ? notesFor(this.record, session.role.name, session.name) : [];
        const report = await (follows === undefined
          ? send(await this.#text(request, notes), { begins: () => turn.begins() })
          : send(follows, { taken: true }));
        await report.recorded;
        if (report.outcome !== "not_sent")
          for (const note of notes) await this.record.append(noteDelivered(note, session.name, "engine"), "synced");
        // What failed otherwise says nothing of a limit.
        if (report.outcome === "exited" && !report.turn) await turn.over("through");
        const end = report.turn;
        if (!end) return report;
        const isHeld = isHeldBack(end);
        if (isHeld && !(await this.#limits.reached(session.role, session.name, task.id, end, turn))) return report;
        if (!isHeld && !isTriedAgain(end, this.#turnsOf(task))) return report;
        if (!isHeld)
          await pause(this.world.clock, backoffBefore(this.#turnsOf(task)?.failures ?? 1, turnPauseMs), signal);
      } catch (error) {
        if (!(error instanceof LimitReached)) throw error;
      } finally {
        await turn.over("unknown");
      }
    }
  }

  /** See `AgentLimits.tellLeft`. */
  tellLeft(role: PlanRole, session_name: string, task_id: string, turn: TurnEnd): Promise<boolean> {
    return this.#limits.tellLeft(role, session_name, task_id, turn);
  }

  /** The prompt of which a person says that its agent has taken it, unless more was sent since. */
  async #taken({ task, session }: PromptRequest): Promise<string | undefined> {
    const { state, ledger } = this.record;
    const question = questionAbout(state, "blocked", task.id);
    const { command, turns } = state.tasks.get(task.id) ?? {};
    if (question?.answer?.answer !== takenOption || command || turns?.last !== undefined) return undefined;
    const id = refOf(question.entry, "command");
    const sent = (await ledger.last(newestEntries)).findLast(
      ({ kind, command_id }) => kind === "command" && command_id === id,
    );
    if (sent?.input !== undefined && turns?.k === session.shell.identity.key) return sent.input;
    throw new OrchestratorError(
      "request_invalid",
      "The session that has the prompt has ended.",
      advice("Retry the task to send the prompt again."),
    );
  }

  #turnsOf({ id }: PlanTask): TaskTurns | undefined {
    return this.record.state.tasks.get(id)?.turns;
  }

  #requireBudget(task: PlanTask): void {
    const { budget } = task;
    if (budget === undefined || (this.#turnsOf(task)?.sent ?? 0) < budget.turns) return;
    throw new OrchestratorError(
      "request_invalid",
      `The budget of ${plural(budget.turns, "prompt")} is used up.`,
      advice("Retry the task to give it as many once more."),
    );
  }

  /**
   * The prompt, or what continues the conversation that has it: what the check showed, or why the turn before ended. In
   * another conversation all of it is said again.
   */
  async #text({ task, session }: PromptRequest, notes: readonly ContextEntry[]): Promise<string> {
    const turns = this.#turnsOf(task);
    const isKnown = turns?.k !== undefined && turns.k === session.shell.identity.key;
    const why = turns?.last === undefined ? undefined : continuing[turns.last];
    if (isKnown && why !== undefined) return `${why} ${goOn}`;
    const failed =
      turns?.check && (turns.last === "check" || !isKnown) ? this.#checkText(task, turns.check) : undefined;
    if (isKnown && failed !== undefined) return failed;
    const text = await promptText(this.#texts, task, notes);
    return failed === undefined ? text : `${text}\n\n${failed}`;
  }

  #checkText({ check = "" }: PlanTask, { exit_code, output = "" }: ContextEntry): string {
    const command = visibleText(check).replaceAll("`", "'");
    return [
      `The check of this task, \`${command}\`, ended with exit code ${exit_code ?? "unknown"}. Correct what it shows; it runs again when you have finished.`,
      quotedData("the output of the check", output, this.world.redactor),
    ].join("\n\n");
  }
}

const goOn = "Please continue with the task where you stopped, and do only what is still missing.";

/** Why an agent has to be told to continue; absent where something else is to be said. */
const continuing: Readonly<Partial<Record<NonNullable<TaskTurns["last"]>, string>>> = {
  limited: "You had reached a usage limit, which has ended.",
  failed: "Your last turn ended with an error before it was finished.",
  stopped: "Your last turn was interrupted.",
  ended: "Your program ended in the middle of your last turn and was started again.",
};
