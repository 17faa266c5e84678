import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { until } from "./until";

/** When the program in a session printed something, by the clock of this machine in ms. */
export class ShownTimes {
  readonly #times: number[] = [];

  private constructor() {}

  /** Waits until the session is there. */
  static async of(client: WshServer, wire: string): Promise<ShownTimes> {
    const shown = new ShownTimes();
    await until(`${wire} is there`, () => client.get(wire), 60_000);
    client.openRaw(wire, {
      data: () => void shown.#times.push(Date.now()),
      gap: () => undefined,
      ended: () => undefined,
    });
    return shown;
  }

  /** From what was printed last before this moment; undefined: nothing was. */
  msUntil(moment: number): number | undefined {
    const last = this.#times.findLast((time) => time <= moment);
    return last === undefined ? undefined : moment - last;
  }
}

/** p50, p95 and the most of such times, in words. */
export function percentiles(tookMs: readonly number[]): string {
  const sorted = [...tookMs].sort((one, other) => one - other);
  const at = (share: number): number => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (${sorted.length})`;
}
