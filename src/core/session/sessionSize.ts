import type { SessionContext } from "../model/session";

export interface SessionSize {
  readonly rows: number;
  readonly cols: number;
}

/** Tall enough for a full-screen program. */
const rows = 50;

/** As wide as a wide editor: agents' screens are read at this width, and a terminal that attaches wraps little. */
export const defaultColumns = 120;

/** Narrower, dialogs of programs are cut off; wider, drawing the whole screen costs more than long lines gain. */
export const columnLimits = { least: 60, most: 400 } as const;

/** Of a session whose record says nothing of it. */
const unrecordedColumns = 200;

/** A width that sessions can have; undefined for anything else. */
export function columnsWithin(value: unknown): number | undefined {
  const { least, most } = columnLimits;
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}

/** Of a new session. */
export function sessionSize(columns: number | undefined): SessionSize {
  return { rows, cols: columns ?? defaultColumns };
}

/** What a session of the engine was made with: it keeps that, whatever is wanted of new ones by now. */
export function recordedSize({ cols }: Pick<SessionContext, "cols">): SessionSize {
  return { rows, cols: columnsWithin(cols) ?? unrecordedColumns };
}
