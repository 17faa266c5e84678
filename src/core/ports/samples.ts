/** A recorded screen as it is kept: files of one name, without secrets. */
export interface SampleTexts {
  /** The folder within the samples: the program that was started. */
  readonly tool: string;
  readonly name: string;
  /** The screen, plain and with its styles. */
  readonly screen: string;
  readonly styled: string;
  /** JSON: what the terminal knew, and which state it truly was. */
  readonly facts: string;
  /** The bytes that it got until then; absent where nobody keeps them. */
  readonly stream?: string;
}

/** The user's own samples. */
export interface SampleStore {
  /** Where they are; below it a folder for each program. */
  readonly folder: string;
  /**
   * Keeps all files of a sample, or none. The way to them, without their ends. Throws `disk_full`, and `request_invalid`
   * where the folder cannot be written.
   */
  save(sample: SampleTexts): Promise<string>;
}
