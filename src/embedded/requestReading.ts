import type { IncomingMessage } from "node:http";
import type * as z from "zod";
import { maxBodyBytes, maxWaitMs } from "../adapters/wsh/wire";
import { invalidRequest, WireFailure } from "./envelope";
import { withoutNulls } from "./requestSchemas";
import type { ScreenFormat } from "./screenModel";
import { isJson } from "./security";

const tooLarge = (): WireFailure =>
  new WireFailure(413, "body_too_large", `A body may have ${maxBodyBytes} bytes at most.`);

/** The whole body. Throws `body_too_large` above 1 MiB, before more than that is kept. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBodyBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * A JSON body of the given shape. Throws 415 without a JSON content type, 400 for broken JSON, 422 for another shape.
 */
export async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  if (!isJson(request))
    throw new WireFailure(
      415,
      "unsupported_media_type",
      "The body must be JSON, with the content type application/json.",
    );
  const text = (await readBody(request)).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest("The body is not JSON.");
  }
  const parsed = schema.safeParse(withoutNulls(value));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new WireFailure(
      422,
      "invalid_request",
      `The body does not fit: ${issue ? `${issue.path.join(".")}: ${issue.message}` : "unknown"}.`,
    );
  }
  return parsed.data;
}

/** Readers of query parameters; all throw `invalid_request`, also for a repeated one. */
export class Query {
  readonly #params: URLSearchParams;

  constructor(params: URLSearchParams) {
    this.#params = params;
  }

  text(name: string): string | undefined {
    const values = this.#params.getAll(name);
    if (values.length > 1) throw invalidRequest(`The parameter ${name} is given more than once.`);
    return values[0];
  }

  unsigned(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,20}$/.test(text)) throw invalidRequest(`The parameter ${name} must be a whole number.`);
    return Number(text);
  }

  /** Milliseconds, at most 300,000. */
  duration(name: string): number | undefined {
    const value = this.unsigned(name);
    return value === undefined ? undefined : Math.min(value, maxWaitMs);
  }

  flag(name: string): boolean {
    const text = this.text(name);
    if (text !== undefined && text !== "true" && text !== "false")
      throw invalidRequest(`The parameter ${name} must be true or false.`);
    return text === "true";
  }

  format(): ScreenFormat {
    const text = this.text("format");
    if (text !== undefined && text !== "plain" && text !== "styled")
      throw invalidRequest("The parameter format must be plain or styled.");
    return text ?? "styled";
  }

  list(name: string): string[] {
    return (this.text(name) ?? "").split(",").filter((item) => item !== "");
  }
}
