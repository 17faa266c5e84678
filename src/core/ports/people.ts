/** What a person is asked before an act is done that they may not want. */
export interface ConfirmQuestion {
  /** Names the act, so that a shell can word the question and its buttons. */
  readonly act: "send" | "kill" | "restart" | "interrupt";
  /** The session that it is done to, by its logical name where it has one. */
  readonly session_name: string;
  /** For people: why they are asked; empty where the act itself says it. */
  readonly reason: string;
  /** The whole text that would be typed. */
  readonly text?: string;
  /** It may end or destroy what nobody can bring back: no way to say yes stands first or is taken by a mere Enter. */
  readonly destructive: boolean;
}

/** False when the person says no or goes away. Throws where nobody can be asked. */
export type Confirm = (question: ConfirmQuestion) => Promise<boolean>;
