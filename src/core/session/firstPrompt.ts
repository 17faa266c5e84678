import type { SessionMode } from "../model/states";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { endsLikePrompt, looksLikePrompt } from "../sense/plainPrompt";
import type { OpenSession } from "./openSession";
import type { ShellSession } from "./shellSession";

/**
 * After this long without a prompt somebody should look (shell-marks 5, "never ready"); start-up files of people may
 * take longer, so it is waited on.
 */
const readyMs = 15_000;
export const patienceMs = 90_000;
const promptMs = 1000;
/** A program that is not there, or that does not like its arguments, has ended within this time. */
const programMs = 300;
/** A prompt that was printed before the stream was open is asked for soon. */
const firstPromptMs = 150;
/**
 * Silence before the prompt is asked, each time more: a shell that asks its terminal something at its start waits for
 * the answer, fish 4 for 2 s or 10 s by version, and anew whenever its terminal is resized. One that shows nothing has
 * shown no prompt either, and is left alone for the longest.
 */
const silenceMs = [firstPromptMs, 3000, 12_000] as const;

export interface FirstPromptWorld {
  readonly server: SessionServer;
  readonly clock: Clock;
  /** The shell takes long; `shows`: its newest line, may be empty. Told once. */
  readonly slow: (shows: string) => Promise<void>;
  /** What is to be thrown for a session that has ended. */
  readonly ended: () => Promise<Error>;
  /** What is to be thrown for a shell that showed no prompt within `patienceMs`. */
  readonly never: () => Promise<Error>;
}

/**
 * Waits for the first prompt, asking for it when it was missed; a shell that prints none of our marks gets the
 * sentinel. `expected`: what its role makes likely. Throws `session_not_ready`.
 */
export async function firstMode(
  shell: ShellSession,
  expected: SessionMode,
  { server, clock, slow, ended, never }: FirstPromptWorld,
  signal: AbortSignal,
): Promise<SessionMode> {
  if (expected === "program") {
    // What cannot run ends at once; a program that stays is still loading then.
    if (await shell.until(() => shell.over, programMs, signal)) throw await ended();
    return "program";
  }
  const { wire } = shell.identity;
  const plain = expected === "sentinel";
  const begun = clock.monotonic();
  let told = false;
  let asked = 0;
  let askedAt = begun;
  for (let wait = firstPromptMs; clock.monotonic() - begun < patienceMs; wait = promptMs) {
    if (!told && clock.monotonic() - begun > readyMs) {
      told = true;
      await slow(shell.lastLine === "" ? await lastRow(server, wire, signal) : shell.lastLine);
    }
    const prompted = plain ? undefined : await shell.cleanPrompt(wait, signal);
    if (shell.over) throw await ended();
    if (prompted !== undefined) return "marks";
    // Before the probe: any shell draws its prompt again for that.
    const quiet = shell.quietMs ?? clock.monotonic() - begun;
    const screen = await server.screen(wire, "plain", signal);
    const shows = shell.lastLine !== "" || screen.lines.some((line) => line.length > 0);
    const due = silenceMs[shows ? Math.min(asked, silenceMs.length - 1) : silenceMs.length - 1] ?? 0;
    if (!plain && Math.min(quiet, clock.monotonic() - askedAt) >= due) {
      asked++;
      const answered = await shell.probe(signal);
      askedAt = clock.monotonic();
      if (answered) continue;
    }
    // A prompt that was printed before the stream was open is on the screen only.
    const looks = looksLikePrompt(screen) || endsLikePrompt(shell.lastLine);
    if (looks && shell.marks.n === 0 && (plain || quiet >= promptMs)) return "sentinel";
    if (plain) await shell.until(() => shell.over, firstPromptMs, signal);
  }
  throw await never();
}

/** Whether a session that was left alone waits at its prompt. */
export async function waitsAtPrompt(
  { mode, shell }: OpenSession,
  server: SessionServer,
  signal: AbortSignal,
): Promise<boolean> {
  if (mode === "program") return true;
  if (mode === "sentinel") return looksLikePrompt(await server.screen(shell.identity.wire, "plain", signal));
  if (!(await shell.probe(signal))) return false;
  return (await shell.cleanPrompt(promptMs, signal)) !== undefined && !shell.over;
}

/** What was printed before the stream was open is on the screen only. */
async function lastRow(server: SessionServer, wire: string, signal: AbortSignal): Promise<string> {
  const { lines } = await server.screen(wire, "plain", signal);
  return lines.flatMap((line) => (typeof line === "string" && line.trim() !== "" ? [line.trim()] : [])).at(-1) ?? "";
}
