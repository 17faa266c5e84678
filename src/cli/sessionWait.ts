import { deferred } from "../core/base/async";
import { watchServer } from "../core/session/serverWatch";
import { ShellSession } from "../core/session/shellSession";
import { hasCode, OrchestratorError } from "../core/model/errors";
import type { SessionContext } from "../core/model/session";
import { nothingToDo } from "../core/model/remedy";
import { hasEnded, type SessionState } from "../core/model/states";
import { isWanted } from "../core/model/wantedState";
import type { SensedState } from "../core/sense/terminalFacts";
import { untilCondition, type WaitedState } from "./conditionWait";
import { notMet, type WaitCondition } from "./waitCondition";
import { deniedSign, isDeniedState } from "../core/session/deniedState";
import { senseOnce } from "../core/session/sensedTerminal";
import { quietAfterMs, sessionState } from "../core/session/sessionState";
import { foreignContext } from "../core/session/foreignContext";
import type { Container } from "./container";
import { toneOfState } from "../protocol/logLines";
import { shortSession } from "../core/model/names";
import { shellWord } from "../core/sense/shellWord";
import { sessionLook, shownFinding, shownState } from "../protocol/stateLook";
import { askedLine } from "../protocol/stateReasons";
import { doing } from "./statusText";
import { type ExitCode, exitCode } from "../protocol/exitCodes";
import { howEnded } from "./endedSession";
import { type ReadProject, readProjects } from "./projects";
import { ownSize } from "../core/session/reachedSession";
import { settleLeftCommands } from "../core/command/leftCommands";
import { recordOf } from "./sessionRecord";
import { type FoundSession, findSession } from "./sessionLookup";
import { type NamedSession, namedSession } from "../core/people/namedSession";
import { advice } from "../core/model/remedy";

/** Between two commands of a task a runner leaves its session alone for milliseconds only; this long is idle. */
const settleMs = 500;
/**
 * A prompt that does not answer is asked again, in case its return was missed; seldom, because what runs there is
 * resized each time.
 */
const askAgainMs = 30_000;
const longestWaitMs = 30_000;
const endToldMs = 2000;

/**
 * Waits until a session is idle or over, or until the condition holds. Throws `session_not_found`, `session_ended`,
 * `server_unreachable` and the signal's reason.
 */
export async function waitForSession(
  container: Container,
  query: string,
  condition: WaitCondition | undefined,
  signal: AbortSignal,
): Promise<ExitCode> {
  const found = await findOrEnded(container, query);
  if ("ended" in found) {
    if (condition && !isEndOf(condition, found.ended.state)) throw endedBefore(found.ended, found.ended, condition);
    return tell(container, found.ended);
  }
  const context = found.recorded?.context ?? foreignContext(found.chosen, found.info, container.clock.now());
  const { shown, ...sensed } = await reading(container, found, signal, (session) =>
    condition
      ? untilCondition(container, found, session, condition, isAskable(found), signal)
      : tellingWaits(container, found, session, signal, () => untilIdle(container, found, session, signal)),
  );
  if (condition && hasEnded(sensed.state) && !isEndOf(condition, sensed.state) && shown === undefined)
    throw endedBefore(context, sensed, condition);
  return tell(container, waitedFor(container, context, sensed), shown);
}

/** The session as it is now; what its screen said of it without secrets. */
function waitedFor(
  { clock, redactor }: Container,
  context: SessionContext,
  { why, kind, ...sensed }: SensedState,
): SessionContext {
  const { program, confidence, until } = sensed;
  const evidence = sensed.evidence?.map((each) => ({
    ...each,
    lines: each.lines.map((line) => redactor.redact(line)),
  }));
  const at = new Date(clock.now()).toISOString();
  return {
    ...context,
    state: sensed.state,
    state_kind: kind,
    program,
    confidence,
    evidence,
    until,
    state_since: sensed.state === context.state && kind === context.state_kind ? context.state_since : at,
    next_action: "",
    last_signal: why,
    updated_at: at,
  };
}

function isEndOf(condition: WaitCondition, state: SessionState): boolean {
  return condition.by === "state" && isWanted(condition.wanted, { state });
}

/** Whoever waits reads what the program there waits for, and how to answer it from another terminal. */
async function tellingWaits<T>(
  container: Container,
  found: FoundSession,
  session: ShellSession,
  signal: AbortSignal,
  wait: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const waits = { by: "state", wanted: { state: "waiting" } } as const;
  // Its shell is asked for its prompt, and its log is read, by whoever waits; here the screen says enough.
  const alone = { ...found, recorded: undefined };
  const asks = untilCondition(container, alone, session, waits, false, AbortSignal.any([signal, over.signal]));
  const told = asks.then((sensed) => sayWait(container, found, sensed)).catch(() => undefined);
  try {
    return await wait();
  } finally {
    over.abort();
    await told;
  }
}

function sayWait({ output }: Container, { name, recorded }: FoundSession, sensed: WaitedState): void {
  if (sensed.state !== "waiting" || isDeniedState(recorded?.context.denied, sensed)) return;
  const asked = askedLine(sensed) ?? "";
  const how = recorded ? "Answer it" : "Look at it";
  const next = `${how} with: wsh-orchestrator ${recorded ? "answer" : "attach"} ${shellWord(name)}`;
  output.progress([
    { text: `${shortSession(name)} ${sessionLook(shownFinding(sensed)).word}. ${asked}`.trimEnd(), tone: "attention" },
  ]);
  output.progress([{ text: next, tone: "quiet" }]);
}

