import { hiddenText } from "../command/hiddenText";
import { lastOutput } from "../model/commandOutput";
import type { Disposable } from "../base/lifecycle";
import { messageOf } from "../model/errors";
import { shortSession } from "../model/names";
import type { Clock, Logger } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { brief, roughDuration, runningTime } from "../model/sentences";
import type { OpenSession } from "../session/openSession";

const minuteMs = 60_000;

/**
 * One sentence for each session whose command has run on since the last one and shows something new, or still nothing
 * new after another minute, and later another hour. None of an agent that waits for a person.
 */
export class Heartbeat implements Disposable {
  #timer: Disposable | undefined;
  #disposed = false;
  readonly #said = new Map<string, string>();

  constructor(
    private readonly record: OpenRecord,
    private readonly sessions: () => readonly OpenSession[],
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly everyMs: number,
    /** 0: no silence is told of. */
    private readonly quietAfterMs: number,
  ) {
    this.#schedule();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #schedule(): void {
    if (this.#disposed) return;
    this.#timer = this.clock.after(this.everyMs, () => {
      this.beat()
        .catch((error: unknown) =>
          this.logger.warn(`The progress of a command could not be saved: ${messageOf(error)}`),
        )
        .finally(() => this.#schedule());
    });
  }

  async beat(): Promise<void> {
    for (const session of this.sessions()) {
      const command = [...this.record.state.openCommands.values()].findLast(
        (entry) => entry.session_name === session.name,
      );
      if (!command) continue;
      const ran = this.clock.now() - Date.parse(command.ts);
      if (ran < this.everyMs / 2) continue;
      const isPrompt = command.typed_as === "prompt";
      // Its question says more.
      if (isPrompt && this.record.state.sessions.get(session.name)?.state === "waiting") continue;
      // An agent draws a screen, of which a last line says nothing.
      const line = isPrompt ? "" : brief(session.shell.lastLine);
      const long = ran < minuteMs ? "" : roughDuration(ran);
      const sign = `${command.command_id ?? ""} ${long} ${line}`;
      if (this.#said.get(session.name) === sign) continue;
      this.#said.set(session.name, sign);
      const text = `${shortSession(session.name)} has been ${isPrompt ? "working on" : "running"} "${brief(command.input ?? hiddenText, 60)}" for ${runningTime(ran)}${this.#silence(session)}.${lastOutput(line)}`;
      await this.record.append({ kind: "heartbeat", actor: "engine", session_name: session.name, text }, "written");
    }
  }

  /** `, quiet for 12 min`; nothing where that is no news. */
  #silence({ shell }: OpenSession): string {
    const silentMs = shell.silence.withoutNewsMs;
    const isQuiet = this.quietAfterMs > 0 && silentMs !== null && silentMs >= this.quietAfterMs;
    return isQuiet ? `, quiet for ${roughDuration(silentMs)}` : "";
  }
}
