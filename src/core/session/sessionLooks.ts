import { messageOf } from "../model/errors";
import type { ProjectState } from "../model/projectState";
import { brief } from "../model/sentences";
import type { SessionContext } from "../model/session";
import { isAtRest, isLiving } from "../model/states";
import type { Clock, Logger } from "../ports/machine";
import type { SessionInfo, SessionServer } from "../ports/sessions";
import { stripControlCharacters } from "../safety/controlCharacters";
import { shells } from "../model/shellNames";
import { looksLikePrompt } from "../sense/plainPrompt";
import type { RuleCatalog } from "../sense/senseTerminal";
import type { SensedState } from "../sense/terminalFacts";
import { seenScreen } from "./seenScreen";
import { recordedProgram, type RecordedProgram } from "./recordedProgram";
import { senseOnce } from "./sensedTerminal";
import { tellingLine } from "./sessionEnd";
import { quietAfterMs as settledMs, type SessionEndSign, type TerminalSign } from "./sessionState";

const longestLine = 200;
/** What a server says of a silence differs by so much from one answer to the next, without anything new. */
const sameMs = 1500;
/** An entry is written this soon after what it is about. */
const recordedWithinMs = 3000;
/** A shell that asks something at its prompt, such as zsh before `rm dir/*`, takes keys as it does for a line. */
const questionEnd = /(?:\?|\[[^\]]{1,5}\]:?)$/;

export interface SessionLooksWorld {
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  /** 0: nothing is called quiet. */
  quietAfterMs(): number;
  /** Takes the secrets out of a line. */
  redact(line: string): string | Promise<string>;
  /** By which it is known what programs do; asked for with the first look. */
  rules(): Promise<RuleCatalog>;
}

interface Look {
  readonly pid: number | null;
  /** When something went to the terminal or came from it last, in milliseconds since 1970. */
  readonly active: number;
  readonly sign: TerminalSign;
}

/**
 * What terminals show, for who only looks: whether the prompt is back where the record does not say it, what the program
 * does that stands there else, and the last line of those that are silent for long. A terminal is looked at again only when something has happened there.
 */
export class SessionLooks {
  readonly #looks = new Map<string, Look>();

  constructor(private readonly world: SessionLooksWorld) {}

  /** What the session's terminal says; undefined where the record says enough. Never throws. */
  async of(
    server: SessionServer,
    session: SessionContext,
    info: SessionInfo,
    state: ProjectState,
  ): Promise<TerminalSign | undefined> {
    if (info.last_activity_ms === null || !isLiving(session)) return undefined;
    const { clock, logger } = this.world;
    const key = `${server.address} ${info.name}`;
    const known = this.#looks.get(key);
    const now = clock.now();
    const silentMs = info.last_news_ms ?? info.last_output_ms ?? info.last_activity_ms;
    const told = { active: now - info.last_activity_ms, heard: now - silentMs };
    const same =
      known?.pid === info.pid &&
      Math.abs(known.active - told.active) < sameMs &&
      Math.abs(known.sign.heard - told.heard) < sameMs;
    const { active, heard } = same ? { active: known.active, heard: known.sign.heard } : told;
    const inDoubt = this.#isInDoubt(session, state, active);
    const quiet = this.#isQuiet(session, silentMs, inDoubt);
    if (!quiet && !inDoubt) return undefined;
    // A terminal that was silent for a moment only may have gone on since.
    const settled = same && active + settledMs < now && known.sign.settled;
    if (settled) return { ...known.sign, inDoubt, quiet };
    try {
      const sign = await this.#look(server, session, info, heard, recordedProgram(state, session));
      this.#looks.set(key, { pid: info.pid, active, sign: { ...sign, inDoubt, quiet } });
      return { ...sign, inDoubt, quiet };
    } catch (error) {
      this.#looks.delete(key);
      logger.debug(messageOf(error));
      return undefined;
    }
  }

  /** What was seen may mean something else now: each terminal is looked at again when it is asked about. */
  forget(): void {
    this.#looks.clear();
  }

