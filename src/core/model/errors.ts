import type { Remedy } from "./remedy";

/**
 * What went wrong, as programs see it. The command line maps each to an exit code (shared contract: 2 usage, 3 needs a
 * person, 4 no server, 5 not found).
 */
export const errorCodes = [
  "usage",
  "plan_invalid",
  "rules_invalid",
  "agent_invalid",
  "name_invalid",
  "project_not_found",
  "session_not_found",
  "entry_not_found",
  "role_not_found",
  "ambiguous",
  "already_answered",
  "prompt_changed",
  "server_unreachable",
  "server_ambiguous",
  "server_not_chosen",
  "server_error",
  "auth_required",
  "auth_invalid",
  "port_in_use",
  "session_name_conflict",
  "session_limit",
  "session_ended",
  "session_not_ready",
  "session_busy",
  "draft_on_line",
  "request_invalid",
  "response_invalid",
  "input_not_sent",
  "input_unconfirmed",
  "timeout",
  "cancelled",
  "interrupted",
  "ledger_unwritable",
  "ledger_unsafe",
  "ledger_corrupt",
  "disk_full",
  "driven_elsewhere",
  "needs_person",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export function isErrorCode(text: string): text is ErrorCode {
  return (errorCodes as readonly string[]).includes(text);
}

/** An error that a person can act on: `message` is one sentence, `remedy` what to do, in facts that a shell words. */
export class OrchestratorError extends Error {
  override readonly name = "OrchestratorError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly remedy: Remedy,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export function hasCode(error: unknown, ...codes: ErrorCode[]): error is OrchestratorError {
  return error instanceof OrchestratorError && codes.includes(error.code);
}

/** The sentence of any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
