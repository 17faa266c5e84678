import * as z from "zod";
import { invalidRequest } from "../adapters/http/requestFailure";
import { defaultMaxWaitMs, maxWaitMs, sessionEventNames } from "../adapters/wsh/wire";

/** Parameters of WebSocket methods. A null member counts as absent, as in wsh. */

const unsigned = z.number().int().nonnegative();
const size = z.number().int().min(0).max(65_535);
const format = z.enum(["plain", "styled"]).default("styled");
const duration = unsigned.transform((value) => Math.min(value, maxWaitMs));

export const pageSchema = z.object({ format, offset: unsigned.default(0), limit: unsigned.default(100) });
export const formatSchema = z.object({ format });
export const inputSchema = z.object({ data: z.string(), encoding: z.enum(["utf8", "base64"]).default("utf8") });
export const sizeSchema = z.object({ cols: size, rows: size });
export const waitSchema = z.object({
  timeout_ms: duration,
  max_wait_ms: duration.default(defaultMaxWaitMs),
  format,
  last_generation: unsigned.optional(),
  fresh: z.boolean().default(false),
});
export const subscribeSchema = z
  .object({
    events: z.array(z.enum(sessionEventNames)),
    format,
    interval_ms: unsigned.optional(),
    idle_timeout_ms: unsigned.optional(),
    quiesce_ms: unsigned.optional(),
  })
  .refine((params) => params.idle_timeout_ms === undefined || params.quiesce_ms === undefined)
  .transform(({ events, format: wanted, idle_timeout_ms, quiesce_ms }) => ({
    events,
    format: wanted,
    idleTimeoutMs: Math.min(idle_timeout_ms ?? quiesce_ms ?? 0, maxWaitMs),
  }));
export type SubscribeParams = z.infer<typeof subscribeSchema>;

export const nameSchema = z.object({ name: z.string() });
export const listSchema = z.object({ tag: z.array(z.string()).default([]) });
export const renameSchema = z.object({ name: z.string(), new_name: z.string() });
export const updateTagsSchema = z.object({
  session: z.string(),
  add: z.array(z.string()).default([]),
  remove: z.array(z.string()).default([]),
});
export const serverModeSchema = z.object({ persistent: z.boolean().optional() });
export const requestSchema = z.object({
  method: z.string(),
  session: z.string().optional(),
  params: z.unknown().optional(),
});

/** Without members that are null; other values as they are. */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** Throws `invalid_request` when the parameters do not fit; none at all count as `{}`. */
export function parseParams<T>(schema: z.core.$ZodType<T>, params: unknown): T {
  const parsed = z.safeParse(schema, withoutNulls(params ?? {}));
  if (!parsed.success) throw invalidRequest("The parameters are not valid for this method.");
  return parsed.data;
}
