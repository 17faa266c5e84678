import type { ErrorCode } from "../core/model/errors";
import type { RunResult } from "../core/run/projectRun";

/** The exit codes of the contract; scripts rely on them. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  needsPerson: 3,
  noServer: 4,
  notFound: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const codes: Readonly<Record<ErrorCode, ExitCode>> = {
  usage: exitCode.usage,
  plan_invalid: exitCode.usage,
  rules_invalid: exitCode.usage,
  agent_invalid: exitCode.usage,
  name_invalid: exitCode.usage,
  ambiguous: exitCode.usage,
  server_ambiguous: exitCode.usage,
  server_not_chosen: exitCode.usage,
  request_invalid: exitCode.usage,
  project_not_found: exitCode.notFound,
  session_not_found: exitCode.notFound,
  entry_not_found: exitCode.notFound,
  role_not_found: exitCode.notFound,
  server_unreachable: exitCode.noServer,
  auth_required: exitCode.noServer,
  auth_invalid: exitCode.noServer,
  response_invalid: exitCode.noServer,
  needs_person: exitCode.needsPerson,
  driven_elsewhere: exitCode.needsPerson,
  draft_on_line: exitCode.needsPerson,
  session_busy: exitCode.needsPerson,
  session_not_ready: exitCode.needsPerson,
  input_unconfirmed: exitCode.needsPerson,
  timeout: exitCode.needsPerson,
  interrupted: exitCode.interrupted,
  cancelled: exitCode.interrupted,
  already_answered: exitCode.failed,
  prompt_changed: exitCode.failed,
  server_error: exitCode.failed,
  port_in_use: exitCode.noServer,
  session_name_conflict: exitCode.failed,
  session_limit: exitCode.failed,
  session_ended: exitCode.failed,
  input_not_sent: exitCode.failed,
  ledger_unwritable: exitCode.failed,
  ledger_unsafe: exitCode.failed,
  ledger_corrupt: exitCode.failed,
  disk_full: exitCode.failed,
  internal: exitCode.failed,
};

export function exitCodeOf(code: ErrorCode): ExitCode {
  return codes[code];
}

/** Of a run of a project, or of some of its tasks. */
export function exitOf(result: RunResult): ExitCode {
  if (result.stopped) return exitCode.interrupted;
  if (result.tasks.some((task) => task.state === "failed")) return exitCode.failed;
  if (result.tasks.every((task) => task.state === "succeeded" || task.state === "skipped")) return exitCode.done;
  // Nothing is unclear or asked: what is left could not begin.
  const asks = result.tasks.some((task) => task.state === "unknown" || task.state === "blocked");
  return result.problem && !asks ? exitCodeOf(result.problem.code) : exitCode.needsPerson;
}
