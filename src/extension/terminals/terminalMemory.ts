import type { Memento } from "vscode";

export const terminalPlaces = ["panel", "editor", "beside"] as const;

export type TerminalPlace = (typeof terminalPlaces)[number];

/** Keys of what VS Code keeps for a workspace. */
export const terminalMemory = { attached: "attachedTerminals", place: "terminalPlace" } as const;

/** A terminal on a session, as it was last. */
export interface KeptTerminal {
  /** The project's. */
  readonly key: string;
  /** The session's logical name. */
  readonly name: string;
  /** Of the group of editors, from 1; null: in the panel. */
  readonly column: number | null;
  /** Whether its tab was the one that is seen. */
  readonly front: boolean;
}

/** What a window may bring back; what else stands there counts as none. */
export function readKeptTerminals(memory: Pick<Memento, "get">): KeptTerminal[] {
  const stored = memory.get<unknown>(terminalMemory.attached);
  return Array.isArray(stored) ? stored.filter(isKept) : [];
}

/** Where the person had a terminal last; at first the place of editors, where there is room. */
export function readTerminalPlace(memory: Pick<Memento, "get">): TerminalPlace {
  const stored = memory.get<unknown>(terminalMemory.place);
  return terminalPlaces.find((place) => place === stored) ?? "editor";
}

function isKept(value: unknown): value is KeptTerminal {
  if (typeof value !== "object" || value === null) return false;
  const { key, name, column, front } = value as Partial<Record<keyof KeptTerminal, unknown>>;
  return (
    typeof key === "string" &&
    typeof name === "string" &&
    typeof front === "boolean" &&
    (column === null || (typeof column === "number" && Number.isInteger(column) && column >= 1 && column <= 9))
  );
}
