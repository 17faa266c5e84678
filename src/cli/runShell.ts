import { isForeground } from "../adapters/machine/processFacts";
import type { RunShell } from "../core/acts/runProject";
import type { RunNotice, RunProjectRequest } from "../core/acts/runRequest";
import { type Disposable, toDisposable } from "../core/base/lifecycle";
import { type LiveSession, recordedSessions } from "../core/session/liveSessions";
import { actorName } from "../core/model/actorName";
import type { Container } from "./container";
import { tellParent } from "./detach";
import { FollowedQuiet } from "./followedQuiet";
import { outerTerminal, tellProject } from "./outerTerminal";
import { projectTitle } from "./projects";
import { runSettings } from "./runSettings";
import { showRun } from "./runView";

/** How often a running command is written about. */
const heartbeatMs = 30_000;

/** What a run on a terminal, or in a process of its own, is like. */
export interface TerminalRun {
  readonly request: Pick<
    RunProjectRequest,
    "waitForAnswers" | "heartbeatMs" | "quietAfterMs" | "asksWhenQuiet" | "columns" | "elsewhere" | "signal"
  >;
  readonly shell: RunShell;
}

type GivenKind = "commands" | "prompt" | "plan";

/** `given_by`: the options that give the plan again. `given`: what this command wants done beside what runs already. */
export async function terminalRun(container: Container, given_by: string, given?: GivenKind): Promise<TerminalRun> {
  const { output, interrupts, clock } = container;
  const foreground = await isForeground();
  const isPerson = await container.isPerson();
  const answering = isPerson && foreground && output.canAsk && !output.json;
  const picture = foreground && output.canRedraw;
  const outer = await outerTerminal(container);
  const busy = (view: Disposable, told: Disposable | undefined): Disposable => {
    interrupts.busy = true;
    return toDisposable(() => {
      view.dispose();
      told?.dispose();
      interrupts.busy = false;
    });
  };
  const shell: RunShell = {
    notice: (notice) => tell(container, notice, given_by),
    follows: ({ record, project, plan, runner, holder }) => {
      const who = `${runner}, started by ${actorName(holder)}`;
      output.progress([
        {
          text: `${projectTitle(project)} is already running in ${who}. Following it.${afterwards(given)}`,
          tone: "strong",
        },
        { text: answering ? " Ctrl-C stops following; the project keeps running." : "", tone: "quiet" },
      ]);
      const quiet = new FollowedQuiet(container, () => ({ project, state: record.state }));
      const live = (): LiveSession[] => recordedSessions(record.state, clock.now(), quiet.sessions);
      const shown = busy(
        showRun({ container, record, live, plan, runsHere: false, answering, picture }),
        outer && tellProject(outer, record, project.name, live),
      );
      return toDisposable(() => {
        shown.dispose();
        quiet.dispose();
        if (interrupts.signal.aborted)
          output.progress([
            { text: `Stopped following. ${projectTitle(project)} keeps running in ${runner}.`, tone: "quiet" },
          ]);
      });
    },
    begins: ({ record, project, plan, live }) => {
      if (project.name !== project.project_id && record.state.tasks.size === 0)
        output.progress([{ text: `${project.name} is saved under the id ${project.project_id}.`, tone: "quiet" }]);
      return busy(
        showRun({ container, record, live, plan, runsHere: true, answering, picture }),
        outer && tellProject(outer, record, project.name, live),
      );
    },
  };
  const { signal } = interrupts;
  const settings = runSettings(container);
  return { request: { waitForAnswers: answering, heartbeatMs, ...settings, elsewhere: "follow", signal }, shell };
}

/** This process stands on its own: it waits for answers, shows nothing, and does not follow another run. */
export function detachedRun(container: Container, given_by: string, waits: boolean): TerminalRun {
  const { interrupts } = container;
  const { signal } = interrupts;
  return {
    request: {
      ...{ waitForAnswers: true, heartbeatMs, ...runSettings(container) },
      elsewhere: waits ? "wait" : "refuse",
      signal,
    },
    shell: {
      notice: (notice) => tell(container, notice, given_by),
      begins: () => {
        interrupts.busy = true;
        return toDisposable(() => (interrupts.busy = false));
      },
      runs: (_run, claim) => tellParent(claim),
    },
  };
}

function afterwards(given: GivenKind | undefined): string {
  switch (given) {
    case undefined:
      return "";
    case "commands":
      return " Your commands run when it is done.";
    case "prompt":
      return " Your prompt is sent when it is done.";
    case "plan":
      return " Your plan runs when it is done.";
  }
}

function tell({ output }: Container, notice: RunNotice, given_by: string): void {
  output.progress([{ text: sentenceOf(notice, given_by), tone: "attention" }]);
}

function sentenceOf(notice: RunNotice, given_by: string): string {
  switch (notice.what) {
    case "project_rebuilt":
      return `${notice.why} It was restored from the log.`;
    case "plan_without_secrets":
      return `The stored copy of the plan has its secrets removed. To run the project again, give ${given_by} again.`;
    case "answers_of_this_process_only":
      return (
        "Your data folder cannot be used, so an answer that allows a command counts only when it is given here. " +
        "See: wsh-orchestrator doctor"
      );
    case "takes_over":
      return "The process that ran the project ended unexpectedly. This one resumes it.";
  }
}
