import { byCodeUnits } from "../core/base/textOrder";
import { openEscalations } from "../core/model/projectState";
import { questionsBySession } from "../core/model/questionSession";
import { type SessionContext, stateSince } from "../core/model/session";
import { isLiving } from "../core/model/states";
import { withQuestions } from "../core/session/trueSessions";
import { openQuestions, type Question } from "./attentionRows";
import type { ProjectPicture, ShownStatus } from "./projectRows";
import { isUnseen } from "./sessionRows";

/** A session that needs a person, and that no open question of the log is about. */
export interface SessionNeed {
  readonly kind: "session";
  /** `waits`: its program asks. `quiet`: it may, as it prints nothing for long. `done`: nobody has looked at its work. */
  readonly why: "waits" | "failed" | "quiet" | "done";
  readonly picture: ProjectPicture;
  readonly session: SessionContext;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** What needs a person. */
export type Need = { readonly kind: "question"; readonly question: Question; readonly since: string } | SessionNeed;

const order = ["waits", "failed", "quiet", "done"] as const satisfies readonly SessionNeed["why"][];

/** All that needs a person, in the order in which it should be seen to: what waits for an answer first, the oldest first. */
export function needsOf(pictures: readonly ProjectPicture[]): Need[] {
  const questions = openQuestions(pictures).map((question): Need => ({
    kind: "question",
    question,
    since: question.entry.ts,
  }));
  return [...questions, ...pictures.flatMap(sessionNeeds)].sort(
    (one, other) => rank(one) - rank(other) || byCodeUnits(one.since, other.since),
  );
}

/** Those of sessions alone. */
export function silentNeeds(pictures: readonly ProjectPicture[]): SessionNeed[] {
  return needsOf(pictures).flatMap((need) => (need.kind === "session" ? [need] : []));
}

function rank(need: Need): number {
  return need.kind === "question" ? order.indexOf("waits") : order.indexOf(need.why);
}

function sessionNeeds(picture: ProjectPicture): SessionNeed[] {
  if (picture.state.archived) return [];
  // What is asked as a question is listed as one.
  const asked = questionsBySession(picture.state);
  return picture.sessions.flatMap((session): SessionNeed[] => {
    if (asked.has(session.session_name) || !isLiving(session)) return [];
    const need = (why: SessionNeed["why"], since = stateSince(session)): SessionNeed[] => [
      { kind: "session", why, picture, session, since },
    ];
    if (session.state === "waiting") return need("waits");
    if (session.state === "failed") return need("failed");
    if (session.quiet_since !== undefined) return need("quiet", session.quiet_since);
    // Only what the record says can be taken back there.
    return session.state === "done_unseen" && isUnseen(picture.state, session.session_name) ? need("done") : [];
  });
}

/** Since when the project waits for an answer (ISO 8601, UTC); undefined where it does not. */
export function askedSince({ state, sessions }: Pick<ProjectPicture, "state" | "sessions">): string | undefined {
  const asking = withQuestions(sessions, state).filter((session) => session.state === "waiting");
  return [...openEscalations(state).map(({ ts }) => ts), ...asking.map(stateSince)].sort(byCodeUnits)[0];
}

/** A project among others. */
type PlacedProject = Pick<ProjectPicture, "state" | "sessions">;

/**
 * Projects by need, then by newest activity: those that wait for an answer, the longest wait first; those that failed or
 * should run; those that run, which keep their order, as they are all active now; then the others, those in the archive last.
 */
export function neediestFirst<Project extends PlacedProject>(
  projects: readonly Project[],
  statusOf: (project: Project) => ShownStatus,
): Project[] {
  return projects
    .map((project) => {
      const { archived } = project.state;
      const place = archived ? archivedPlace : placeOf(statusOf(project));
      const active = place === runningPlace ? "" : (project.state.highlights.at(-1)?.ts ?? "");
      return { project, since: archived ? undefined : askedSince(project), place, active };
    })
    .sort(
      (one, other) =>
        bySince(one.since, other.since) || one.place - other.place || byCodeUnits(other.active, one.active),
    )
    .map(({ project }) => project);
}

const runningPlace = 1;
const archivedPlace = 3;

function placeOf(status: ShownStatus): number {
  if (status === "failed" || status === "not_running") return 0;
  return status === "running" ? runningPlace : runningPlace + 1;
}

/** What has waited longest comes first; what does not wait, last. */
function bySince(one: string | undefined, other: string | undefined): number {
  if (one !== undefined && other !== undefined) return byCodeUnits(one, other);
  return one === other ? 0 : one === undefined ? 1 : -1;
}
