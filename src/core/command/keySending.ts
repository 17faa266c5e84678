import { hasCode } from "../model/errors";
import type { SessionServer } from "../ports/sessions";
import type { ShellSession } from "../session/shellSession";

/** A session that is gone is told to be so within this time. */
const overMs = 1000;

/** `no`: provably nothing arrived; `unknown`: the answer to the keys was lost. */
export type Sent = "yes" | "no" | "unknown";

/** Sends keys once. The only place that types commands. */
export class KeySending {
  constructor(
    private readonly server: SessionServer,
    /** Asked before every key: rejects once this process may type nothing more. */
    private readonly guard: () => Promise<void>,
  ) {}

  /**
   * When nobody knows, the prompt is asked later (shell-marks 1.5). `may` has the last word. `generation`: nothing is sent
   * where something came to the terminal since then.
   */
  async send(session: ShellSession, bytes: string, may = (): boolean => true, generation?: number): Promise<Sent> {
    await this.guard();
    if (!may()) return "no";
    try {
      await this.server.sendInput(session.identity.wire, bytes, undefined, generation);
    } catch (error) {
      if (hasCode(error, "input_not_sent")) return "no";
      if (hasCode(error, "input_unconfirmed")) return "unknown";
      if (!hasCode(error, "session_not_found")) throw error;
      // Nobody is there to type to.
      await session.until(() => session.over, overMs);
      return "no";
    }
    return "yes";
  }

  /**
   * As `send`; a quick command has ended before the server's answer to the keys is here, and that is answer enough.
   */
  async sendUnlessEnded(session: ShellSession, n: number, bytes: string, may: () => boolean): Promise<Sent> {
    const done = new AbortController();
    const sending = this.send(session, bytes, may);
    sending.catch(() => undefined);
    const ended = session
      .until(() => (session.endOf(n) ? "yes" : undefined), undefined, done.signal)
      .catch(() => undefined);
    try {
      return (await Promise.race([sending, ended])) ?? "yes";
    } finally {
      done.abort();
    }
  }
}
