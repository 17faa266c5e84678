import type { Disposable } from "../base/lifecycle";
import type { AgentCatalog } from "../model/agentProfile";
import { lastOutput } from "../model/commandOutput";
import { type ContextEntry, type EntryDraft, refOf } from "../model/entry";
import { quietAsksEvent, quietOverEvent } from "../model/entryKinds";
import { messageOf } from "../model/errors";
import { shortSession } from "../model/names";
import type { Plan, PlanRole } from "../model/plan";
import { questionsBySession } from "../model/questionSession";
import { waitOption } from "../model/quietTime";
import { brief, roughDuration, withoutStop } from "../model/sentences";
import type { SessionState } from "../model/states";
import { interruptOption, leavePagerOption, leavePromptOption, quietOptions } from "../people/escalations";
import type { Clock, Logger } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { visibleText } from "../safety/controlCharacters";
import { endOfInputKey, interruptKey } from "../sense/typing";
import type { OpenSession } from "../session/openSession";
import type { SensedStates } from "../session/sensedStates";
import type { SessionFinding } from "../session/sessionState";

export interface QuietQuestionsWorld {
  readonly record: OpenRecord;
  readonly plan: Plan;
  readonly sessions: () => readonly OpenSession[];
  readonly states: SensedStates;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly agents: AgentCatalog;
  /** How long a pager, an editor or a prompt may stand there where the plan says nothing; 0: for ever. */
  readonly quietAfterMs: number;
  /** What prints nothing for so long is asked about, too. */
  readonly asksWhenQuiet: boolean;
}

/** What may wait for somebody without saying so. What asks is asked about as that. */
const silentStates: readonly SessionState[] = ["working", "unclear", "idle", "done_unseen", "limited"];

interface Leaving {
  readonly rests: RestingPlace;
  /** What it is called in the record. */
  readonly place: string;
  readonly key: string;
}

/** How a person has left what stands there, by the answer. */
const leavings: Readonly<Record<string, Leaving>> = {
  // less, more, man and what is like them end by it.
  [leavePagerOption]: { rests: "pager", place: "pager", key: "q" },
  // A REPL and a shell end with their input, where nothing is typed yet.
  [leavePromptOption]: { rests: "prompt", place: "prompt", key: endOfInputKey },
};

/**
 * Asks people about commands of tasks that have printed nothing for as long as plan or setting allow, and about pagers,
 * editors and prompts that such a command opened, and programs with a limit that is over or whose end nobody knows. One timer for
 * each session that works, which ends when it could be so far.
 */
export class QuietQuestions implements Disposable {
  readonly #timers = new Map<string, Disposable>();
  /** Listeners that wait for what is asked about to go on, by session. */
  readonly #stirring = new Map<string, Disposable>();
  /** Until when nobody is asked again, by session and the monotonic clock. */
  readonly #putOff = new Map<string, number>();
  readonly #listener: Disposable;

  constructor(private readonly world: QuietQuestionsWorld) {
    const { record } = world;
    this.#listener = record.onEntry((entry) => this.#heard(entry));
    for (const { session_name } of record.state.openCommands.values())
      if (session_name !== null) this.#arm(session_name, 0);
    // Whoever was told of an answer may have ended before it was carried out.
    for (const { answer, settled } of [...record.state.escalations.values()])
      if (answer && !settled) this.#heard(answer);
  }

  dispose(): void {
    this.#listener.dispose();
    for (const each of [...this.#timers.values(), ...this.#stirring.values()]) each.dispose();
  }

  #heard(entry: ContextEntry): void {
    const { kind, session_name, task_id } = entry;
    if (kind === "command" && session_name !== null && task_id !== undefined) this.#arm(session_name, 0);
    if (kind !== "answer") return;
    const question = this.world.record.state.escalations.get(refOf(entry, "entry") ?? "");
    // The first answer counts.
    if (question?.entry.event === quietAsksEvent && question.answer?.id === entry.id)
      this.#do(() => this.#answered(question.entry, entry));
  }

  #arm(name: string, ms: number): void {
    this.#timers.get(name)?.dispose();
    this.#timers.set(
      name,
      this.world.clock.after(ms, () => this.#do(() => this.#look(name))),
    );
  }

