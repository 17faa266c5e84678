import { describe, expect, it } from "vitest";
import type { EntryDraft } from "../../../src/core/model/entry";
import type { OrchestratorError } from "../../../src/core/model/errors";
import type { ProjectContext } from "../../../src/core/model/project";
import type { SessionContext } from "../../../src/core/model/session";
import { endedSession, lostSince, sessionOver } from "../../../src/core/session/endedSession";
import { ownershipTag } from "../../../src/core/session/ownership";
import { SessionLooks } from "../../../src/core/session/sessionLooks";
import { tellingLine } from "../../../src/core/session/sessionEnd";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import { MemoryRecord } from "../../support/memoryRecord";
import { silentLogger } from "../../support/systemClock";

const name = "proj-alpha::worker::1";
const wire = "proj-alpha.worker.1";
const project = { project_id: "alpha", name: "alpha", server: { address: "unix:/fake", server_id: "fake-1" } };

/** What somebody is told who wants to use the session, after `then`. */
async function told(
  then: (world: { server: FakeServer; record: MemoryRecord }) => unknown,
): Promise<OrchestratorError> {
  const clock = new FakeClock();
  const record = new MemoryRecord(clock);
  const server = new FakeServer();
  await server.create({ name: wire, tags: [ownershipTag("key")] });
  await record.append({
    ...{ kind: "session", actor: "engine", session_name: name, role: "worker", wire_name: wire, server_id: "fake-1" },
    ...{ event: "created", state: "idle", k: "key", text: "It is ready." },
  });
  await then({ server, record });
  const redact = (line: string): string => line.replaceAll("hunter2", "‹redacted›");
  const rules = () => Promise.reject(new Error("Nothing is looked at."));
  const looks = new SessionLooks({ clock, logger: silentLogger, quietAfterMs: () => 0, redact, rules });
  const recorded = { project: project as ProjectContext, state: record.state };
  const session = record.state.sessions.get(name);
  if (!session) throw new Error("The record has no session.");
  const reach = async (): Promise<{
    server: FakeServer;
    info: Awaited<ReturnType<FakeServer["info"]>>;
    builtin: false;
  }> => ({
    server,
    info: await server.info(),
    builtin: false,
  });
  return sessionOver(await endedSession(recorded, session, reach, looks), recorded);
}

const about = { kind: "session", actor: "engine", session_name: name } as const;
const ended: EntryDraft = { ...about, event: "ended", state: "exited", text: "worker::1 ended with exit code 3." };

describe("whoever wants to use a session that is over", () => {
  it("is told how it ended, by its server where the record does not know", async () => {
    const error = await told(({ server }) => server.end(wire, 3, ["$ make; exit 3", "Error hunter2", "exit"]));
    expect(error.code).toBe("session_not_found");
    expect(error.message).toBe(
      `${name} no longer exists: the session ended with exit code 3. Last output: "Error ‹redacted›". Its log is kept.`,
    );
  });

  it("is told how it ended, by the record, whatever was noted afterwards", async () => {
    const error = await told(async ({ server, record }) => {
      server.end(wire, 3);
      await record.append(ended);
      await record.append({ kind: "note", actor: "human:ada", session_name: name, text: "I looked at it." });
    });
    expect(error.message).toBe(`${name} no longer exists: worker::1 ended with exit code 3. Its log is kept.`);
  });

  it("is told why nobody knows it: its server is another one, or has somebody else's of that name", async () => {
    const restarted = await told(({ server }) => void (server.server_id = "fake-2"));
    expect(restarted.message).toContain("no longer exists: its session server was restarted.");
    const taken = await told(async ({ server }) => {
      server.end(wire, 0);
      await server.create({ name: wire });
    });
    expect(taken.message).toContain("no longer exists: the session server has another session of that name.");
  });

  it("is told why it could not be started", async () => {
    const text = "worker::1 could not be started: The shell ended before its first prompt with exit code 7.";
    const error = await told(async ({ server, record }) => {
      server.end(wire, 7);
      await record.append({ ...about, event: "failed", state: "failed", text });
    });
    expect(error.message).toBe(text);
  });

  it("is told how to get another one", async () => {
    const end = ({ server }: { server: FakeServer }): void => server.end(wire, 0);
    const remedy = { kind: "replace_session", project: "alpha", session: name, role: "worker", prompted: false };
    expect((await told(end)).remedy).toEqual({ ...remedy, resumes: true });
    const done = await told(async ({ server, record }) => {
      end({ server });
      await record.append({ kind: "project", actor: "engine", session_name: null, state: "done", text: "Done." });
    });
    expect(done.remedy).toEqual({ ...remedy, resumes: false });
  });
});

describe("a session that its server has lost", () => {
  const lost = { session_name: name, state: "lost", updated_at: "2026-11-01T08:00:00.000Z" } as SessionContext;
  const seen = Date.parse("2026-11-01T16:00:00.000Z");

  it("is lost since it was seen last, not since something was written of it", () => {
    expect(lostSince(lost, seen).state_since).toBe("2026-11-01T16:00:00.000Z");
    expect(lostSince(lost, undefined)).toBe(lost);
    const lives = { ...lost, state: "idle" } as SessionContext;
    expect(lostSince(lives, seen)).toBe(lives);
  });
});

describe("the line that tells how a session ended", () => {
  it.each([
    [["boom", "exit"], "boom"],
    [["boom", "logout", "", "  "], "boom"],
    [["boom", "^D", "exit"], "boom"],
    [["all done", "────────", "$"], "all done"],
    [["exit"], ""],
    [[], ""],
  ])("of %j is %j", (lines, line) => expect(tellingLine(lines)).toBe(line));
});
