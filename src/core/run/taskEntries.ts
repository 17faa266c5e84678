import { lastOutput, outputLines } from "../model/commandOutput";
import { actorName } from "../model/actorName";
import type { EntryDraft } from "../model/entry";
import { parkedEvent } from "../model/entryKinds";
import type { Plan, PlanTask } from "../model/plan";
import type { ProjectStatus, TaskState } from "../model/states";
import type { Escalation } from "../model/questionState";
import {
  approvalOptions,
  failureOptions,
  programOptions,
  questionAbout,
  questionAboutRole,
  roleStep,
  stalledOptions,
  stoppedOptions,
  unknownOptions,
} from "../people/escalations";
import { heldReason, type HeldPlace } from "../people/heldReason";
import type { PolicyDecision } from "../ports/safety";
import type { OpenRecord } from "../record/projectRecord";
import { type Consents, type ConsentSubject, objectionSentence } from "../safety/consent";
import { blockedBehind } from "../model/dependents";
import { brief, plural } from "../model/sentences";
import { becauseOf, taskWords } from "../model/taskWords";
import { visibleText } from "../safety/controlCharacters";
import type { HeldRole } from "../session/roleGate";
import type { StoppedTask } from "./schedule";
import { type Asked, type AttemptResult, triesOf } from "./attempt";
import type { Resume, Standing } from "./taskStanding";

/** Writes what becomes of a project's tasks, and the questions about them. */
export class TaskEntries {
  /** Tasks of one role ask one after the other, so that the second one sees the question of the first. */
  #asking: Promise<void> = Promise.resolve();

  constructor(
    private readonly record: OpenRecord,
    private readonly plan: Plan,
    private readonly definitions: ReadonlyMap<string, string>,
    private readonly consents: Consents,
    private readonly actor: string,
    private readonly place: HeldPlace,
  ) {}

  /** `reason`: the code of what ended it before its time. */
  async project(status: ProjectStatus, event: string, text: string, reason?: string): Promise<void> {
    await this.record.append(
      {
        kind: "project",
        actor: this.actor,
        session_name: null,
        event,
        state: status,
        text,
        goal: this.plan.goal,
        ...(reason === undefined ? {} : { reason }),
      },
      "synced",
    );
  }

  async task(
    task: PlanTask,
    event: string,
    state: TaskState,
    text: string,
    more: Partial<EntryDraft> = {},
  ): Promise<void> {
    const about: EntryDraft = {
      actor: "engine",
      session_name: null,
      role: task.role,
      task_id: task.id,
      refs: [{ type: "task", id: task.id }],
      ...more,
      kind: "task",
      event,
      state,
      text,
    };
    const definition = this.definitions.get(task.id);
    await this.record.append(definition === undefined ? about : { ...about, definition }, "written");
  }

  /** What a task of the plan is from now on, because the plan, a person or an earlier run says so. */
  async standing(task: PlanTask, standing: Standing): Promise<void> {
    const { state, resume, by, anew } = standing;
    const event = by === undefined && !resume && state === "pending" ? "planned" : "answered";
    await this.task(task, event, state, standingSentence(task, standing), {
      ...placeOf(resume),
      ...(anew === true ? { attempt: 0 } : {}),
    });
  }

  /** A task whose prompt waits until a person has said something about another one; its try goes on then. */
  async parked(task: PlanTask, asked: string, attempt: number, session_name: string): Promise<void> {
    await this.task(task, parkedEvent, "pending", `${task.id} waits for the answer about ${asked}.`, {
      attempt,
      step: 0,
      session_name,
      refs: [
        { type: "task", id: task.id },
        { type: "asked", id: asked },
      ],
    });
  }

  /** A task that something it needs, directly or not, keeps from beginning. */
  async stopped({ task, state, cause }: StoppedTask, stateOfCause: TaskState | undefined): Promise<void> {
    const text = `${task.id} ${taskWords(state)}${becauseOf(cause, stateOfCause ?? "pending")}.`;
    await this.task(task, state, state, text);
  }

