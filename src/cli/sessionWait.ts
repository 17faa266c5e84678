import { deferred } from "../core/base/async";
import { watchServer } from "../core/session/serverWatch";
import { ShellSession } from "../core/session/shellSession";
import { hasCode, OrchestratorError } from "../core/model/errors";
import type { SessionContext } from "../core/model/session";
import type { SensedState } from "../core/sense/terminalFacts";
import { senseOnce } from "../core/session/sensedTerminal";
import { quietAfterMs, sessionState } from "../core/session/sessionState";
import { foreignContext } from "../core/session/foreignContext";
import type { Container } from "./container";
import { toneOfState } from "../protocol/logLines";
import { sessionLook, shownState } from "../protocol/stateLook";
import { doing } from "./statusText";
import { type ExitCode, exitCode } from "./exitCodes";
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

/** Waits until a session is idle or over. Throws `session_not_found`, `server_unreachable` and the signal's reason. */
export async function waitForSession(container: Container, query: string, signal: AbortSignal): Promise<ExitCode> {
  const found = await findOrEnded(container, query);
  if ("ended" in found) return tell(container, found.ended);
  const { state, why } = await untilIdle(container, found, signal);
  const context = found.recorded?.context ?? foreignContext(found.chosen, found.info, container.clock.now());
  return tell(container, {
    ...context,
    state,
    next_action: "",
    last_signal: why,
    updated_at: new Date(container.clock.now()).toISOString(),
  });
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

function tell({ output }: Container, context: SessionContext): ExitCode {
  if (output.json) output.document(context);
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

async function untilIdle(container: Container, found: FoundSession, signal: AbortSignal): Promise<SensedState> {
  const { server, info } = found.chosen;
  const { recorded } = found;
  const key = recorded?.context.k ?? container.ids.secret(8);
  const session = new ShellSession(server, container.clock, {
    name: found.name,
    wire: found.wire,
    key,
    ...ownSize(found),
  });
  const lost = deferred<never>();
  lost.promise.catch(() => undefined);
  const watch = watchServer(server, info.server_id, container.clock, {
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
    const mode = recorded?.context.k === undefined ? "program" : (recorded.context.mode ?? "marks");
    // A prompt that cannot be asked is looked for on the screen.
    const asked = mode === "marks" && info.capabilities.resize;
    const idle = asked ? atPrompt(session, signal) : quiet(container, found, session, mode !== "program", signal);
    const sensed = await Promise.race([idle, lost.promise]);
    if (asked && recorded) await settle(container, found, session);
    return sensed;
  } finally {
    watch.dispose();
    session.dispose();
  }
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
  { chosen: { server }, wire }: FoundSession,
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
        sensed: senseOnce(screen, {}, await container.programRules()),
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
