/** Why a request is refused, in words for the client; `status` is not used on WebSockets. */
export class RequestFailure extends Error {
  readonly status: number;
  /** Stable, for programs; such as `auth_required`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "RequestFailure";
    this.status = status;
    this.code = code;
  }
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
}

/** As it stands in an answer: `{"error":{"code","message"}}`. */
export function errorBody(failure: RequestFailure): ErrorBody {
  return { code: failure.code, message: failure.message };
}

export const invalidRequest = (message: string): RequestFailure => new RequestFailure(400, "invalid_request", message);
