import type { TerminalSigns } from "../core/ports/sessions";
import { readStatusReport } from "../core/sense/programStatus";
import { statusClear } from "../core/sense/statusReport";
import { noProgress, progressBytes, type TerminalAbilities, titleBytes } from "../protocol/terminalNews";

/**
 * What the terminal of somebody who is attached is told beside what passes. The session's program is in front and speaks
 * for itself: its titles, progress and statuses pass as they come, and nothing is said in its place. Added is only what it
 * said before somebody attached, and in the end all of it is taken back, since the session goes on elsewhere.
 */
export class AttachedNews {
  #hasProgress = false;
  #hasStatuses = false;

  /** `before`: what stands there; undefined where the server does not tell. */
  constructor(
    private readonly abilities: TerminalAbilities,
    private readonly before: TerminalSigns | undefined,
  ) {}

  /** What the program said before, as far as the terminal understands it. */
  begin(): string {
    const { abilities, before } = this;
    const progress = before?.progress === "none" ? undefined : before?.progress;
    const statuses = (abilities.statuses ? (before?.statuses ?? []) : []).filter((data) => readStatusReport(data));
    this.#hasProgress ||= abilities.progress && progress !== undefined;
    this.#hasStatuses ||= statuses.length > 0;
    return [
      ...(abilities.title && before?.title !== undefined ? [titleBytes(before.title)] : []),
      ...(abilities.progress && progress !== undefined ? [progressBytes({ state: progress, percent: undefined })] : []),
      ...statuses.map((data) => `\x1b]7501;${data}\x1b\\`),
    ].join("");
  }

  /** The program said this itself. */
  passed(code: number, data: string): void {
    if (code === 9 && /^4;[0-4](?:;|$)/.test(data)) this.#hasProgress = !data.startsWith("4;0");
    else if (code === 7501 && readStatusReport(data)) this.#hasStatuses = true;
  }

  /** Takes back what stands, whoever said it. The title is the terminal's own to give back. */
  end(): string {
    const bytes = `${this.#hasProgress ? noProgress : ""}${this.#hasStatuses ? statusClear() : ""}`;
    this.#hasProgress = this.#hasStatuses = false;
    return bytes;
  }
}
