/** A failure that goes over the wire as `{"error":{"code","message"}}`; the HTTP status is not used on WebSockets. */
export class WireFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "WireFailure";
    this.status = status;
    this.code = code;
  }
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
}

/** What a client is told about a thrown value; unforeseen ones are `internal_error` and go to the log. */
export function failureOf(thrown: unknown): WireFailure {
  if (thrown instanceof WireFailure) return thrown;
  process.stderr.write(
    `${new Date().toISOString()} ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
  );
  return new WireFailure(500, "internal_error", "The server met an error that it did not expect.");
}

export function errorBody(failure: WireFailure): ErrorBody {
  return { code: failure.code, message: failure.message };
}

export const invalidRequest = (message: string): WireFailure => new WireFailure(400, "invalid_request", message);
export const sessionNotFound = (name: string): WireFailure =>
  new WireFailure(404, "session_not_found", `There is no session named ${JSON.stringify(name)}.`);
