export interface RenderOptions {
  /** The session's size while the command ran. */
  readonly cols: number;
  readonly rows: number;
  /** Default 200. */
  readonly maxLines?: number;
  /** Of UTF-8; default 32768. */
  readonly maxBytes?: number;
  /** The beginning of the bytes is missing already. */
  readonly truncatedHead?: boolean;
}

export interface RenderedOutput {
  readonly text: string;
  /** The beginning was left out. */
  readonly truncated: boolean;
}

/** The text that a command's bytes leave on a terminal: the last lines, wrapped rows joined, without colors and trailing blanks. */
export function renderOutput(_bytes: Uint8Array, _options: RenderOptions): Promise<RenderedOutput> {
  return Promise.resolve({ text: "", truncated: false });
}
