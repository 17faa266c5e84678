import { hasCode } from "../../core/model/errors";
import { pause } from "../../core/session/pause";
import type { Clock } from "../../core/ports/machine";
import type { WireScreen, WireSessionInfo } from "./wire";

/** So long nothing more comes after the first output of a program. */
const quietMs = 150;
/** A program that goes on printing has started. */
const longestPrintingMs = 1_000;
/** One that shows nothing may ask its terminal in vain: fish waits 2 s for the answer, and anew after each resize. */
const longestBlankMs = 3_000;
const lookMs = 50;

export interface LookedAtSession {
  session(name: string, signal?: AbortSignal): Promise<WireSessionInfo>;
  /** A plain one. */
  screen(name: string, signal?: AbortSignal): Promise<WireScreen>;
}

/**
 * Whether what runs in a session has started: its terminal is not to be resized before its first output has come and
 * been quiet. Programs that ask their terminal something at their start begin that again with each new size.
 */
export class FirstOutput {
  readonly #started = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly look: LookedAtSession,
  ) {}

  /** A session of this name is made or ended. */
  forget(name: string): void {
    this.#started.delete(name);
  }

  /**
   * Resolves at once for a session that has started, else within 3 s; at once too where a server's picture cannot be
   * read. Throws what else the look throws.
   */
  async come(name: string, signal?: AbortSignal): Promise<void> {
    const begun = this.clock.monotonic();
    while (!this.#started.has(name)) {
      if (await this.#over(name, begun, signal)) this.#started.add(name);
      else await pause(this.clock, lookMs, signal);
    }
  }

  async #over(name: string, begun: number, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      const { last_activity_ms: quiet = Infinity } = await this.look.session(name, signal);
      const shows = (await this.look.screen(name, signal)).lines.some((line) => line !== "" && line.length > 0);
      const waited = this.clock.monotonic() - begun;
      return shows
        ? quiet >= quietMs || waited >= longestPrintingMs
        : quiet >= longestBlankMs || waited >= longestBlankMs;
    } catch (error) {
      if (hasCode(error, "response_invalid")) return true;
      throw error;
    }
  }
}
