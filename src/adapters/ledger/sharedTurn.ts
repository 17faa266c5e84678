/** Longest time in milliseconds that all readers of records together take before others get their turn. */
const sliceMs = 5;

/** Unlike `performance` it is there without being loaded. */
const uptimeMs = (): number => process.uptime() * 1000;

let sliceStart: number | undefined;
let turn: Promise<void> | undefined;

/**
 * Resolves at once while there is time left in this turn of the event loop, else in the next. One measure for all
 * readers of the process: fifty that wake together must not take fifty slices one after the other.
 */
export async function shareTurn(): Promise<void> {
  for (;;) {
    if (sliceStart === undefined) {
      sliceStart = uptimeMs();
      turn = new Promise((resolve) => {
        setImmediate(() => {
          sliceStart = undefined;
          resolve();
        });
      });
    }
    if (uptimeMs() - sliceStart < sliceMs) return;
    await turn;
  }
}
