import type { IncomingMessage } from "node:http";
import { isJson } from "./access";
import { invalidRequest, RequestFailure } from "./requestFailure";

/** The whole body. Throws `body_too_large` above `maxBytes`, before more than that is kept. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): RequestFailure =>
    new RequestFailure(413, "body_too_large", `A body can have at most ${maxBytes} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * What a JSON body says; its shape is the caller's to check. Throws `unsupported_media_type` without a JSON content
 * type, `invalid_request` for broken JSON, and as `readBody`.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (!isJson(request))
    throw new RequestFailure(
      415,
      "unsupported_media_type",
      "The body must be JSON, with the content type application/json.",
    );
  const text = (await readBody(request, maxBytes)).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalidRequest("The body is not JSON.");
  }
}