/** It will never come to that. */
function endedBefore(
  { session_name, project_id, ours }: SessionContext,
  how: Pick<SensedState, "state"> & { readonly why?: string; readonly last_signal?: string },
  condition: WaitCondition,
): OrchestratorError {
  const why = how.why ?? how.last_signal ?? "";
  return new OrchestratorError(
    "session_ended",
    `${session_name} ${notMet(condition)}. ${why}`.trimEnd(),
    ours === false ? nothingToDo : { kind: "show_log", project: project_id, session: session_name },
  );
}

/** A session whose end is known needs no waiting, although its server does not have it any more. */
async function findOrEnded(
  container: Container,
  query: string,
): Promise<FoundSession | { readonly ended: SessionContext }> {
  try {
    return await findSession(container, query);
  } catch (error) {
    if (!hasCode(error, "session_not_found")) throw error;
    const recorded = knownAs(await readProjects(container, undefined), query);
    const ended = recorded && (await howEnded(container, recorded));
    if (ended?.state !== "exited") throw error;
    return { ended };
  }
}

function knownAs(projects: readonly ReadProject[], query: string): NamedSession<ReadProject> | undefined {
  try {
    return namedSession(projects, query);
  } catch (error) {
    if (hasCode(error, "session_not_found", "ambiguous")) return undefined;
    throw error;
  }
}

/** `shown`: the line that was waited for. */
function tell({ output }: Container, context: SessionContext, shown?: string): ExitCode {
  if (output.json) output.document(shown === undefined ? context : { ...context, shown });
  else if (shown !== undefined) output.whole([{ text: `${context.session_name}: ` }, { text: shown.trim() }]);
  else {
    const { word } = sessionLook(shownState(context));
    const does = doing(context);
    output.whole([
      { text: `${context.session_name}: ` },
      { text: does.startsWith(`${word} `) ? does : `${word}. ${does}`, tone: toneOfState(context.state) },
    ]);
  }
  return exitCode.done;
}

/** Reads a session until `use` is done with it, or its server is gone, which throws `server_unreachable`. */
async function reading<T>(
  container: Container,
  found: FoundSession,
  signal: AbortSignal,
  use: (session: ShellSession) => Promise<T>,
): Promise<T> {
  const { server, info } = found.chosen;
  const { clock, ids } = container;
  const key = found.recorded?.context.k ?? ids.secret(8);
  const session = new ShellSession(server, clock, { name: found.name, wire: found.wire, key, ...ownSize(found) });
  const lost = deferred<never>();
  lost.promise.catch(() => undefined);
  const watch = watchServer(server, info.server_id, clock, {
    gone: (sentence) =>
      lost.reject(
        new OrchestratorError(
          "server_unreachable",
          sentence,
          advice("Wait again when the server can be reached again."),
        ),
      ),
  });
  try {
    await session.open(signal);
    return await Promise.race([use(session), lost.promise]);
  } finally {
    watch.dispose();
    session.dispose();
  }
}

/** Its shell prints our marks and can be asked for its prompt. One that cannot is looked for on the screen. */
function isAskable({ recorded, chosen: { info } }: FoundSession): boolean {
  return (
    recorded?.context.k !== undefined && (recorded.context.mode ?? "marks") === "marks" && info.capabilities.resize
  );
}

async function untilIdle(
  container: Container,
  found: FoundSession,
  session: ShellSession,
  signal: AbortSignal,
): Promise<WaitedState> {
  if (!isAskable(found)) {
    const { k, mode } = found.recorded?.context ?? {};
    return quiet(container, found, session, k !== undefined && mode !== "program", signal);
  }
  const sensed = await atPrompt(session, signal);
  await settle(container, found, session);
  return sensed;
}

/** What ended there while nobody waited for it has its result now. */
async function settle(container: Container, found: FoundSession, session: ShellSession): Promise<void> {
  const record = await recordOf(container, found);
  try {
    await settleLeftCommands({ record, clock: container.clock, processes: await container.processes }, session);
  } finally {
    await record.close();
  }
}

/** Asks the prompt, then waits for its return. */
async function atPrompt(session: ShellSession, signal: AbortSignal): Promise<SensedState> {
  for (;;) {
    const waits = (): true | undefined => (session.over !== undefined || session.marks.ready ? true : undefined);
    if (!waits()) await session.probe(signal);
    if (!(await session.until(waits, askAgainMs, signal))) continue;
    const moved = await session.until(
      () => (session.over || !session.marks.ready ? true : undefined),
      settleMs,
      signal,
    );
    if (!moved || session.over) return sessionState(session.signals(true));
  }
}

/** Silence is all there is to see; of a shell also that it shows its prompt. */
async function quiet(
  container: Container,
  { chosen: { server }, wire, recorded }: FoundSession,
  session: ShellSession,
  isShell: boolean,
  signal: AbortSignal,
): Promise<SensedState> {
  let lastGeneration: number | undefined;
  while (!session.over) {
    try {
      const { idle, generation, screen } = await server.waitIdle(
        wire,
        {
          quietMs: quietAfterMs,
          maxWaitMs: longestWaitMs,
          ...(lastGeneration === undefined ? {} : { lastGeneration }),
        },
        signal,
      );
      if (!idle || generation === null || screen === null) continue;
      // It was waited for silence, whoever draws the screen.
      const sensed = sessionState({
        stream: { integrated: false, quietMs: quietAfterMs, alternateScreen: false },
        sensed: senseOnce(screen, { denied: recorded?.context.denied !== undefined }, await container.programRules()),
        ...deniedSign(recorded?.context),
      });
      if (sensed.state !== "unclear" || !isShell) return sensed;
      // A prompt does not come without output.
      lastGeneration = generation;
    } catch (error) {
      if (!hasCode(error, "session_not_found")) throw error;
      await session.until(() => session.over, endToldMs, signal);
      break;
    }
  }
  return sessionState({ end: session.over ?? { lost: false, exit_code: null } });
}
