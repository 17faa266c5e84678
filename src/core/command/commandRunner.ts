import { type TurnEnd, turnFields } from "../model/agentTurn";
import type { Evidence, Outcome, StopMeans } from "../model/entryKinds";
import { actorName } from "../model/actorName";
import type { EntryDraft } from "../model/entry";
import type { AgentStep } from "../sense/agentAnswer";
import type { Clock, Ids, ProcessIdentity } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { Policy, PolicyDecision } from "../ports/safety";
import type { Approval } from "../safety/consent";
import { visibleText } from "../safety/controlCharacters";
import { type TypedForm, typedForm } from "../sense/typing";
import type { LeftPrompt } from "./agentTyping";
import { CommandLeft, type Ended } from "./commandStop";
import type { DeliveryStage } from "./promptDelivery";
import type { PromptStanding } from "./promptStanding";
import { commandOutput } from "./commandOutput";
import { CommandTyping } from "./commandTyping";
import { inTurn, KeyboardTaken, type KeyboardTurns, untilFree } from "./keyboardTurns";
import { withoutText } from "./hiddenText";
import { isOver, notSent, type Typed, type TypedPrompt, type TypingRequest } from "./typingRequest";
import type { OpenRecord } from "../record/projectRecord";
import { commandSentence, resultSentence } from "./resultSentences";
import type { ShownScreen } from "../session/commandEnds";
import type { ShellSession } from "../session/shellSession";

export interface CommandRequest extends TypingRequest {
  readonly role: string;
  readonly cwd: string;
  readonly actor: string;
  readonly task_id?: string;
  readonly attempt?: number;
  readonly step?: number;
  /** A person's yes to what the policy asks about. */
  readonly approval?: Approval;
  /** The handoff note that it shows. */
  readonly note?: string;
  /** It is a secret: the record has only that it was sent. */
  readonly hidden?: boolean;
  /** The process that waits for the end of a command of no task: while it lives, nobody else writes that end. */
  readonly writer?: ProcessIdentity;
  /** Called when the session has been found free, before the command is written down and typed. */
  readonly begins?: () => Promise<void>;
}

/** Not typed: the policy does not allow it without a person, or at all. */
export interface HeldCommand {
  readonly decision: PolicyDecision;
  /** What reads it there, as a policy takes it. */
  readonly reader: string;
  /** Why a yes that was given does not count. */
  readonly objection?: string | undefined;
}

export interface CommandReport {
  readonly command_id: string | null;
  readonly outcome: Outcome;
  readonly exit_code: number | null;
  readonly known_by: Evidence;
  readonly duration_ms: number;
  readonly output: string;
  /** How it was stopped, when it had to be. */
  readonly means?: StopMeans;
  /** Why its outcome is unknown, for people, where more is known than that its end was not seen. */
  readonly why?: string;
  /** Of a prompt: how the turn of its agent ended that did not just finish. */
  readonly turn?: TurnEnd;
  /** …and all that the agent said and did in it, of which `output` is the answer. */
  readonly steps?: readonly AgentStep[];
  /** What its program shows while nobody knows that. */
  readonly shown?: ShownScreen;
  /** The shell did not take it, because it asked for more. */
  readonly unfinished: boolean;
  /** False: this session can type nothing more. */
  readonly sessionUsable: boolean;
  readonly held?: HeldCommand;
  /** It still runs: nobody waits for it any more. */
  readonly left?: boolean;
  /**
   * Resolves when the result is on the disk. The next command may be typed before: its own intent comes behind this
   * result in the same file, so neither can be there without the other.
   */
  readonly recorded: Promise<void>;
}

/** Where connections break every second, one line in five does not arrive; that none of ten does has another reason. */
const attemptsToSend = 10;

/**
 * Types one command or prompt and follows it to its end: intent on disk, keys, end mark, output, result on disk. What is
 * typed as a command passes the policy here.
 */
export class CommandRunner {
  readonly #typing: CommandTyping;
  readonly #clock: Clock;
  /** The newest result of each session that is on its way to the disk. */
  readonly #unrecorded = new WeakMap<ShellSession, Promise<void>>();

  constructor(
    private readonly record: OpenRecord,
    private readonly server: SessionServer,
    private readonly policy: Policy,
    clock: Clock,
    private readonly ids: Ids,
    /** Asked before every key: rejects once this process may type nothing more. */
    guard: () => Promise<void>,
    /** Where people may type as well; absent: a person types this. */
    private readonly keyboards?: KeyboardTurns,
  ) {
    this.#clock = clock;
    this.#typing = new CommandTyping(server, clock, ids, guard);
  }