  /** How a session ended that its server does not have any more; undefined where that is not told. Never throws. */
  async end(server: SessionServer, wire: string, signal: AbortSignal): Promise<SessionEndSign | undefined> {
    try {
      const end = await server.endOf(wire, signal);
      if (!end) return undefined;
      const line = await this.world.redact(tellingLine(end.last_lines ?? []));
      return { lost: false, exit_code: end.exit_code, line };
    } catch (error) {
      this.world.logger.debug(messageOf(error));
      return undefined;
    }
  }

  /**
   * Nobody writes what becomes of keys that were typed by hand; of a command that a run follows its result is written.
   */
  #isInDoubt(
    { session_name, state, updated_at, mode, agent, denied, keyboards }: SessionContext,
    { openCommands }: ProjectState,
    heard: number,
  ): boolean {
    // What an agent does about a prompt that nobody waits for is seen on its screen.
    const isUntold = mode === "program" && (agent === undefined || isAtRest(state));
    if (isUntold || (state === "waiting" && denied === undefined)) return false;
    // Who waits for what somebody sent may be gone.
    const followed = [...openCommands.values()].some(
      (entry) => entry.session_name === session_name && entry.task_id !== undefined,
    );
    if (followed) return false;
    // What a person said is about one prompt, and counts while that stands.
    const mayHaveGoneOn = denied !== undefined || keyboards !== undefined || !isAtRest(state);
    return mayHaveGoneOn || heard > Date.parse(updated_at) + recordedWithinMs;
  }

  /** Who has started a server expects nothing of it but that it is there. */
  #isQuiet({ state, ready_since }: SessionContext, silentMs: number, inDoubt: boolean): boolean {
    const limit = this.world.quietAfterMs();
    return (
      limit > 0 &&
      ready_since === undefined &&
      silentMs >= limit &&
      state !== "waiting" &&
      (inDoubt || !isAtRest(state))
    );
  }

  async #look(
    server: SessionServer,
    { mode, agent }: SessionContext,
    { name, last_activity_ms }: SessionInfo,
    heard: number,
    { started, running, denied }: RecordedProgram,
  ): Promise<Omit<TerminalSign, "inDoubt" | "quiet">> {
    const [screen, terminal] = await Promise.all([server.screen(name, "plain"), server.terminalMode(name)]);
    const { lines, cursor } = seenScreen(screen);
    const plain = (row: string | undefined): string => stripControlCharacters(row ?? "").trim();
    const foreground = terminal?.foreground === undefined ? undefined : plain(terminal.foreground);
    const shell = foreground === undefined ? undefined : shells.has(foreground);
    const asks = questionEnd.test(plain(lines[cursor.row]));
    const atPrompt = agent
      ? undefined
      : mode !== "program" && terminal && shell !== undefined
        ? shell && !terminal.canonical && !asks
        : looksLikePrompt(screen) || undefined;
    const sensed = atPrompt
      ? undefined
      : senseOnce(screen, { mode: terminal, started, running, denied }, await this.world.rules());
    const line = lines.map(plain).findLast((row) => row !== "") ?? "";
    return {
      heard,
      atPrompt,
      alternateScreen: screen.alternate_active,
      line: brief(await this.world.redact(line), longestLine),
      settled: (last_activity_ms ?? 0) >= settledMs,
      ...(foreground === undefined || shell === true ? {} : { foreground }),
      ...(sensed ? { sensed: await this.#withoutSecrets(sensed) } : {}),
    };
  }

  async #withoutSecrets(sensed: SensedState): Promise<SensedState> {
    const shown = async (text: string): Promise<string> =>
      brief(await this.world.redact(stripControlCharacters(text, { keepNewlines: false })), longestLine);
    const evidence = sensed.evidence?.map(async (each) => ({
      ...each,
      lines: await Promise.all(each.lines.map(shown)),
    }));
    return {
      ...sensed,
      why: await shown(sensed.why),
      ...(sensed.until === undefined ? {} : { until: await shown(sensed.until) }),
      ...(evidence ? { evidence: await Promise.all(evidence) } : {}),
    };
  }
}
