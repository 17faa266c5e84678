import { OrchestratorError } from "../../core/model/errors";
import type { IdleRequest, SessionSpec } from "../../core/ports/sessions";
import { maxWaitMs, namePattern, type WireCreate } from "./wire";
import { advice } from "../../core/model/remedy";

/**
 * Checks before anything is sent. They matter more than good manners: wsh checks tags only after it started the
 * process, and each refusal leaves one that nothing can reach.
 */

const maxCells = 1_000;

export function checkedName(name: string): string {
  if (!namePattern.test(name) || name === "." || name === "..") {
    throw invalid("A session name must be 1 to 64 letters, digits, dots, hyphens or underscores.", "Use another name.");
  }
  return name;
}

export function checkedTags(tags: readonly string[]): string[] {
  if (!tags.every((tag) => namePattern.test(tag))) {
    throw invalid("A tag must be 1 to 64 letters, digits, dots, hyphens or underscores.", "Use other tags.");
  }
  return [...tags];
}

export function checkedSize(size: { rows: number; cols: number }): { rows: number; cols: number } {
  for (const cells of [size.rows, size.cols]) {
    if (!Number.isInteger(cells) || cells < 1 || cells > maxCells) {
      throw invalid("A terminal must have 1 to 1000 rows and columns.", "Use whole numbers in this range.");
    }
  }
  return { rows: size.rows, cols: size.cols };
}

export function checkedCreate(spec: SessionSpec): WireCreate {
  const { name, command, cwd, env, replacesEnvironment, rows, cols, tags } = spec;
  checkedSize({ rows: rows ?? 24, cols: cols ?? 80 });
  const texts = [command ?? "", cwd ?? "", ...Object.entries(env ?? {}).flat()];
  if (texts.some((text) => text.includes("\0"))) {
    throw invalid(
      "The command, folder and environment of a session must not contain a NUL character.",
      "Remove the character.",
    );
  }
  return {
    name: checkedName(name),
    command,
    cwd,
    env: env && { ...env },
    ...(replacesEnvironment === true ? { replace_env: true } : {}),
    rows,
    cols,
    tags: tags && checkedTags(tags),
  };
}

/** The query of a wait, and how long the server may hold its answer back, in milliseconds. */
export function checkedIdle(request: IdleRequest): { query: string; waitMs: number } {
  const { quietMs, maxWaitMs: waitMs, lastGeneration, fresh } = request;
  for (const ms of [quietMs, waitMs, lastGeneration ?? 0]) {
    if (!Number.isSafeInteger(ms) || ms < 0)
      throw invalid("The times of a wait must be whole milliseconds, 0 or more.", "Correct the value.");
  }
  const query = new URLSearchParams({ timeout_ms: String(quietMs), max_wait_ms: String(waitMs), format: "plain" });
  if (lastGeneration !== undefined) query.set("last_generation", String(lastGeneration));
  if (fresh !== undefined) query.set("fresh", String(fresh));
  return { query: query.toString(), waitMs: Math.min(waitMs, maxWaitMs) };
}

/** An empty token counts as none. */
export function checkedToken(token: string | undefined): string | undefined {
  const trimmed = token?.trim();
  if (trimmed === undefined || trimmed === "") return undefined;
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw invalid(
      "The token contains a space or another character that a token cannot have.",
      "Check where the token comes from.",
    );
  return trimmed;
}

function invalid(message: string, next: string): OrchestratorError {
  return new OrchestratorError("request_invalid", message, advice(next));
}