  /**
   * Runs `request.text`. A line that the shell does not take is typed once more as `eval`, which gives a status; not
   * one that zsh finds unfinished, because its `eval` may find it whole (`while true` loops for ever there). Throws
   * `session_busy`, `draft_on_line`, `session_not_found`, `request_invalid`, `ProgramNotReady` (nothing was typed),
   * `server_unreachable`, ledger errors.
   */
  async run(request: CommandRequest): Promise<CommandReport> {
    await untilFree(this.keyboards, request);
    const shell = await this.#typing.reader(request);
    // A prompt is text, whatever stands in it: what its agent runs is the agent's to ask about.
    if (request.agent !== undefined) return this.#untilSent(request, shell, undefined);
    // At its prompt the shell tells where it is; the request says where it began.
    const judged = this.policy.decide(request.text, { shell, cwd: request.session.marks.cwd });
    const decision = request.hidden === true ? withoutText(judged) : judged;
    const held = { decision, reader: shell };
    if (decision.verdict === "allow") return this.#untilSent(request, shell, undefined);
    const { approval } = request;
    if (decision.verdict === "deny" || approval === undefined) return notTyped(held);
    const typed = { text: request.text, cwd: request.cwd, shell };
    const objection = await approval.objection(typed);
    if (objection !== undefined) return notTyped({ ...held, objection });
    let report: CommandReport | undefined;
    try {
      report = await this.#untilSent(request, shell, approval);
      return report;
    } catch (error) {
      if (!(error instanceof UsedApproval)) throw error;
      // Another process was faster.
      report = notTyped({ ...held, objection: await approval.objection(typed) });
      await this.#finish(request, { command_id: error.command_id, end: notSent, duration_ms: 0, usable: true });
      return report;
    } finally {
      if (report?.outcome !== "not_sent") approval.spend();
    }
  }

  /** `yes`: it is typed for that, in each way that it takes until something of it has arrived. */
  async #untilSent(request: CommandRequest, shell: string, yes: Approval | undefined): Promise<CommandReport> {
    let form = typedForm(request.text);
    for (let attempt = 1; ; attempt++) {
      const report = await inTurn(this.keyboards, request, () => this.#once(request, form, yes));
      if (report.outcome === "rejected" && form === "line" && !(report.unfinished && shell === "zsh")) form = "eval";
      else if (report.outcome !== "not_sent" || !report.sessionUsable || isOver(request)) return report;
      else {
        // A server that is away takes no keys: that is not the fault of this session, and ends the run unless it comes
        // back.
        await report.recorded;
        await this.server.info(request.signal);
        if (attempt >= attemptsToSend) return report;
      }
    }
  }

  /** See `SentinelTyping.later`. */
  laterEnd(...args: Parameters<CommandTyping["laterEnd"]>): ReturnType<CommandTyping["laterEnd"]> {
    return this.#typing.laterEnd(...args);
  }

  /** Waits for the end of a command that was typed before, with the means against one that does not end. */
  ended(...args: Parameters<CommandTyping["ended"]>): ReturnType<CommandTyping["ended"]> {
    return this.#typing.ended(...args);
  }

  /** See `AgentTyping.standing`. */
  standing(left: LeftPrompt): Promise<PromptStanding> {
    return this.#typing.standing(left);
  }

  /** See `AgentTyping.said`. */
  said(...args: Parameters<CommandTyping["said"]>): ReturnType<CommandTyping["said"]> {
    return this.#typing.said(...args);
  }

  /** See `AgentTyping.resume`. */
  resume(left: LeftPrompt, stage: DeliveryStage): Promise<Ended> {
    return this.#typing.resume(left, stage);
  }

  /** How long it was waited for people who had the keyboard of the session, in milliseconds. */
  waitedForKeyboardMs({ identity }: ShellSession): number {
    return this.keyboards?.waitedMs(identity.name) ?? 0;
  }

