import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import type { SessionContext } from "../../../src/core/model/session";
import { askedSince, neediestFirst, needsOf } from "../../../src/protocol/needs";
import { groupRows } from "../../../src/protocol/groupRows";
import { type ProjectPicture, projectRow, shownStatus } from "../../../src/protocol/projectRows";
import { sessionRows } from "../../../src/protocol/sessionRows";
import { asked, entry, history, picture, start } from "./rowScene";

const evidence = [{ signal: "screen", rule: "x/y", lines: ["Proceed? [y/N]"] }];
const at = (second: number): string => new Date(start + second * 1000).toISOString();

function session(name: string, rest: Partial<SessionContext>, since = 60): SessionContext {
  return {
    session_name: `proj-alpha::${name}`,
    project_id: "alpha",
    agent_id: null,
    role: name.split("::")[0] ?? "",
    state: "idle",
    next_action: "",
    last_signal: "",
    updated_at: at(since),
    state_since: at(since),
    ...rest,
  };
}

function project(
  name: string,
  sessions: readonly SessionContext[],
  entries: readonly ContextEntry[] = history,
): ProjectPicture {
  const made = picture(entries);
  for (const each of sessions) made.state.sessions.set(each.session_name, each);
  return {
    ...made,
    key: `/w#${name}`,
    project: { ...made.project, name },
    sessions: [...made.sessions, ...sessions],
  };
}

const waits = { state: "waiting", state_kind: "confirm", evidence } as const;

describe("what needs a person", () => {
  it("is in the order in which it should be seen to: what waits first, the oldest first, then failed, quiet, done", () => {
    const api = project("api", [
      session("a::1", { state: "done_unseen" }, 1),
      session("a::2", { state: "working", quiet_since: at(2) }),
      session("a::3", { state: "failed", state_kind: "auth", evidence }, 3),
      session("a::4", waits, 90),
      session("a::5", { state: "working" }),
      session("a::6", { state: "exited" }),
      session("a::7", { state: "limited", until: "14:20" }),
      session("a::8", { state: "failed", state_kind: "start" }),
    ]);
    const web = project("web", [session("b::1", waits, 4)], [...history, asked]);
    expect(
      needsOf([api, web]).map((need) => (need.kind === "question" ? need.question.who : need.session.session_name)),
    ).toEqual([
      "proj-alpha::b::1",
      "builder::1",
      "proj-alpha::a::4",
      "proj-alpha::a::3",
      "proj-alpha::a::2",
      "proj-alpha::a::1",
    ]);
  });
});

describe("in the tree", () => {
  it("projects that wait for an answer come first, the longest wait first; the others stay where they are", () => {
    const calm = project("calm", [session("a::1", { state: "failed" })]);
    const late = project("late", [session("a::1", waits, 90)]);
    const early = project("early", [], [...history, asked]);
    const last = project("last", []);
    expect(neediestFirst([calm, late, last, early], shownStatus).map((each) => each.project.name)).toEqual([
      "early",
      "late",
      "calm",
      "last",
    ]);
    expect(askedSince(calm)).toBeUndefined();
  });

  it("projects that need nobody stand by their newest activity, and those that run keep their order", () => {
    const note = (second: number): ContextEntry => entry({ kind: "note", text: "news" }, second);
    const ended = (name: string, state: string, second: number): ProjectPicture => ({
      ...project(name, [], [...history, note(second), entry({ kind: "project", state, text: "over" }, 100)]),
      runner: { who: "nobody" },
    });
    const running = (name: string, second: number): ProjectPicture => project(name, [], [...history, note(second)]);
    const all = [ended("a", "done", 10), ended("b", "stopped", 30), running("c", 5), running("d", 90)];
    expect(
      neediestFirst([...all, ended("e", "done", 20), ended("f", "failed", 1)], shownStatus).map(
        ({ project: { name } }) => name,
      ),
    ).toEqual(["f", "c", "d", "b", "e", "a"]);
  });

  it("roles and sessions that need a person come first, and none moves because it starts or stops working", () => {
    const order = (state: "working" | "idle"): string[][] => {
      const made = project("api", [
        session("a::1", { state }),
        session("b::1", { state: "working" }),
        session("b::2", { state: "exited" }),
        session("b::3", { state: "done_unseen" }),
        session("b::4", waits),
      ]);
      const roles = groupRows(made, start).flatMap((row) => (row.kind === "tasks" ? [] : [row.label]));
      return [roles, sessionRows(made, "b", start).map((row) => row.label)];
    };
    expect(order("idle")).toEqual([
      ["b", "builder::1", "a::1"],
      ["b::4", "b::3", "b::1", "b::2"],
    ]);
    expect(order("working")).toEqual(order("idle"));
  });

  it("a project says how many of its sessions ask, whether or not it runs", () => {
    const made = project("api", [session("a::1", waits), session("a::2", waits)]);
    expect(projectRow(made, start).description).toBe("running here · 2 sessions need input · 0/1");
    expect(projectRow({ ...made, sessions: made.sessions.slice(0, 2) }, start).spoken).toContain(
      "1 session needs input",
    );
  });
});
