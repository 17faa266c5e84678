import type { SessionState } from "../model/states";

/** What a session waits for. */
export type WaitKind = "permission" | "question" | "login";

/** What a session does, and why that is known. */
export interface SensedState {
  readonly state: SessionState;
  /** Where it waits for a person. */
  readonly kind?: WaitKind;
  /** One sentence: why it says so. */
  readonly evidence: string;
}

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

/** What the screen of one program says: a pure function, undefined where the screen says nothing that it knows. */
export interface ScreenRule {
  /** For evidence and tests. */
  readonly name: string;
  readonly sense: (screen: SeenScreen) => SensedState | undefined;
}

/** In the order of their right: the first that knows the screen is heard. Each is written from recorded screens. */
export const screenRules: readonly ScreenRule[] = [];

/** What the first rule that knows the screen says of it. */
export function senseScreen(screen: SeenScreen, rules: readonly ScreenRule[]): SensedState | undefined {
  for (const rule of rules) {
    const sensed = rule.sense(screen);
    if (sensed) return sensed;
  }
  return undefined;
}