  /**
   * Asks whether one command of a task may run, in place of what was asked about it before; `waits`: the try that waits
   * for it in its middle.
   */
  askApproval(task: PlanTask, asked: Asked, waits: Resume | undefined): Promise<void> {
    const { step, text, cwd, shell, decision, former = "" } = asked;
    const before = questionAbout(this.record.state, "approval_needed", task.id, step);
    const subject = this.consents.commandSubject({ text, cwd, shell, role: task.role });
    const to = approvalSentence(visibleText(text), decision.reason);
    return this.#ask(task, { subject, decision, former, step, before, to }, waits);
  }

  /**
   * Asks whether sessions of the task's role may be started with its settings, unless another task of the role has
   * asked. `former`: who had answered, and why that does not count.
   */
  askForRole(task: PlanTask, held: HeldRole, former: string, waits: Resume): Promise<void> {
    const asked = this.#asking.then(() => this.#askForRole(task, held, former, waits));
    this.#asking = asked.catch(() => undefined);
    return asked;
  }

  async #askForRole(task: PlanTask, { decision, subject }: HeldRole, former: string, waits: Resume): Promise<void> {
    const before = questionAboutRole(this.record.state, task.role);
    const objection = before && (await this.consents.objection(before, subject));
    if (before && !before.answer && !objection) return;
    const to = ` to start sessions of the role ${task.role}`;
    const why = former === "" && objection ? objectionSentence(objection) : former;
    await this.#ask(task, { subject, decision, former: why, step: roleStep, before, to }, waits);
  }

  async #ask(task: PlanTask, question: Question, waits: Resume | undefined): Promise<void> {
    const { subject, decision, former, step, before, to } = question;
    const why = await heldReason(decision, this.place);
    const reason = former === "" ? why : `${why} ${former}`;
    await this.task(task, "waiting", "blocked", `${task.id} needs approval.`, placeOf(waits));
    const definition = this.definitions.get(task.id);
    await this.record.append(
      {
        kind: "approval_needed",
        actor: "engine",
        session_name: null,
        text: `${task.id} needs approval${to}: ${reason}${this.#behind(task)}`,
        human_attention_needed: true,
        input: visibleText(subject.text),
        reason,
        rule: decision.rule,
        role: task.role,
        task_id: task.id,
        step,
        ...(waits === undefined ? {} : { attempt: waits.attempt }),
        options: approvalOptions,
        refs: [
          { type: "task", id: task.id },
          ...(before && !before.settled ? [{ type: "entry", id: before.entry.id }] : []),
        ],
        ...(definition === undefined ? {} : { definition }),
        ...this.consents.asking(subject),
      },
      "synced",
    );
  }

  /**
   * A task that cannot be brought to its end: a person is told once, with what they can do. `question_first`: no run of
   * the task is under way, so that a task without a question would be taken for one that was left in the middle.
   */
  async giveUp(
    task: PlanTask,
    result: AttemptResult,
    session_name: string | null,
    attempt: number,
    order: "state_first" | "question_first" = "state_first",
  ): Promise<void> {
    const state = result.state === "unknown" || result.state === "blocked" ? result.state : "failed";
    const { shown } = result;
    const sentence = `${task.id} ${taskWords(state)}: ${result.reason}${tryWords(task, attempt)}.`;
    const ofTask = (): Promise<void> =>
      this.task(task, state, state, sentence, {
        attempt,
        exit_code: result.exit_code,
        session_name,
        reason: result.reason,
      });
    if (order === "state_first") await ofTask();
    await this.record.append(
      {
        kind: state === "failed" ? "error" : "blocked",
        actor: "engine",
        session_name,
        text: `${sentence}${shownBehind(result)}${this.#behind(task)}`,
        human_attention_needed: true,
        role: task.role,
        task_id: task.id,
        options: optionsFor(state, result),
        ...(shown === undefined ? {} : { step: shown.step, attempt, screen: shown.fingerprint }),
        refs: [
          { type: "task", id: task.id },
          ...(result.command_id === null ? [] : [{ type: "command", id: result.command_id }]),
        ],
      },
      "synced",
    );
    if (order === "question_first") await ofTask();
  }

  /** A task whose command `by` did not allow. */
  async skip(task: PlanTask, by: string): Promise<void> {
    await this.task(task, "skipped", "skipped", decidedSentence(task.id, "skipped", by));
  }

  #behind(task: PlanTask): string {
    const behind = blockedBehind(this.plan, task.id);
    return behind > 0 ? ` ${plural(behind, "task")} ${behind === 1 ? "depends" : "depend"} on ${task.id}.` : "";
  }
}

