/** A shell mark: OSC 133, from our integration or anybody else's. */
export interface ShellMark {
  /** `A` prompt begins, `B` input is read, `P` continuation, `R` right prompt, `C` runs, `D` ended; others exist. */
  readonly letter: string;
  /** The `name=value` fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** The first bare number: the exit status of a `D`. */
  readonly status?: number;
}

/** What switched; a field that is absent did not. */
export interface TerminalMode {
  readonly bracketedPaste?: boolean;
  readonly alternateScreen?: boolean;
}

/** Receives what a stream holds, in stream order. All optional: what is not asked for costs nothing. */
export interface ScanSink {
  mark?(mark: ShellMark): void;
  /** A run of text with at least one visible character (not a blank) began; once per run. */
  printable?(): void;
  /** The bytes as they came, without those of marks. Only valid during the call. */
  output?(bytes: Uint8Array): void;
  mode?(mode: TerminalMode): void;
  title?(text: string): void;
  bell?(): void;
  /** Any other operating system command. */
  osc?(code: number, data: string): void;
}

/** Reads a terminal's bytes, split anywhere. */
export class StreamScanner {
  readonly #sink: ScanSink;

  constructor(sink: ScanSink) {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): void {
    this.#sink.output?.(bytes);
  }

  /** Forgets a half-read sequence: call it when bytes were lost. */
  reset(): void {
    // Nothing is kept yet.
  }
}
