import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { until } from "./until";

/** When the program in a session printed something, by the clock of this machine in ms. */
export class ShownTimes {
  readonly #times: number[] = [];

  constructor(client: WshServer, wire: string) {
    client.openRaw(wire, {
      data: () => void this.#times.push(Date.now()),
      gap: () => undefined,
      ended: () => undefined,
    });
  }

  /** Waits until the session is there. */
  static async of(client: WshServer, wire: string): Promise<ShownTimes> {
    await until(`${wire} is there`, () => client.get(wire), 60_000);
    return new ShownTimes(client, wire);
  }

  /** Of each session from its beginning; gives those of one once it is there. */
  static ofAll(client: WshServer): (wire: string) => Promise<ShownTimes> {
    const all = new Map<string, ShownTimes>();
    const begin = (wire: string): void => {
      if (!all.has(wire)) all.set(wire, new ShownTimes(client, wire));
    };
    client.watch((event) => {
      if (event.type === "created") begin(event.name);
      if (event.type === "connected")
        void client.list().then((sessions) => sessions.forEach(({ name }) => begin(name)));
    });
    return (wire) => until(`${wire} is there`, () => all.get(wire), 60_000);
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