/** So many of the last lines of a check stand in a question, and so many characters of each. */
const checkLines = 20;
const checkColumns = 200;

function optionsFor(state: TaskState, { check, shown, stopped, stalled }: AttemptResult): string[] {
  if (stopped === true) return stoppedOptions;
  if (stalled === true) return stalledOptions;
  if (state === "unknown" || check) return unknownOptions;
  return shown ? programOptions : failureOptions;
}

/** What the person is asked about, behind the sentence that says why. */
function shownBehind({ shown, check, lastLine }: AttemptResult): string {
  if (shown) return shown.text === "" ? "" : ` Its screen shows:\n${visibleText(shown.text)}\n`;
  const lines = outputLines(check?.output ?? "").slice(-checkLines);
  if (lines.length === 0) return lastOutput(lastLine);
  return ` The check showed:\n${lines.map((line) => visibleText(line).slice(0, checkColumns)).join("\n")}\n`;
}

/** ` (try 2 of 3)`; empty for a task that is tried once. */
function tryWords(task: PlanTask, attempt: number): string {
  const all = triesOf(task);
  return all > 1 ? ` (try ${attempt} of ${all})` : "";
}

/** A question about what is held back. */
interface Question {
  readonly subject: ConsentSubject;
  readonly decision: PolicyDecision;
  /** Who had answered, and why that does not count; empty where nobody had. */
  readonly former: string;
  readonly step: number;
  /** What was asked about it before. */
  readonly before: Escalation | undefined;
  /** What the approval is for, in a sentence. */
  readonly to: string;
}

/** A reason that begins with the command says what it is about itself. */
function approvalSentence(command: string, reason: string): string {
  const quoted = `"${brief(command, 200)}"`;
  return reason.startsWith(quoted) ? "" : ` to run ${quoted}`;
}

/** Who decided what, where a person did; else what the plan or an earlier run left. */
function standingSentence(
  { id, role }: PlanTask,
  { state, resume, by, sends, taken }: Omit<Standing, "isNew">,
): string {
  if (by === undefined)
    return resume ? `${id} continues where it stopped.` : `${id} ${taskWords(state)} (role ${role}).`;
  const who = actorName(by);
  if (taken === true) return `${id} continues: ${who} said that its agent has taken the prompt.`;
  if (sends === true) return `${id} continues: ${who} wants its text to be sent as its program stands.`;
  // Otherwise only an answer that a command of unknown outcome is done continues behind it.
  if (resume) return `${id} continues with its next command: ${who} said that the last one is done.`;
  if (state === "pending") return `${id} will run again, as ${who} asked.`;
  return decidedSentence(id, state, by);
}

function decidedSentence(id: string, state: TaskState, by: string): string {
  return `${id} ${taskWords(state)}, as ${actorName(by)} said.`;
}

/** What the record says of a try that goes on in its middle. */
function placeOf(resume: Resume | undefined): Partial<EntryDraft> {
  return resume ? { attempt: resume.attempt, step: resume.step } : {};
}

/** The project's first sentence of a run. `before`: its status until then. */
export function startSentence(actor: string, name: string, before: ProjectStatus): string {
  const who = actorName(actor);
  if (before === "planned") return `${who} started ${name}.`;
  return before === "done" ? `${who} ran ${name} again.` : `${who} resumed ${name}.`;
}
