import type { IncomingMessage } from "node:http";
import { invalidRequest } from "./requestFailure";

export interface Answer {
  readonly status: number;
  /** Undefined: an empty body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RouteRequest {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  /** Decoded values of the path's `{parameters}`. */
  readonly path: Readonly<Record<string, string>>;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export type Handler = (request: RouteRequest) => Answer | Promise<Answer>;

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Such as `/sessions/{name}/screen`. */
  readonly pattern: string;
  readonly handler: Handler;
}

export type RouteMatch =
  | { readonly kind: "found"; readonly handler: Handler; readonly path: Readonly<Record<string, string>> }
  | { readonly kind: "missing" }
  | { readonly kind: "wrong_method"; readonly allow: string };

/**
 * Values of the pattern's parameters, or undefined when the path does not fit. Throws `invalid_request` for broken
 * percent codes.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== actual) return undefined;
    } else if (actual === "") return undefined;
    else values[part.slice(1, -1)] = actual;
  }
  for (const [name, value] of Object.entries(values)) {
    try {
      values[name] = decodeURIComponent(value);
    } catch {
      throw invalidRequest("The path has a broken percent code.");
    }
  }
  return values;
}

/** HEAD goes where GET goes. */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const wanted = method === "HEAD" ? "GET" : method;
  const allowed: string[] = [];
  for (const route of routes) {
    const values = matchPath(route.pattern, path);
    if (!values) continue;
    if (route.method === wanted) return { kind: "found", handler: route.handler, path: values };
    allowed.push(...(route.method === "GET" ? ["GET", "HEAD"] : [route.method]));
  }
  return allowed.length === 0 ? { kind: "missing" } : { kind: "wrong_method", allow: allowed.join(",") };
}
