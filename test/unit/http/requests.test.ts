import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Access, checkAccess, Tickets } from "../../../src/adapters/http/access";
import { Query } from "../../../src/adapters/http/query";
import { RequestFailure } from "../../../src/adapters/http/requestFailure";
import { findRoute, matchPath, type Route } from "../../../src/adapters/http/router";

afterEach(() => void vi.useRealTimers());

function codeOf(act: () => unknown): string {
  try {
    act();
    return "fine";
  } catch (error) {
    return error instanceof RequestFailure ? error.code : String(error);
  }
}

describe("paths", () => {
  const handler = (): { status: number } => ({ status: 200 });
  const routes: Route[] = [
    { method: "GET", pattern: "/a", handler },
    { method: "POST", pattern: "/a", handler },
    { method: "GET", pattern: "/s/{name}/x", handler },
  ];

  it("are decoded part by part", () => {
    expect(matchPath("/s/{name}/x", "/s/a%3A%3Ab%2Fc/x")).toEqual({ name: "a::b/c" });
    expect(matchPath("/s/{name}/x", "/s//x")).toBeUndefined();
    expect(matchPath("/s/{name}/x", "/s/a/x/")).toBeUndefined();
    expect(codeOf(() => matchPath("/s/{name}/x", "/s/%E0%A4%A/x"))).toBe("invalid_request");
  });

  it("are missing, or know other methods", () => {
    expect(findRoute(routes, "HEAD", "/a").kind).toBe("found");
    expect(findRoute(routes, "DELETE", "/a")).toEqual({ kind: "wrong_method", allow: "GET,HEAD,POST" });
    expect(findRoute(routes, "GET", "/a/").kind).toBe("missing");
  });
});

describe("query parameters", () => {
  const query = new Query(new URLSearchParams("n=12&neg=-1&t=true&one=1&f=plain&twice=1&twice=2&list=a,,b"));

  it("are read strictly", () => {
    expect([
      query.unsigned("n"),
      query.unsigned("none"),
      query.flag("t"),
      query.flag("none"),
      query.list("list"),
    ]).toEqual([12, undefined, true, false, ["a", "b"]]);
    for (const act of [
      () => query.unsigned("neg"),
      () => query.unsigned("f"),
      () => query.flag("one"),
      () => query.text("twice"),
    ])
      expect(codeOf(act)).toBe("invalid_request");
  });
});

describe("tickets", () => {
  it("are good once, for 30 s", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const tickets = new Tickets();
    const [first, second, third] = [tickets.issue(), tickets.issue(), tickets.issue()];
    expect(first).toMatch(/^[A-Za-z0-9]{32}$/);
    expect([tickets.redeem(first), tickets.redeem(first), tickets.redeem("")]).toEqual([true, false, false]);
    vi.advanceTimersByTime(29_900);
    expect(tickets.redeem(second)).toBe(true);
    vi.advanceTimersByTime(200);
    expect(tickets.redeem(third)).toBe(false);
  });

  it("are at most 1024 at a time, and old ones make room", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const tickets = new Tickets();
    for (let ticket = 0; ticket < 1_024; ticket++) tickets.issue();
    expect(codeOf(() => tickets.issue())).toBe("resource_limit_reached");
    vi.advanceTimersByTime(30_001);
    expect(codeOf(() => tickets.issue())).toBe("fine");
  });
});

describe("access", () => {
  const tcp: Access = { port: 4000, token: "a-token-of-some-length" };
  const bearer = "Bearer a-token-of-some-length";
  const request = (headers: Record<string, string | string[]>, method = "GET"): IncomingMessage =>
    ({
      method,
      headers,
      headersDistinct: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]),
      ),
    }) as unknown as IncomingMessage;
  const check = (access: Access, headers: Record<string, string | string[]>, method?: string): string =>
    codeOf(() =>
      checkAccess(access, new Tickets(), { request: request(headers, method), open: false, upgrade: undefined }),
    );

  it("is for who names the server by a loopback name, comes from no foreign page, and has the token", () => {
    const host = "localhost:4000";
    expect([
      check(tcp, { host, authorization: bearer }),
      check(tcp, { host: "evil.example:4000", authorization: bearer }),
      check(tcp, { host: [host, host], authorization: bearer }),
      check(tcp, { host, origin: "http://localhost:4000", authorization: bearer }),
      check(tcp, { host, origin: "http://localhost:4001", authorization: bearer }),
      check(tcp, { host }),
      check(tcp, { host, authorization: "Bearer another" }),
    ]).toEqual([
      "fine",
      "host_not_allowed",
      "host_not_allowed",
      "fine",
      "origin_not_allowed",
      "auth_required",
      "auth_invalid",
    ]);
  });

  it("lets a page change something only with a content type that a browser asks for first", () => {
    const page = { host: "localhost:4000", origin: "http://localhost:4000", authorization: bearer };
    expect(check(tcp, { ...page, "content-type": "text/plain" }, "POST")).toBe("unsupported_media_type");
    expect(check(tcp, { ...page, "content-type": "application/json" }, "POST")).toBe("fine");
  });

  it("of a Unix socket is its file's mode; a page has no business there", () => {
    const socket: Access = { port: undefined, token: undefined };
    expect([check(socket, {}), check(socket, { origin: "http://localhost" })]).toEqual(["fine", "origin_not_allowed"]);
  });

  it("by a ticket is for one handshake", () => {
    const tickets = new Tickets();
    const ticket = tickets.issue();
    const upgrade = (): string =>
      codeOf(() =>
        checkAccess(tcp, tickets, { request: request({ host: "127.0.0.1:4000" }), open: false, upgrade: { ticket } }),
      );
    expect([upgrade(), upgrade()]).toEqual(["fine", "auth_required"]);
  });
});