  #do(work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      this.world.logger.warn(`A question about a quiet session could not be saved: ${messageOf(error)}`),
    );
  }

  async #look(name: string): Promise<void> {
    const { record, clock, states, sessions } = this.world;
    const command = [...record.state.openCommands.values()].findLast(({ session_name }) => session_name === name);
    const session = sessions().find((each) => each.name === name);
    if (command?.task_id === undefined || !session) return;
    const { finding, limit: reached } = states.of(session.shell) ?? {};
    const limit = this.#limit(command, finding);
    const ran = Math.max(0, clock.now() - Date.parse(command.ts));
    const unlimited = reached?.end === undefined ? Infinity : clock.now() - reached.end;
    const silent = Math.min(session.shell.silentMs ?? Infinity, ran, unlimited);
    const left = Math.max(limit.ms - silent, (this.#putOff.get(name) ?? 0) - clock.monotonic());
    if (limit.ms <= 0) return;
    if (left > 0) {
      // A limit may end before its time.
      this.#arm(name, unlimited < 0 ? limit.ms : left);
      return;
    }
    const isSilent = finding !== undefined && silentStates.includes(finding.state);
    if (!limit.asks || !isSilent || questionsBySession(record.state).has(name)) {
      this.#arm(name, limit.ms);
      return;
    }
    const endless = finding.state === "limited" && reached?.end === undefined;
    const question = await record.append(questionOf(session, command, finding, silent, endless), "synced");
    this.#stirring.get(name)?.dispose();
    this.#stirring.set(
      name,
      session.shell.onActivity(() => {
        this.#stirring.get(name)?.dispose();
        const still = record.state.escalations.get(question.id);
        if (still && !still.settled && !still.answer)
          this.#do(() => this.#over(question, `${shortSession(name)} continues, so its question is closed.`));
        this.#arm(name, limit.ms);
      }),
    );
  }

  /** What is allowed there; `asks`: a person is asked about more than that. */
  #limit(
    { task_id, role }: ContextEntry,
    finding: SessionFinding | undefined,
  ): { readonly ms: number; readonly asks: boolean } {
    const { plan, quietAfterMs, asksWhenQuiet } = this.world;
    const own = plan.roles.find(({ name }) => name === role);
    const planned = plan.tasks.find(({ id }) => id === task_id)?.quiet_ms ?? own?.quiet_ms ?? plan.quiet_ms;
    if (planned !== undefined) return { ms: planned, asks: true };
    return {
      ms: quietAfterMs,
      asks: asksWhenQuiet || restsIn(finding, own) !== undefined || finding?.state === "limited",
    };
  }

  async #answered(question: ContextEntry, { answer, actor }: ContextEntry): Promise<void> {
    const { record, clock, sessions } = this.world;
    const name = question.session_name ?? "";
    const session = sessions().find((each) => each.name === name);
    const command = record.state.openCommands.get(refOf(question, "command") ?? "");
    if (!session || !command) return;
    const finding = this.world.states.of(session.shell)?.finding;
    const { ms } = this.#limit(command, finding);
    this.#putOff.set(name, clock.monotonic() + ms);
    this.#arm(name, ms);
    const who = actor.replace(/^\w+:/, "");
    // It stands in the record before the key is sent, so that it is sent once.
    if (answer === interruptOption) {
      const isPrompt = command.typed_as === "prompt";
      await this.#over(question, `The ${isPrompt ? "prompt" : "command"} is being interrupted, as ${who} said.`);
      // Ctrl-C may end an agent.
      const own = isPrompt ? this.world.agents.of(session.role.agent?.use ?? "")?.interrupt : undefined;
      await session.shell.press(own ?? interruptKey);
      return;
    }
    const leaving = leavings[answer ?? ""];
    if (!leaving) return;
    const { rests, place, key } = leaving;
    const isThere = restsIn(finding, session.role) === rests;
    await this.#over(
      question,
      isThere ? `The ${place} is being left, as ${who} said.` : `${shortSession(name)} shows no ${place} any more.`,
    );
    if (isThere) await session.shell.press(key);
  }

  async #over(question: ContextEntry, text: string): Promise<void> {
    await this.world.record.append(
      {
        kind: "note",
        actor: "engine",
        session_name: question.session_name,
        event: quietOverEvent,
        text,
        refs: [{ type: "entry", id: question.id }],
      },
      "synced",
    );
  }
}

type RestingPlace = "pager" | "editor" | "prompt";

/** What waits for keys there, and does not end by Ctrl-C. */
function restsIn(
  finding: SessionFinding | undefined,
  role: Pick<PlanRole, "program"> | undefined,
): RestingPlace | undefined {
  if (finding?.state !== "idle") return undefined;
  const { kind, by } = finding;
  if (kind === "pager" || kind === "editor") return kind;
  // The prompt of the session's own shell is known by its marks; that of its program is where the session belongs.
  const isOwn = by !== "screen" || role?.program !== undefined;
  return (kind === "repl" || kind === "shell") && !isOwn ? "prompt" : undefined;
}

/** An editor has text that is a person's to keep or to drop. */
function optionsFor(rests: RestingPlace | undefined): readonly string[] {
  switch (rests) {
    case undefined:
      return quietOptions;
    case "pager":
      return [waitOption, leavePagerOption];
    case "prompt":
      return [waitOption, leavePromptOption];
    case "editor":
      return [waitOption];
  }
}

/** What the task waits for, where the last line does not tell. */
const nextSteps: Readonly<Record<RestingPlace, string>> = {
  pager: "",
  editor: " Save or close the file in its terminal, and the task continues.",
  prompt: " The task continues once its prompt is left.",
};

function questionOf(
  { name, role, shell }: OpenSession,
  { command_id = "", task_id = "", input = "" }: ContextEntry,
  finding: SessionFinding,
  silent: number,
  /** It has a limit and does not say until when. */
  endless: boolean,
): EntryDraft {
  const what = `"${brief(visibleText(input), 60)}" of ${task_id}`;
  const { state, kind, why } = finding;
  const says = (state === "idle" && kind !== undefined) || state === "limited";
  const reason = endless ? `${withoutStop(why)} and does not say until when. ` : says ? `${why} ` : "";
  const rests = restsIn(finding, role);
  const next = rests === undefined ? "" : nextSteps[rests];
  return {
    kind: "blocked",
    actor: "engine",
    session_name: name,
    role: role.name,
    task_id,
    event: quietAsksEvent,
    text: `${reason}${what} in ${shortSession(name)} has printed nothing for ${roughDuration(silent)}.${next || lastOutput(shell.lastLine)}`,
    human_attention_needed: true,
    options: [...optionsFor(rests)],
    refs: [
      { type: "session", id: name },
      { type: "task", id: task_id },
      { type: "command", id: command_id },
    ],
  };
}
