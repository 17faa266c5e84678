import { type RecordedProject, type ServerAnswers, serverProblem } from "../core/session/trueSessions";
import type { Container } from "./container";
import { type ExitCode, exitCode } from "../protocol/exitCodes";
import { remedyText } from "./remedyText";

/** What keeps a project's sessions from being known; `next` is empty where there is nothing to do. */
export interface ToldProblem {
  readonly code: "server_not_chosen" | "server_unreachable";
  readonly message: string;
  readonly next: string;
}

export function toldProblem(project: RecordedProject, live: ServerAnswers): ToldProblem | undefined {
  const problem = serverProblem(project, live);
  return (
    problem && {
      code: problem.not_chosen ? "server_not_chosen" : "server_unreachable",
      message: problem.message,
      next: remedyText(problem.remedy),
    }
  );
}

/**
 * Says on stderr which servers did not answer, and of which projects the server was not asked (`unasked`: only these).
 * Tells the exit code: `usage` where a person on a terminal would have been asked.
 */
export function sayServerProblems(
  { output }: Container,
  projects: readonly RecordedProject[],
  live: ServerAnswers,
  tell: "all" | "unasked" = "all",
): ExitCode {
  const told = new Set<string>();
  const say = (text: string): void => {
    if (!told.has(text)) output.progress([{ text, tone: "attention" }]);
    told.add(text);
  };
  let unasked = false;
  for (const each of projects) {
    const problem = toldProblem(each, live);
    if (problem?.code === "server_unreachable" && tell === "all")
      say(serverProblem(each, live)?.ended === true ? `${problem.message} ${problem.next}`.trimEnd() : problem.message);
    if (problem?.code !== "server_not_chosen") continue;
    unasked = true;
    const { code, next } = problem;
    const message = `${each.project.name}: ${problem.message}`;
    if (output.json) output.error(JSON.stringify({ warning: { code, message, next } }));
    else say(`${message} ${next}`);
  }
  return unasked && !output.canAsk ? exitCode.usage : exitCode.done;
}
