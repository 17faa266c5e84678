import type { TurnEnd } from "../model/agentTurn";
import { brief, withoutStop } from "../model/sentences";
import { limitEnd } from "../sense/limitEnd";
import { stateSentence } from "../sense/stateSentence";
import type { Sensed } from "../sense/terminalFacts";
import type { CommandEnd } from "../session/commandEnds";
import type { FollowedState } from "../session/sensedStates";

/**
 * The end of a turn that failed, or that a limit has ended, by what its agent shows. `followed`: what its session is known
 * to do, which knows since when a limit is told. `now` in milliseconds since 1970.
 */
export function turnFailure(
  sensed: Sensed,
  title: string,
  followed: FollowedState | undefined,
  now: number,
): CommandEnd | undefined {
  const { state, kind, until, evidence } = sensed;
  if (state !== "failed" && state !== "limited") return undefined;
  const isKnown = followed?.finding.state === state;
  const end = (isKnown ? followed.limit.end : undefined) ?? (until === undefined ? undefined : limitEnd(until, now));
  const said = evidence.flatMap(({ lines }) => lines)[0]?.trim() ?? "";
  const sentence = withoutStop(isKnown ? followed.finding.why : stateSentence(sensed, title));
  const turn: TurnEnd = {
    state,
    kind,
    why: `${sentence}${said === "" ? "" : ` ("${brief(said, 160)}")`}.`,
    limitEnd: state === "limited" ? end : undefined,
  };
  return { outcome: "exited", exit_code: null, known_by: "rest", output: undefined, turn };
}
