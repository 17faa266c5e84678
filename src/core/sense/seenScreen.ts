/** A terminal as a person sees it. */
export interface SeenScreen {
  /** Top to bottom, plain, without trailing blanks. */
  readonly lines: readonly string[];
  readonly cursor: { readonly row: number; readonly col: number };
  readonly alternate_active: boolean;
  /** As the program set it last; undefined when it set none, or nobody saw it. */
  readonly title?: string;
  /** DEC private modes that are on; undefined where the server does not tell. */
  readonly private_modes?: readonly number[];
}
