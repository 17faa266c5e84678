import type { ModelFailure } from "./scenario";

/** The body of a failed request to OpenAI's protocols. */
export function openaiError(status: number, { quota, resetsAt }: ModelFailure): unknown {
  if (resetsAt !== undefined)
    return {
      error: {
        type: "usage_limit_reached",
        message: "The usage limit has been reached",
        plan_type: "plus",
        resets_at: resetsAt,
      },
    };
  const [code, message] = codeAndMessage(status, quota === true);
  const type = code ?? (status >= 500 ? "server_error" : "invalid_request_error");
  return { error: { message, type, param: null, code } };
}

function codeAndMessage(status: number, quota: boolean): [string | null, string] {
  if (status === 401) return ["invalid_api_key", "Incorrect API key provided: dummy."];
  if (status === 403) return ["model_not_allowed", "This key may not use the model."];
  if (status === 429)
    return quota
      ? ["insufficient_quota", "You exceeded your current quota, please check your plan and billing details."]
      : ["rate_limit_exceeded", "Rate limit reached for this model."];
  return [null, status >= 500 ? "The server had an error while processing your request." : "Invalid request."];
}
