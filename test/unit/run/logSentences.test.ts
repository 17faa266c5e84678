import { describe, expect, it } from "vitest";
import { addNote } from "../../../src/core/acts/addNote";
import { answerQuestion } from "../../../src/core/acts/answerQuestion";
import { attach } from "../../../src/core/acts/attach";
import { claimQuestion } from "../../../src/core/acts/claimQuestion";
import { kill } from "../../../src/core/acts/kill";
import { seeQuestion } from "../../../src/core/acts/seeQuestion";
import { snoozeQuestion } from "../../../src/core/acts/snoozeQuestion";
import type { ContextEntry } from "../../../src/core/model/entry";
import { parsePlan } from "../../../src/core/model/plan";
import { requestHandOver, requestRestart, requestRetry, requestStop } from "../../../src/core/people/runnerRequests";
import type { ProjectRecord } from "../../../src/core/record/projectRecord";
import type { FakeProject, FakeRun } from "../../support/fakeProject";
import { held, projectOf } from "../../support/heldCommands";
import { somebody } from "../acts/actingFakes";
import { faultsIn } from "../words/forbiddenWords";
import { allowAll } from "../../support/policies";
import { noTerminals } from "../../support/noTerminals";

/** `kind event: text` of all entries, each once, in the order of the alphabet: that of the log may vary. */
function said({ entries }: FakeProject): string[] {
  return [...new Set(entries.map(({ kind, event, text }) => `${[kind, event].join(" ").trim()}: ${text}`))].sort();
}

async function answered(project: FakeProject, record: ProjectRecord, task: string, text: string): Promise<void> {
  await record.catchUp();
  const question = project.question(task).id;
  await answerQuestion(record, somebody(project.clock, new Set(), false, project.consents), {
    question,
    text,
    terminals: noTerminals,
    resume: "no",
  });
}

function leaseOf({ record }: FakeRun): NonNullable<ProjectRecord["state"]["lease"]> {
  if (!record.state.lease) throw new Error("It does not run.");
  return record.state.lease;
}

/** Success, failure with another try, what waits for it, questions of all kinds and what people say to them. */
async function ordinaryRun(): Promise<FakeProject> {
  const project = projectOf();
  project.policy = {
    ...allowAll,
    decide: (text) => ({
      verdict: text.startsWith("ask") ? "ask" : text.startsWith("never") ? "deny" : "allow",
      reason: `"${text}" deletes files.`,
      rule: "test",
    }),
  };
  const plan = `
roles: { builder: {}, reviewer: {} }
tasks:
  - { id: build, role: builder, run: make, handoff: Look at the parser }
  - { id: review, role: reviewer, needs: [build], run: read }
  - { id: test, role: builder, run: false, retries: { attempts: 2, backoff: 0 } }
  - { id: ship, role: builder, needs: [test], run: ship }
  - { id: clean, role: builder, run: ask first }
  - { id: wipe, role: builder, run: ask again }
  - { id: root, role: builder, run: never }`;
  await project.run(plan);
  const record = await project.shared.record();
  const by = somebody(project.clock, new Set());
  const question = project.question("test");
  await claimQuestion(record, by, { question, attempt: 1 });
  await seeQuestion(record, by, { question });
  await snoozeQuestion(record, by, { question, forMs: 600_000 });
  await addNote(record, by, { text: "Mind the parser." });
  await answered(project, record, "clean", "run");
  await answered(project, record, "wipe", "skip");
  await answered(project, record, "root", "skip");
  await project.run(plan);
  await record.catchUp();
  await requestRetry(record, parsePlan(`project: alpha\n${plan}`), "test", by.actor);
  await project.run(plan);
  await answered(project, record, "test", "skip");
  await project.run(plan);
  await project.run(plan, { again: true });
  return project;
}

/** A stop, a hand-over, a restart, a person at a session, a server that does not answer and one that was restarted. */
async function disturbedRun(): Promise<FakeProject> {
  const project = projectOf();
  const plan = `
roles: { worker: {} }
tasks: [{ id: long, role: worker, run: hold on }, { id: next, role: worker, needs: [long], run: next }]`;
  const record = await project.shared.record();
  const by = somebody(project.clock, new Set());
  const stopped = await project.begin(plan, { heartbeatMs: 30_000 });
  await held(project, stopped, 1);
  await project.clock.advanceAsync(60_000);
  await requestStop(record, leaseOf(stopped), by.actor);
  await stopped.result;
  const left = await project.begin(plan);
  await held(project, left, 1);
  await requestHandOver(record, leaseOf(left), by.actor, "background");
  await left.result;
  const away = await project.begin(plan);
  await project.until(away, () => project.entries.filter(({ event }) => event === "claimed").length === 3);
  await record.catchUp();
  const session = [...record.state.sessions.values()][0];
  if (!session) throw new Error("There is no session.");
  const unrecorded = (error: unknown): never => {
    throw error;
  };
  const { clock } = project;
  const here = { host: "here", pid: 7, started_at: "1" };
  const request = {
    ...{ session, actor: by.actor, record, unrecorded, insideSession: undefined, clock, process: here },
  } as const;
  await attach({ ...request, place: "terminal" }, () => Promise.resolve({ how: "detached" }));
  await attach({ ...request, place: "mirror" }, () => Promise.resolve({ how: "detached" }));
  const gone = attach({ ...request, place: "terminal" }, () => Promise.reject(new Error("The server is away.")));
  await expect(gone).rejects.toThrow();
  project.server.tell({ type: "disconnected" });
  await project.clock.advanceAsync(10_000);
  await away.result;
  project.server.server_id = "fake-2";
  project.server.terminals.clear();
  await project.run(plan);
  await answered(project, record, "long", "done");
  await project.run(plan);
  await requestRestart(record, session.session_name, by.actor);
  const again = await project.begin(plan, { again: true });
  await held(project, again, 1);
  await project.until(again, () => project.entries.at(-1)?.kind === "command");
  project.runningIn("hold on")?.finish(0);
  await again.result;
  await record.catchUp();
  const living = [...record.state.sessions.values()][0] ?? session;
  const chosen = { server: project.server, info: await project.server.info(), builtin: false };
  const target = { name: living.session_name, wire: living.wire_name ?? "", chosen, context: living };
  await kill(target, {
    actor: by.actor,
    insideSession: undefined,
    confirm: () => Promise.resolve(true),
    record,
  });
  return project;
}

/** These end with what somebody typed or a program printed, as it is. */
function endsVerbatim({ kind, event }: ContextEntry): boolean {
  return ["command", "heartbeat", "note"].includes(kind) || event === "detached" || event === "adopted";
}

describe.each([
  ["an ordinary run", ordinaryRun],
  ["a disturbed run", disturbedRun],
])("the log of %s", (_, run) => {
  it("is understood by who has not seen the code", async () => {
    const project = await run();
    expect(said(project)).toMatchSnapshot();
    for (const entry of project.entries) {
      const { kind, event, text } = entry;
      const where = `${kind} ${event ?? ""}`;
      expect(faultsIn({ file: where, line: 1, text })).toEqual([]);
      expect([where, text]).toEqual([
        where,
        expect.not.stringMatching(/proj-|human:|agent:|engine|\s$|\.\.|undefined/),
      ]);
      expect([where, text]).toEqual([where, expect.stringMatching(endsVerbatim(entry) ? /./ : /[.?]$/)]);
    }
  });
});