  async #once(request: CommandRequest, form: TypedForm, yes: Approval | undefined): Promise<CommandReport> {
    const command_id = this.ids.next();
    const begun = this.#clock.monotonic();
    const typed = await this.#typing
      .type(
        { ...request, interrupting: (outcome) => this.interrupting(command_id, request.session, outcome) },
        form,
        async (prompt) => {
          // Behind a result that cannot be written nothing more is typed; both go to the disk in one piece.
          await Promise.all([this.#intend(request, command_id, prompt), this.#unrecorded.get(request.session)]);
          // With this step, which only one process can do and only once, nothing is between the yes and the keys.
          if (yes && !(await yes.use())) throw new UsedApproval(command_id);
          return command_id;
        },
      )
      .catch((error: unknown) => {
        if (!(error instanceof CommandLeft)) throw error;
      });
    return typed ? this.#finish(request, typed) : stillRuns(command_id, this.#clock.monotonic() - begun);
  }

  /** Takes back a line that stands at prompt `n`; false when it was accepted in the meantime. */
  withdraw(session: ShellSession, n: number): Promise<boolean> {
    return this.#typing.withdraw(session, n);
  }

  /** Writes down that a command is about to get Ctrl-C from us, and what it ends as for that. */
  async interrupting(command_id: string, session: ShellSession, outcome: Outcome): Promise<void> {
    const { name } = session.identity;
    const what = this.record.state.openCommands.get(command_id)?.typed_as === "prompt" ? "prompt" : "command";
    await this.record.append(
      {
        kind: "state",
        actor: "engine",
        session_name: name,
        event: "interrupting",
        text: `The ${what} ${outcome === "timed_out" ? "timed out and " : ""}is being interrupted.`,
        command_id,
        outcome,
        refs: [{ type: "command", id: command_id }],
      },
      "written",
    );
  }

  async #intend(request: CommandRequest, command_id: string, prompt: TypedPrompt): Promise<void> {
    await request.begins?.();
    if (this.keyboards?.isHeld(request.session.identity.name) === true) throw new KeyboardTaken();
    const shown = request.hidden === true ? undefined : visibleText(request.text);
    await this.record.append(
      {
        kind: "command",
        actor: request.actor,
        session_name: request.session.identity.name,
        text: commandSentence(shown, request.task_id ?? actorName(request.actor), request.taken),
        ...(shown === undefined ? {} : { input: shown }),
        command_id,
        role: request.role,
        cwd: request.cwd,
        ...prompt,
        ...(request.agent === undefined ? {} : { k: request.session.identity.key }),
        ...request.writer,
        ...taskFields(request),
        refs: [
          ...(request.task_id === undefined ? [] : [{ type: "task", id: request.task_id }]),
          ...(request.approval === undefined ? [] : [{ type: "entry", id: request.approval.entry_id }]),
          ...(request.note === undefined ? [] : [{ type: "entry", id: request.note }]),
        ],
      },
      "synced",
    );
  }

  async #finish(request: CommandRequest, { command_id, end, duration_ms, usable }: Typed): Promise<CommandReport> {
    const { output, complete, ...steps } = await commandOutput(this.server, this.#typing, request, end);
    const means = end.means === undefined ? {} : { means: end.means };
    const why = end.why === undefined ? {} : { why: end.why };
    const turn = end.turn === undefined ? {} : { turn: end.turn };
    const shown = end.shown === undefined ? {} : { shown: end.shown };
    const written = this.record.append(
      {
        kind: "result",
        actor: "engine",
        session_name: request.session.identity.name,
        text: resultSentence(end, duration_ms, request.agent ? "prompt" : "command"),
        command_id,
        role: request.role,
        outcome: end.outcome,
        exit_code: end.exit_code,
        known_by: end.known_by,
        duration_ms: Math.round(duration_ms * 10) / 10,
        output,
        complete,
        ...means,
        ...(end.port === undefined ? {} : { port: end.port }),
        ...(end.why === undefined ? {} : { reason: end.why }),
        ...turnFields(end.turn),
        ...taskFields(request),
        refs: [{ type: "command", id: command_id }],
      },
      "synced",
    );
    const recorded = written.then(() => undefined);
    // A failure is heard by the next command of the session, or by whoever waits for this one.
    recorded.catch(() => undefined);
    this.#unrecorded.set(request.session, recorded);
    const { outcome, exit_code, known_by } = end;
    return {
      command_id,
      outcome,
      exit_code,
      known_by,
      duration_ms,
      output,
      ...steps,
      ...means,
      ...why,
      ...turn,
      ...shown,
      unfinished: end.unfinished === true,
      sessionUsable: usable,
      recorded,
    };
  }
}

/** Its command is in the record, and was not typed. */
class UsedApproval extends Error {
  constructor(readonly command_id: string) {
    super("This answer was used already.");
  }
}

function notTyped(held: HeldCommand): CommandReport {
  return {
    command_id: null,
    outcome: "not_sent",
    exit_code: null,
    known_by: "none",
    duration_ms: 0,
    output: "",
    unfinished: false,
    sessionUsable: true,
    held,
    recorded: Promise.resolve(),
  };
}

/** Its end comes into the record later, see `settleLeftCommands`. */
function stillRuns(command_id: string, duration_ms: number): CommandReport {
  return {
    command_id,
    outcome: "unknown",
    exit_code: null,
    known_by: "none",
    duration_ms,
    output: "",
    unfinished: false,
    sessionUsable: true,
    left: true,
    recorded: Promise.resolve(),
  };
}

function taskFields(request: CommandRequest): Partial<EntryDraft> {
  if (request.task_id === undefined) return {};
  return {
    task_id: request.task_id,
    ...(request.attempt === undefined ? {} : { attempt: request.attempt }),
    ...(request.step === undefined ? {} : { step: request.step }),
  };
}
