import { RequestFailure } from "../adapters/http/requestFailure";

/** What a client is told about a thrown value; unforeseen ones are `internal_error` and go to the log. */
export function failureOf(thrown: unknown): RequestFailure {
  if (thrown instanceof RequestFailure) return thrown;
  process.stderr.write(
    `${new Date().toISOString()} ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
  );
  return new RequestFailure(500, "internal_error", "The server failed unexpectedly.");
}

export const sessionNotFound = (name: string): RequestFailure =>
  new RequestFailure(404, "session_not_found", `There is no session named ${JSON.stringify(name)}.`);
