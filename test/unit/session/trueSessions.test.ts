import { describe, expect, it } from "vitest";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { SessionContext } from "../../../src/core/model/session";
import type { EntryDraft } from "../../../src/core/model/entry";
import type { ProjectContext } from "../../../src/core/model/project";
import type { ChosenServer } from "../../../src/core/ports/sessions";
import { foreignContext } from "../../../src/core/session/foreignContext";
import { recordedSessions } from "../../../src/core/session/liveSessions";
import { ownershipTag } from "../../../src/core/session/ownership";
import {
  askServers,
  serverProblem,
  sessionNow,
  sinceBefore,
  trueSessions,
  withQuestions,
} from "../../../src/core/session/trueSessions";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import { MemoryRecord } from "../../support/memoryRecord";

const name = "proj-alpha::worker::1";
const wire = "proj-alpha.worker.1";
const project = { project_id: "alpha", name: "alpha", server: { address: "unix:/fake", server_id: "fake-1" } };

/** A project with one idle session, on a server that has it. */
async function world(): Promise<{ record: MemoryRecord; server: FakeServer; clock: FakeClock }> {
  const clock = new FakeClock();
  const record = new MemoryRecord(clock);
  const server = new FakeServer();
  await server.create({ name: wire, tags: [ownershipTag("key")] });
  const about = { kind: "session", actor: "engine", session_name: name, role: "worker", wire_name: wire } as const;
  await record.append({
    ...about,
    event: "created",
    state: "idle",
    k: "key",
    server_id: "fake-1",
    text: "It is ready.",
  });
  return { record, server, clock };
}

async function chosen(server: FakeServer): Promise<ChosenServer> {
  return { server, info: await server.info(), builtin: false };
}

async function looked(record: MemoryRecord, server: FakeServer): Promise<string[]> {
  const recorded = { project: project as ProjectContext, state: record.state };
  const answers = await askServers(() => chosen(server), [recorded]);
  return withQuestions(trueSessions(recorded, answers), record.state).map(
    ({ state, last_signal }) => `${state}: ${last_signal}`,
  );
}

