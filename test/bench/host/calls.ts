/**
 * What one stretch of the host's event loop was like. Delays are beyond the sampling timer's own interval, in
 * milliseconds.
 */
export interface LoopFigures {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Processor time of the host over wall time: 1 is one core. */
  readonly processor: number;
  readonly seconds: number;
}

export interface ActivationFigures {
  /** From the call of `activate` until the extension is active, as other code in the host sees it. */
  readonly total: number;
  /** VS Code's own figures, as "Developer: Startup Performance" has them; undefined when it did not say. */
  readonly load: number | undefined;
  readonly activate: number | undefined;
}

/** What the benchmark asks of the extension host that it measures. */
export interface HostCalls {
  activate(): Promise<ActivationFigures>;
  command(name: string, ...args: unknown[]): Promise<unknown>;
  /** Rows that the views would show, as `kind name word`, a session with its logical name. */
  rows(): Promise<string[]>;
  /** Projects that this host runs. */
  running(): Promise<string[]>;
  begin(): Promise<void>;
  end(): Promise<LoopFigures>;
  beginProfile(): Promise<void>;
  endProfile(file: string): Promise<void>;
  leave(): Promise<void>;
}

export interface HostRequest {
  readonly id: number;
  readonly name: keyof HostCalls;
  readonly args: readonly unknown[];
}

export interface HostAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
