import type { Acting } from "../core/acts/acting";
import { type Disposable, DisposableStore, toDisposable } from "../core/base/lifecycle";
import type { ProjectRecord } from "../core/record/projectRecord";
import type { LiveSession } from "../core/session/liveSessions";
import { awaitedQuestions } from "../core/model/awaitedQuestions";
import { type ContextEntry, needsHuman } from "../core/model/entry";
import type { Plan } from "../core/model/plan";
import { countedTasks } from "../core/model/taskCount";
import { endsLikePrompt } from "../core/sense/plainPrompt";
import { TerminalAnswers } from "./answering";
import type { Container } from "./container";
import { shortSession } from "../core/model/names";
import { isLate, progressLines, recordLines } from "../protocol/logLines";
import { type LiveModel, livePicture, type LiveTask, questionsShown } from "./livePicture";
import { answerCommand } from "./questionText";
import { isOfEarlierTry, taskWord } from "./taskWord";
import { quietAfterMs } from "./runSettings";
import { LiveScreen } from "./liveScreen";
import { questionParts } from "../protocol/question";
import { sessionLook, shownFinding } from "../protocol/stateLook";
import { typedMark } from "../protocol/typedMark";

/** How often running times and last lines are looked at; what did not change is not drawn. */
const lookMs = 250;
/** This much of a line tells an echo, which may be wrapped, from output. */
const echoLength = 24;

export interface RunViewOptions {
  readonly container: Container;
  readonly record: ProjectRecord;
  /** What the project's sessions do now. */
  readonly live: () => readonly LiveSession[];
  readonly plan: Plan;
  /** This process runs it; else it shows what another one does. */
  readonly runsHere: boolean;
  /** A person may answer here. */
  readonly answering: boolean;
  /** A picture may be redrawn in place. */
  readonly picture: boolean;
}

/**
 * Shows a run until it ends: entries as JSON, as lines of the log, or as lines above a live picture. Disposing leaves the
 * terminal clean.
 */
export function showRun(options: RunViewOptions): Disposable {
  const { container, record } = options;
  const { output } = container;
  if (output.json) return record.onEntry((entry) => output.entry(entry));
  const store = new DisposableStore();
  const acting = (): Promise<Acting> => container.acting({ runsHere: options.runsHere });
  const print = (entry: ContextEntry): void => {
    // Above a picture an entry has one line, and all of it is in the record; of a question nothing is cut.
    const cells = options.picture && !needsHuman(entry) ? output.stderr.columns : undefined;
    // The picture shows what runs; without one the heartbeat is the sign of life.
    const lines =
      entry.kind === "heartbeat" && !options.picture
        ? recordLines(entry)
        : progressLines(entry, isLate(record.state, entry));
    for (const line of lines ?? []) output.error(line, cells);
  };
  if (!options.picture) {
    store.add(record.onEntry(print));
    if (options.answering) {
      const answers = new TerminalAnswers(
        record,
        acting,
        (confirm) => container.terminals(confirm),
        () => undefined,
        () => container.interrupts.raise(),
      );
      store.add(answers.listenToLines(output.stdin, (text) => output.error(text)));
    }
    return store;
  }
  const begun = container.clock.monotonic();
  const answers = new TerminalAnswers(
    record,
    acting,
    (confirm) => container.terminals(confirm),
    () => screen.changed(),
    () => container.interrupts.raise(),
  );
  const screen = new LiveScreen(
    output.stderr,
    (size) => {
      const model = liveModel(options, answers, container.clock.monotonic() - begun);
      answers.shown = new Set(questionsShown(model, size));
      return livePicture(model, size);
    },
    output.paintError,
  );
  store.add(toDisposable(() => output.setStage(undefined)));
  store.add(toDisposable(() => screen.stop()));
  output.setStage(screen);
  screen.start();
  if (options.answering) store.add(answers.listenToKeys(output.stdin));
  store.add(
    record.onEntry((entry) => {
      if (entry.kind === "answer") answers.notice = "";
      print(entry);
      if (needsHuman(entry)) answers.above.add(entry.id);
      screen.changed();
    }),
  );
  const timer = setInterval(() => screen.changed(), lookMs);
  store.add(toDisposable(() => clearInterval(timer)));
  return store;
}

/** The newest line of output; a prompt with the command's echo says nothing new. */
function shownLine({ command, lastLine }: LiveSession): string {
  const line = lastLine.trim();
  const echoed =
    command?.input !== undefined &&
    (line.endsWith(command.input.trim()) ||
      (line.length >= echoLength && command.input.includes(line.slice(-echoLength))));
  return echoed || endsLikePrompt(line) ? "" : line;
}

/** How long a session has been quiet, when its command has printed nothing for long. */
function quietMs(container: Container, { command, silentMs }: LiveSession): number | undefined {
  const limit = quietAfterMs(container);
  const isQuiet = command?.input !== undefined && silentMs !== null && limit > 0 && silentMs >= limit;
  return isQuiet ? silentMs : undefined;
}

function liveModel(
  { container, record, live, plan, answering }: RunViewOptions,
  answers: TerminalAnswers,
  elapsed_ms: number,
): LiveModel {
  const { state } = record;
  return {
    name: plan.project,
    goal: plan.goal,
    elapsed_ms,
    tasks: plan.tasks.map((task): LiveTask => {
      const record = state.tasks.get(task.id);
      const earlier = record !== undefined && isOfEarlierTry(record.state);
      const started = record?.started_at && !earlier ? Date.parse(record.started_at) : undefined;
      const ended = record?.ended_at
        ? Date.parse(record.ended_at)
        : record?.state === "running" || record?.state === "ready"
          ? container.clock.now()
          : undefined;
      return {
        id: task.id,
        where: record?.session_name && !earlier ? shortSession(record.session_name) : task.role,
        state: record?.state ?? "pending",
        word: taskWord(state, task.id, record?.state ?? "pending", container.clock.now()),
        attempts: record?.attempts ?? 0,
        duration_ms: started === undefined || ended === undefined ? undefined : ended - started,
      };
    }),
    count: state.tasks.size === 0 ? { succeeded: 0, total: plan.tasks.length, others: [] } : countedTasks(state),
    sessions: live().map((session) => ({
      name: shortSession(session.name),
      command: session.command?.input,
      mark: typedMark(session.command ?? {}),
      runsFor_ms: session.runsFor,
      state: sessionLook(shownFinding(session.sensed)).word,
      lastLine: shownLine(session),
      quiet_ms: quietMs(container, session),
    })),
    questions: awaitedQuestions(state).map((entry) => ({
      id: entry.id,
      answerCommand: answerCommand(entry, true),
      ...questionParts(entry),
      where: entry.task_id ?? "",
      above: answers.above.has(entry.id),
      options: entry.options ?? [],
    })),
    typed: answering ? answers.typed : undefined,
    notice: answers.notice,
    stopping: container.interrupts.signal.aborted,
  };
}
