import { toDisposable } from "../core/base/lifecycle";
import { hasCode } from "../core/model/errors";
import { questionsBySession } from "../core/model/questionSession";
import type { WantedState } from "../core/model/wantedState";
import type { SensedState } from "../core/sense/terminalFacts";
import { recordedProgram } from "../core/session/recordedProgram";
import { senseOnce } from "../core/session/sensedTerminal";
import { sessionState } from "../core/session/sessionState";
import type { ShellSession } from "../core/session/shellSession";
import { type RecordedSigns, untilState } from "../core/session/stateWait";
import { untilStill } from "../core/session/stillWait";
import { untilText } from "../core/session/textWait";
import { deniedSign } from "../core/session/deniedState";
import { recordedState } from "../core/session/recordedState";
import type { Container } from "./container";
import type { FoundSession } from "./sessionLookup";
import { recordOf } from "./sessionRecord";
import type { WaitCondition } from "./waitCondition";

/** What a session does once it is waited for no more, and the line that was waited for. */
export type WaitedState = SensedState & { readonly shown?: string };

const endToldMs = 2000;
const newestEntries = 200;

/**
 * Waits until the condition holds, or the session has ended. `atMarks`: its shell prints our marks and can be asked for its
 * prompt. Throws what its server throws, and the signal's reason.
 */
export async function untilCondition(
  container: Container,
  found: FoundSession,
  session: ShellSession,
  condition: WaitCondition,
  atMarks: boolean,
  signal: AbortSignal,
): Promise<WaitedState> {
  const { clock } = container;
  const { wire, chosen, info } = found;
  const { server } = chosen;
  session.silence.hadLasted(info.last_output_ms ?? info.last_activity_ms);
  switch (condition.by) {
    case "state":
      return stateOf(container, found, session, condition.wanted, atMarks, signal);
    case "text": {
      const { pattern, onlyNew } = condition;
      const typed = await lastTyped(found);
      const shown = await untilText({ session, server, clock, pattern, typed, onlyNew }, signal);
      return { ...(await doesNow(container, found, session)), ...(shown === undefined ? {} : { shown }) };
    }
    case "stable":
      await untilStill(server, wire, condition.ms, clock, signal);
      return doesNow(container, found, session);
  }
}

/** The command that was typed there last, where it is among the newest entries of the log. */
async function lastTyped({ name, recorded }: FoundSession): Promise<string | undefined> {
  const entries = (await recorded?.owner.ledger.last(newestEntries)) ?? [];
  return entries.findLast((entry) => entry.kind === "command" && entry.session_name === name)?.input;
}

async function stateOf(
  container: Container,
  found: FoundSession,
  session: ShellSession,
  wanted: WantedState,
  atMarks: boolean,
  signal: AbortSignal,
): Promise<SensedState> {
  const record = found.recorded && (await recordOf(container, found));
  try {
    if (atMarks && !session.marks.ready) await session.probeQuietly(signal);
    const { name } = found;
    const recorded = (): RecordedSigns | undefined => {
      const context = record?.state.sessions.get(name);
      return record && context && { session: context, question: questionsBySession(record.state).get(name) };
    };
    return await untilState(
      {
        session,
        atMarks,
        recorded,
        runs: () => {
          const context = recorded()?.session;
          return record && context ? recordedProgram(record.state, context) : {};
        },
        onRecord: record ? record.onEntry : () => toDisposable(() => undefined),
        server: found.chosen.server,
        clock: container.clock,
        logger: container.logger,
        catalog: await container.programRules(),
      },
      wanted,
      signal,
    );
  } finally {
    await record?.close();
  }
}

/** What the session does by one look at it. */
async function doesNow(
  container: Container,
  { chosen: { server }, wire, recorded }: FoundSession,
  session: ShellSession,
): Promise<SensedState> {
  if (!session.over) {
    try {
      const { screen, signs } = await server.look(wire);
      const runs = recorded ? recordedProgram(recorded.owner.state, recorded.context) : {};
      const sensed = senseOnce(screen, { ...runs, mode: signs }, await container.programRules());
      const { stream, end } = session.signals(recorded?.context.k !== undefined);
      return sessionState({
        sensed,
        ...(end ? { end } : {}),
        ...(stream && (!recorded || stream.marks) ? { stream } : {}),
        ...(recorded ? { recorded: recordedState(recorded.context), ...deniedSign(recorded.context) } : {}),
      });
    } catch (error) {
      if (!hasCode(error, "session_not_found")) throw error;
      await session.until(() => session.over, endToldMs);
    }
  }
  return sessionState({ end: session.over ?? { lost: false, exit_code: null } });
}
