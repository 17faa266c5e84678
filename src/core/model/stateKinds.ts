/** What more there is to say of a state; each state has some of them, and none is a state by itself. */
export const stateKinds = {
  waiting: ["permission", "question", "plan", "trust", "login", "password", "confirm"],
  limited: ["rate", "quota"],
  failed: ["auth", "network", "server", "crash", "start"],
  /** What is at rest. An agent at its composer has no kind. */
  idle: ["shell", "pager", "editor", "repl"],
  /** What goes on running without an end. */
  working: ["monitor", "server", "watcher"],
} as const;

export type WaitKind = (typeof stateKinds.waiting)[number];

export type StateKind = (typeof stateKinds)[keyof typeof stateKinds][number];

/**
 * How what is asked is answered from afar. `line`: a text and Enter, or one key where the program takes each; `enter`:
 * Enter, whatever the answer is called; `list`: the arrow keys from the marked item to another one, and Enter; `key`: the
 * key that the answer names.
 */
export const answerForms = ["line", "enter", "list", "row", "key"] as const;

export type AnswerForm = (typeof answerForms)[number];

export const confidences = ["high", "medium", "low"] as const;

export type Confidence = (typeof confidences)[number];

/** Where a piece of evidence comes from. */
export const signalNames = [
  "exit",
  "foreground",
  "program_status",
  "screen",
  "title",
  "progress",
  "notification",
  "marks",
  "echo",
  "output",
  "record",
] as const;

export type SignalName = (typeof signalNames)[number];

/** The kind of that name; a newer version may write some that this one does not know. */
export function stateKind(name: string | undefined): StateKind | undefined {
  const kinds: readonly StateKind[] = Object.values(stateKinds).flatMap((of): readonly StateKind[] => of);
  return kinds.find((kind) => kind === name);
}

/** One thing that a state follows from. */
export interface StateEvidence {
  readonly signal: SignalName | (string & {});
  /** `program/rule`, or the name of the reason where no rule of a file was needed. */
  readonly rule: string;
  /** What was seen, as it stands on the screen or in the signal; a few lines. */
  readonly lines: readonly string[];
}
