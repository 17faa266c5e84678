import { afterEach, describe, expect, it, vi } from "vitest";
import { WireFailure } from "../../../src/embedded/envelope";
import { checkSessionName, checkTags } from "../../../src/embedded/names";
import { Query } from "../../../src/embedded/requestReading";
import { findRoute, matchPath, type Route } from "../../../src/embedded/router";
import { Tickets } from "../../../src/embedded/security";

afterEach(() => void vi.useRealTimers());

function codeOf(act: () => unknown): string {
  try {
    act();
    return "fine";
  } catch (error) {
    return error instanceof WireFailure ? error.code : String(error);
  }
}

describe("names and tags", () => {
  it("are 1 to 64 bytes of letters and digits of any script, - _ .", () => {
    const good = ["a", "A.b_c-9", "a".repeat(64), "é".repeat(32), "Ⅷ", "漢字"];
    const bad = ["", "a b", "a/b", "a:b", "a\n", "a".repeat(65), "é".repeat(33), "\u{1F44D}", "a\0"];
    expect(good.map((name) => codeOf(() => checkSessionName(name)))).toEqual(good.map(() => "fine"));
    expect(bad.map((name) => codeOf(() => checkSessionName(name)))).toEqual(bad.map(() => "invalid_session_name"));
    expect(codeOf(() => checkTags(["fine", "not fine"]))).toBe("invalid_tag");
  });
});

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
  const query = new Query(
    new URLSearchParams("n=12&big=99999999&neg=-1&t=true&one=1&f=plain&twice=1&twice=2&list=a,,b&format=styled"),
  );

  it("are read strictly", () => {
    expect([
      query.unsigned("n"),
      query.unsigned("none"),
      query.duration("big"),
      query.flag("t"),
      query.flag("none"),
      query.list("list"),
      query.format(),
    ]).toEqual([12, undefined, 300_000, true, false, ["a", "b"], "styled"]);
    for (const act of [
      () => query.unsigned("neg"),
      () => query.unsigned("f"),
      () => query.flag("one"),
      () => query.text("twice"),
    ])
      expect(codeOf(act)).toBe("invalid_request");
    expect(codeOf(() => new Query(new URLSearchParams("format=html")).format())).toBe("invalid_request");
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