describe("the sessions of a project, to whoever only looks", () => {
  it("are lost with a server that has ended, and what ran there is said with how to resume", async () => {
    const { record } = await world();
    await record.append({ kind: "project", actor: "engine", session_name: null, state: "running", text: "Runs." });
    await record.append({
      ...{ kind: "command", actor: "engine", session_name: name, command_id: "c1", input: "npm test" },
      text: "Runs npm test.",
    });
    const recorded = { project: project as ProjectContext, state: record.state };
    const ended = new OrchestratorError("server_unreachable", "It ended.", { kind: "resume_projects" });
    const answers = await askServers(() => Promise.reject(ended), [recorded]);
    expect(trueSessions(recorded, answers)).toMatchObject([
      { state: "lost", last_signal: "Its session server ended.", next_action: "" },
    ]);
    expect(serverProblem(recorded, answers)).toMatchObject({
      message: 'alpha: It ended. Lost: worker::1, while "npm test" ran. The log is kept.',
      remedy: { kind: "run_project", project: "alpha", again: false },
    });
    const server = "http://127.0.0.1:8080";
    const wsh = new OrchestratorError("server_unreachable", "It ended.", { kind: "resume_projects", server });
    expect(serverProblem(recorded, await askServers(() => Promise.reject(wsh), [recorded]))?.remedy).toEqual({
      ...{ kind: "run_project", project: "alpha", again: false },
      server,
    });
    const away = new OrchestratorError("server_unreachable", "It is away.", { kind: "reach_server" });
    const others = await askServers(() => Promise.reject(away), [recorded]);
    expect(trueSessions(recorded, others)).toMatchObject([{ state: "working" }]);
    expect(serverProblem(recorded, others)?.message).toBe("It is away.");
  });

  it("are as the record has them, the same objects, while their server has them", async () => {
    const { record, server } = await world();
    const recorded = { project: project as ProjectContext, state: record.state };
    const answers = await askServers(() => chosen(server), [recorded]);
    const [session] = withQuestions(trueSessions(recorded, answers), record.state);
    expect(session).toBe(record.state.sessions.get(name));
  });

  it("are lost where their server does not have them, or is another one", async () => {
    const ended = await world();
    ended.server.end(wire, 0);
    expect(await looked(ended.record, ended.server)).toEqual(["lost: The session server no longer has this session."]);

    const restarted = await world();
    restarted.server.server_id = "fake-2";
    expect(await looked(restarted.record, restarted.server)).toEqual(["lost: Its session server was restarted."]);

    const taken = await world();
    taken.server.end(wire, 0);
    await taken.server.create({ name: wire });
    expect(await looked(taken.record, taken.server)).toEqual([
      "lost: The session server has another session of that name.",
    ]);
  });

  it("wait where a question is open: the session's own, one about it, one of a task in its middle", async () => {
    const asked = { actor: "engine", human_attention_needed: true, text: "Shall it run?" } as const;
    const task = { kind: "task", actor: "engine", task_id: "build", role: "worker", text: "build waits." } as const;
    const questions: EntryDraft[] = [
      { ...asked, kind: "error", session_name: name },
      { ...asked, kind: "blocked", session_name: null, refs: [{ type: "session", id: name }] },
      { ...asked, kind: "approval_needed", session_name: null, task_id: "build" },
    ];
    for (const question of questions) {
      const { record, server } = await world();
      await record.append({ ...task, session_name: name, event: "waiting", state: "blocked", step: 1, attempt: 1 });
      await record.append(question);
      expect(await looked(record, server)).toEqual(["waiting: Shall it run?"]);
      expect(recordedSessions(record.state, 0)).toMatchObject([{ sensed: { state: "waiting", by: "question" } }]);
    }
  });

  it("do not wait for a task that has not begun anywhere", async () => {
    const { record, server } = await world();
    const about = { kind: "approval_needed", actor: "engine", session_name: null, task_id: "build" } as const;
    await record.append({ ...about, human_attention_needed: true, text: "Shall it run?" });
    expect(await looked(record, server)).toEqual(["idle: It is ready."]);
  });

  it("are shown with the command that runs there, as long as they live", async () => {
    const { record, clock } = await world();
    const about = { actor: "engine", session_name: name } as const;
    await record.append({ ...about, kind: "command", command_id: "c", text: "Runs npm ci.", input: "npm ci" });
    clock.advance(3000);
    expect(recordedSessions(record.state, clock.now())).toMatchObject([
      { name, role: "worker", command: { input: "npm ci" }, runsFor: 3000, sensed: { state: "working", by: "record" } },
    ]);
    await record.append({ ...about, kind: "session", event: "ended", state: "exited", text: "It ended." });
    expect(recordedSessions(record.state, clock.now())).toEqual([]);
  });
});

describe("a session that no record knows", () => {
  it.each([
    [100, "working"],
    [60_000, "unclear"],
    [null, "unclear"],
  ])("used %s ms ago is %s", async (last_activity_ms, state) => {
    const { server } = await world();
    const info = { ...server.terminal(wire).info, last_activity_ms };
    expect(foreignContext(await chosen(server), info, 0)).toMatchObject({
      session_name: name,
      project_id: "alpha",
      state,
      ours: false,
    });
  });
});

describe("since when a session is in a state that no entry tells", () => {
  const recorded = {
    session_name: name,
    state: "idle",
    last_signal: "",
    updated_at: "2026-11-01T10:00:00.000Z",
    state_since: "2026-11-01T09:00:00.000Z",
  } as SessionContext;
  const heard = Date.parse("2026-11-01T12:00:00.000Z");
  const now = (state: "waiting" | "working"): SessionContext =>
    sessionNow(recorded, {
      server: "there",
      terminal: {
        heard,
        atPrompt: false,
        alternateScreen: false,
        line: "Proceed?",
        sensed: { state, why: "It does." },
        settled: true,
        inDoubt: true,
        quiet: false,
      },
    });

  it("is since its last output where it stands still, else since something was written of it", () => {
    expect(now("waiting").state_since).toBe("2026-11-01T12:00:00.000Z");
    expect(now("working").state_since).toBe("2026-11-01T10:00:00.000Z");
  });

  it("stays the same as long as the state does, whatever moves on the screen", () => {
    const first = { ...now("waiting"), state_since: "2026-11-01T11:00:00.000Z" };
    const before = new Map([[name, first]]);
    expect(sinceBefore(now("waiting"), before).state_since).toBe("2026-11-01T11:00:00.000Z");
    expect(sinceBefore(now("working"), before).state_since).toBe("2026-11-01T10:00:00.000Z");
  });
});
