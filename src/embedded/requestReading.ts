import type { IncomingMessage } from "node:http";
import * as z from "zod";
import type { Query } from "../adapters/http/query";
import { readJsonBody } from "../adapters/http/requestBody";
import { invalidRequest, RequestFailure } from "../adapters/http/requestFailure";
import { maxBodyBytes, maxWaitMs } from "../adapters/wsh/wire";
import { withoutNulls } from "./requestSchemas";
import type { ScreenFormat } from "./screenModel";

/** A JSON body of the given shape. Throws 422 for another one, and as `readJsonBody`. */
export async function readJson<T>(request: IncomingMessage, schema: z.core.$ZodType<T>): Promise<T> {
  const parsed = z.safeParse(schema, withoutNulls(await readJsonBody(request, maxBodyBytes)));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RequestFailure(
      422,
      "invalid_request",
      `The body is not valid: ${issue ? `${issue.path.join(".")}: ${issue.message}` : "unknown"}.`,
    );
  }
  return parsed.data;
}

/** Milliseconds, at most 300,000. Throws `invalid_request`. */
export function readDuration(query: Query, name: string): number | undefined {
  const value = query.unsigned(name);
  return value === undefined ? undefined : Math.min(value, maxWaitMs);
}

/** Throws `invalid_request`. */
export function readFormat(query: Query): ScreenFormat {
  const text = query.text("format");
  if (text !== undefined && text !== "plain" && text !== "styled")
    throw invalidRequest("The parameter format must be plain or styled.");
  return text ?? "styled";
}
