import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { brief, durationText } from "../model/sentences";
import type { Clock } from "../ports/machine";
import { shownText } from "../sense/composer";
import { type AgentLook, type AgentView, shellInFront } from "../session/agentView";
import { limitOf } from "../session/sensedStates";
import { ProgramNotReady } from "./programNotReady";
import type { TypingRequest } from "./typingRequest";

/** An agent starts, and ends what it is at, within this time. */
const restMs = 90_000;
/** A shell that starts an agent stands in front for a moment; on a machine with other work for long. */
const startMs = 30_000;
/** One that the agent has left behind stays. */
const leftMs = 2000;
/** A composer that is drawn in pieces is whole after this; before, some lose what is typed (measured with Codex). */
const settledMs = 1000;

/** Why nothing may be typed there now. */
interface Obstacle {
  /** Behind the session's name. */
  readonly why: string;
  /** What ends it: a person who finishes, the agent itself, an answer, the time; or it has ended. */
  readonly until: "person" | "agent" | "answer" | "limit" | "left";
}

/** The agent has ended, and the shell that it was started from is in front: nothing was typed. */
export class AgentLeft extends OrchestratorError {
  constructor(session_name: string, title: string, shell: string) {
    super("session_ended", `${title} has ended in ${shortSession(session_name)}: its shell (${shell}) is in front.`, {
      kind: "look_at_session",
      session: session_name,
    });
  }
}

/**
 * Waits until the agent takes a prompt: by its own rules it is at rest, its composer is empty, and all of that has settled.
 * `text`: where exactly this stands there already, it need not be typed. Undefined once the session is over, which sending
 * finds out. Throws `ProgramNotReady` and `AgentLeft`; nothing was typed.
 */
export async function agentReady(
  view: AgentView,
  request: TypingRequest,
  title: string,
  text: string,
  clock: Pick<Clock, "monotonic">,
): Promise<AgentLook | undefined> {
  const { session, signal, states, passed } = request;
  const limit = states && limitOf(states, session);
  const begun = clock.monotonic();
  const { timeoutMs = Infinity } = request;
  let until: Obstacle["until"] | undefined;
  let since = begun;
  let picture = "";
  let steadySince = begun;
  for (let asks = true; ;) {
    const look: AgentLook | undefined = asks ? await view.ask(signal) : await view.look(signal);
    if (!look) return undefined;
    const now = clock.monotonic();
    const found = obstacleOf(look, title, text, limit?.leftMs ?? 0);
    if (passed !== undefined && ProgramNotReady.fingerprint(look.screen) === passed && found?.until !== "left")
      return look;
    const drawn = pictureOf(look);
    if (drawn !== picture) steadySince = now;
    picture = drawn;
    if (!found) {
      const settled: boolean = now - Math.min(steadySince, look.stillSince) >= settledMs;
      if (asks && settled) return look;
      until = undefined;
      asks = settled;
    } else {
      if (found.until !== until) since = now;
      until = found.until;
      if (now - since >= patience(until, request, view.wasThere) || now - begun >= timeoutMs) {
        if (until === "left") throw new AgentLeft(session.identity.name, title, shellInFront(look) ?? "");
        throw new ProgramNotReady(session.identity.name, found.why, look.screen);
      }
      // A program that starts or ends changes what is in front.
      asks = until === "left" || !look.composer;
    }
    if (!asks || found) await view.step(signal);
  }
}

/** What is in the way of a prompt there; undefined where nothing is. */
export function obstacleOf(look: AgentLook, title: string, text: string, limitMs: number): Obstacle | undefined {
  const { sensed, composer } = look;
  const shell = shellInFront(look);
  if (shell !== undefined) return { until: "left", why: `has ${shell} in front, not ${title}` };
  if (limitMs > 0) return { until: "limit", why: `has reached a limit of ${title}` };
  if (sensed.state === "waiting") return { until: "answer", why: asksSomething(look) };
  if (sensed.state === "working") return { until: "agent", why: "is at work on something else" };
  if (sensed.kind === "pager") return { until: "person", why: "shows a pager instead of its composer" };
  if (!composer || sensed.state === "starting" || sensed.state === "unclear" || sensed.state === "exited")
    return { until: "agent", why: `has not shown for ${durationText(restMs)} that ${title} is ready for a prompt` };
  if (!composer.takesText) return { until: "person", why: "takes a shell's command or a search in its composer" };
  if (composer.text === "" || shownText(composer, text) === "whole") return undefined;
  return { until: "person", why: `has a text in its composer that was not sent: ${brief(composer.text, 120)}` };
}

export function asksSomething({ sensed }: AgentLook): string {
  const line = sensed.evidence[0]?.lines[0];
  return line === undefined ? "asks something" : `asks something: ${brief(line, 120)}`;
}

/** How long it is waited, in milliseconds. What is asked there is a question of its own, where somebody follows that. */
function patience(until: Obstacle["until"], { draftMs = 0, states }: TypingRequest, wasThere: boolean): number {
  switch (until) {
    case "person":
      return draftMs;
    case "answer":
      return states ? Infinity : draftMs;
    case "limit":
      return Infinity;
    case "agent":
      return restMs;
    case "left":
      return wasThere ? leftMs : startMs;
  }
}

/** What has to stand still; around it agents draw what moves for ever. */
function pictureOf({ screen, sensed, composer }: AgentLook): string {
  const rows = composer ? screen.lines.slice(composer.rows.first) : screen.lines;
  return JSON.stringify([screen.title, sensed.state, sensed.evidence[0]?.rule, composer, rows.map(withoutDigits)]);
}

function withoutDigits(row: string): string {
  return row.replace(/\d+/gu, "0");
}
