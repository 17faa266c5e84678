import { askServers, trueSessions } from "../core/session/trueSessions";
import { isAtRest, isLiving } from "../core/model/states";
import { questionsBySession } from "../core/model/questionSession";
import { shellWord } from "../core/sense/shellWord";
import { type Need, needsOf, type SessionNeed } from "../protocol/needs";
import type { ProjectPicture } from "../protocol/projectRows";
import { mayBeAnswered } from "../protocol/sessionRows";
import type { Container } from "./container";
import type { ReadProject } from "./projects";
import { terminalLooks } from "./terminalLooks";

/**
 * All that needs a person, the most urgent first. Servers are asked only about projects with a session that may wait
 * without a question.
 */
export async function needsHere(container: Container, projects: readonly ReadProject[]): Promise<Need[]> {
  const mayWait = projects.filter(({ state }) => {
    const asking = questionsBySession(state);
    return [...state.sessions.values()].some(
      (session) =>
        isLiving(session) &&
        (!isAtRest(session.state) || session.denied !== undefined) &&
        !asking.has(session.session_name),
    );
  });
  const { servers } = container;
  const live = await askServers((reference) => servers.asReference(reference), mayWait, terminalLooks(container));
  return needsOf(
    projects.map((each): ProjectPicture => ({
      key: each.project.project_id,
      project: each.project,
      state: each.state,
      sessions: mayWait.includes(each) ? trueSessions(each, live) : [...each.state.sessions.values()],
      runner: { who: "nobody" },
      folder: undefined,
    })),
  );
}

/** What to do about a session that needs somebody. */
export function howToSee({ why, session }: SessionNeed): string {
  const name = shellWord(session.session_name);
  if (mayBeAnswered(session)) return `Answer it with: wsh-orchestrator answer ${name}`;
  return why === "done"
    ? `Look at it with: wsh-orchestrator attach ${name}, or mark it as seen with: wsh-orchestrator attention --seen ${name}`
    : `Look at it with: wsh-orchestrator attach ${name}`;
}
