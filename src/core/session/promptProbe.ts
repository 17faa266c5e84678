import type { SessionServer } from "../ports/sessions";

/** A resized terminal redraws its prompt within 4 to 9 ms (shell-marks 1.4); two resizes closer than this may merge. */
const answerMs = 400;

interface Size {
  readonly rows: number;
  readonly cols: number;
}

/** The session that is asked, as its output tells of it. */
export interface ProbedSession {
  readonly identity: Size & { readonly wire: string };
  /** Counts the prompts that were drawn, also those drawn again. */
  readonly prompts: number;
  readonly over: unknown;
  until<T>(pick: () => T | undefined, ms: number | undefined, signal?: AbortSignal): Promise<T | undefined>;
}

/**
 * Asks the prompt without typing: one row more, and back (shell-marks 1.4). True when a prompt of ours answered; false
 * means that something runs in the foreground, or that this shell has no marks.
 */
export async function probePrompt(
  server: SessionServer,
  session: ProbedSession,
  signal?: AbortSignal,
): Promise<boolean> {
  const size = await sizeOf(server, session, signal);
  try {
    const first = await redraws(server, session, { ...size, rows: size.rows + 1 }, signal);
    const second = await redraws(server, session, size, signal);
    return (first || second) && !session.over;
  } catch (error) {
    // Stopped in between: the size must not stay.
    await server.resize(session.identity.wire, size).catch(() => undefined);
    throw error;
  }
}

/** Whether a prompt of ours is drawn again because of this size. */
async function redraws(
  server: SessionServer,
  session: ProbedSession,
  size: Size,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (session.over) return false;
  const before = session.prompts;
  await server.resize(session.identity.wire, size, signal);
  const answered = (): true | undefined => (session.prompts > before || session.over ? true : undefined);
  return (await session.until(answered, answerMs, signal)) === true;
}

/**
 * The size to come back to: a person's terminal may have given the session another one. One row more is another
 * process's probe that is under way, not a size.
 */
async function sizeOf(
  server: SessionServer,
  { identity: { wire, rows, cols } }: ProbedSession,
  signal: AbortSignal | undefined,
): Promise<Size> {
  const now = await server.get(wire, signal);
  return !now || (now.cols === cols && now.rows === rows + 1) ? { rows, cols } : { rows: now.rows, cols: now.cols };
}
