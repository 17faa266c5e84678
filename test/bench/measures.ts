/** Milliseconds of each run, sorted. */
export interface Measured {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly count: number;
}

export function summarize(samples: readonly number[]): Measured {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length };
}

/** Times `count` runs after `warmUp` that are not counted. */
export async function measure(
  count: number,
  warmUp: number,
  run: (index: number) => Promise<unknown>,
): Promise<Measured> {
  for (let index = 0; index < warmUp; index++) await run(index);
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const begun = performance.now();
    await run(index);
    samples.push(performance.now() - begun);
  }
  return summarize(samples);
}

export function row(label: string, measured: Measured): string {
  return `  ${label.padEnd(58)} p50 ${measured.p50.toFixed(2).padStart(8)} ms   p99 ${measured.p99.toFixed(2).padStart(8)} ms   (${measured.count} runs)`;
}

/** One ratio beside its goal. */
export function verdict(label: string, value: number, unit: string, goal: string, met: boolean): string {
  return `  ${label.padEnd(58)} ${value.toFixed(2)}${unit}   goal ${goal}   ${met ? "met" : "NOT met"}`;
}
