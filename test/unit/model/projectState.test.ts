import { describe, expect, it, vi } from "vitest";
import {
  applyEntry,
  emptyProjectState,
  openEscalations,
  type ProjectState,
} from "../../../src/core/model/projectState";
import { entryOf } from "../../support/entries";

const session = "proj-alpha::worker::1";

function after(...entries: ReturnType<typeof entryOf>[]): ProjectState {
  const state = emptyProjectState();
  for (const entry of entries) applyEntry(state, entry);
  return state;
}

describe("what the record says", () => {
  it("follows a session from its start to its end", () => {
    const state = after(
      entryOf({
        kind: "session",
        session_name: session,
        event: "starting",
        state: "starting",
        k: "key",
        wire_name: "proj-alpha.worker.1",
      }),
      entryOf({ kind: "session", session_name: session, event: "created", state: "idle", pid: 7 }),
      entryOf({ kind: "command", session_name: session, command_id: "c", text: "build: make" }),
    );
    expect(state.sessions.get(session)).toMatchObject({
      role: "worker",
      state: "working",
      next_action: "build: make",
      pid: 7,
      k: "key",
    });
    expect([...state.openCommands.keys()]).toEqual(["c"]);
    applyEntry(
      state,
      entryOf({
        kind: "result",
        session_name: session,
        command_id: "c",
        outcome: "exited",
        exit_code: 0,
        text: "Done.",
      }),
    );
    expect(state.sessions.get(session)).toMatchObject({ state: "idle", next_action: "", last_signal: "Done." });
    expect(state.openCommands.size).toBe(0);
    applyEntry(state, entryOf({ kind: "session", session_name: session, event: "lost", state: "lost" }));
    expect(state.sessions.get(session)?.state).toBe("lost");
  });

  it.each(["waiting", "limited", "failed", "unclear"])(
    "keeps why a session is %s while its command runs on and people write notes",
    (sensed) => {
      const of = { session_name: session };
      const state = after(
        entryOf({ kind: "session", ...of, event: "created", state: "idle" }),
        entryOf({ kind: "command", ...of, command_id: "c", text: "build: make" }),
        entryOf({ kind: "heartbeat", ...of, text: "It has run for 1 min." }),
      );
      expect(state.sessions.get(session)?.last_signal).toBe("It has run for 1 min.");
      applyEntry(state, entryOf({ kind: "state", ...of, event: "sensed", state: sensed, text: "What it shows." }));
      applyEntry(state, entryOf({ kind: "heartbeat", ...of, text: "It has run for 2 min." }));
      applyEntry(state, entryOf({ kind: "note", ...of, text: "Look at this one." }));
      const notSent = { command_id: "d", outcome: "not_sent", text: "It was not sent." } as const;
      applyEntry(state, entryOf({ kind: "result", ...of, ...notSent }));
      expect(state.sessions.get(session)).toMatchObject({ state: sensed, last_signal: "What it shows." });
      applyEntry(state, entryOf({ kind: "state", ...of, event: "sensed", state: "working", text: "It works." }));
      applyEntry(state, entryOf({ kind: "heartbeat", ...of, text: "It has run for 3 min." }));
      expect(state.sessions.get(session)?.last_signal).toBe("It has run for 3 min.");
    },
  );

  it("keeps what goes on running as it was typed, whatever its task types afterwards, until it ends", () => {
    const of = { task_id: "serve", session_name: session };
    const serve = entryOf({ kind: "command", ...of, command_id: "c", step: 0, input: "npm run dev", n: 3 });
    const state = after(
      serve,
      entryOf({ kind: "result", ...of, command_id: "c", outcome: "still_running" }),
      entryOf({ kind: "command", ...of, session_name: `${session}-check`, command_id: "d", step: 1, input: "true" }),
      entryOf({ kind: "result", ...of, session_name: `${session}-check`, command_id: "d", outcome: "exited" }),
    );
    expect([...state.stillRunning.values()]).toEqual([serve]);
    applyEntry(state, entryOf({ kind: "state", ...of, command_id: "c", event: "command_ended" }));
    expect(state.stillRunning.size).toBe(0);
  });

  it("knows since when a session does what it does, whatever is heard of it meanwhile", () => {
    const at = (minute: number): string => `2026-11-23T02:${String(minute).padStart(2, "0")}:00.000Z`;
    const state = after(
      { ...entryOf({ kind: "session", session_name: session, event: "created", state: "idle" }), ts: at(0) },
      { ...entryOf({ kind: "command", session_name: session, command_id: "c", text: "Runs: make" }), ts: at(1) },
      { ...entryOf({ kind: "heartbeat", session_name: session, text: "make has run for 30 s." }), ts: at(2) },
      { ...entryOf({ kind: "note", session_name: session, text: "Slow today." }), ts: at(3) },
    );
    expect(state.sessions.get(session)).toMatchObject({ state: "working", state_since: at(1), updated_at: at(3) });
    applyEntry(state, {
      ...entryOf({ kind: "result", session_name: session, command_id: "c", outcome: "exited", exit_code: 0 }),
      ts: at(4),
    });
    expect(state.sessions.get(session)).toMatchObject({ state: "idle", state_since: at(4) });
  });

  it("takes a late word of a session's end for the one before, when another was made under its name meanwhile", () => {
    const made = (k: string): ReturnType<typeof entryOf> =>
      entryOf({ kind: "session", session_name: session, event: "starting", state: "starting", k });
    const ended = (k: string): ReturnType<typeof entryOf> =>
      entryOf({ kind: "session", session_name: session, event: "ended", state: "exited", k });
    expect(after(made("one"), ended("one")).sessions.get(session)?.state).toBe("exited");
    expect(after(made("one"), made("two"), ended("one")).sessions.get(session)).toMatchObject({
      state: "starting",
      k: "two",
    });
  });

  it("knows which runner was asked last to leave its place to another one", () => {
    const claimed = (generation: number): ReturnType<typeof entryOf> =>
      entryOf({ kind: "lease", event: "claimed", holder: "somebody", generation });
    const asked = (generation: number): ReturnType<typeof entryOf> =>
      entryOf({ kind: "project", event: "handover_requested", generation });
    expect(after(claimed(1)).handedOver).toBeUndefined();
    expect(after(claimed(1), asked(1), claimed(2))).toMatchObject({ handedOver: 1, leaseGeneration: 2 });
    // What is meant for a runner whose place was taken by then asks nobody.
    expect(after(claimed(1), claimed(2), asked(1)).handedOver).toBeUndefined();
  });

  it("keeps the wish to start a session anew until it was, or until there is nothing to end any more", () => {
    const word = (event: string, actor = "engine"): ReturnType<typeof entryOf> =>
      entryOf({ kind: "session", session_name: session, event, actor });
    const wish = word("restart_requested", "human:test");
    const asked = (...then: ReturnType<typeof entryOf>[]): readonly unknown[] => [
      ...after(word("starting"), word("created"), wish, ...then).restarts.values(),
    ];
    expect(asked()).toEqual([wish]);
    expect(asked(word("attached", "human:test"), word("ended"))).toEqual([wish]);
    for (const answer of [word("starting"), word("created"), word("failed"), word("lost"), word("ended", "human:test")])
      expect(asked(answer)).toEqual([]);
    expect(asked(word("ended"), word("starting"), word("created"), wish)).toEqual([wish]);
  });

  it("keeps a question open until its first answer, and tells later ones apart", () => {
    const question = entryOf({ kind: "approval_needed", task_id: "one", human_attention_needed: true });
    const state = after(question);
    expect(openEscalations(state)).toEqual([question]);
    const first = entryOf({ kind: "answer", answer: "run", refs: [{ type: "entry", id: question.id }] });
    applyEntry(state, first);
    applyEntry(state, entryOf({ kind: "answer", answer: "skip", refs: [{ type: "entry", id: question.id }] }));
    expect(state.escalations.get(question.id)?.answer).toEqual(first);
    expect(openEscalations(state)).toEqual([]);
  });

  it("lets a session wait only as long as its question is open", () => {
    const question = entryOf({
      kind: "error",
      task_id: "one",
      session_name: session,
      human_attention_needed: true,
      text: "one failed.",
    });
    const state = after(entryOf({ kind: "session", session_name: session, event: "created", state: "idle" }), question);
    expect(state.sessions.get(session)?.next_action).toBe("needs an answer: one failed.");
    applyEntry(state, entryOf({ kind: "answer", answer: "retry", refs: [{ type: "entry", id: question.id }] }));
    expect(state.sessions.get(session)?.next_action).toBe("");
  });

  it("closes a question when its task goes on", () => {
    const question = entryOf({ kind: "error", task_id: "one", human_attention_needed: true });
    const state = after(question, entryOf({ kind: "task", task_id: "one", state: "succeeded" }));
    expect(openEscalations(state)).toEqual([]);
  });

  it("counts the first claim of a generation, and a released lease is nobody's", () => {
    const claim = (holder: string, generation: number): ReturnType<typeof entryOf> =>
      entryOf({ kind: "lease", event: "claimed", holder, generation, pid: 1, host: "h", started_at: "s" });
    const state = after(claim("a", 1), claim("b", 1));
    expect(state.lease?.holder).toBe("a");
    applyEntry(state, entryOf({ kind: "lease", event: "released", holder: "a", generation: 1 }));
    expect(state.lease).toBeUndefined();
    applyEntry(state, claim("late", 1));
    expect(state.lease).toBeUndefined();
    applyEntry(state, claim("b", 2));
    expect(state.lease?.holder).toBe("b");
  });

  it("hands a note over once", () => {
    const note = entryOf({ kind: "handoff", to: "reviewer" });
    const state = after(note);
    expect([...state.undelivered.values()]).toEqual([note]);
    applyEntry(state, entryOf({ kind: "delivery", refs: [{ type: "entry", id: note.id }] }));
    expect([...state.undelivered.values()]).toEqual([]);
  });

  it("looks at what concerns a task only, however much was ever asked or handed over", () => {
    const asked = (task_id: string): ReturnType<typeof entryOf> =>
      entryOf({ kind: "approval_needed", human_attention_needed: true, task_id });
    const [mine, other] = [asked("mine"), asked("other")];
    const state = after(mine, other);
    const walked: string[] = [];
    for (const [name, map] of Object.entries({ escalations: state.escalations, undelivered: state.undelivered })) {
      for (const way of ["values", "keys", "entries", "forEach", Symbol.iterator] as const)
        vi.spyOn(map as Map<string, unknown>, way as "values").mockImplementation(() => {
          walked.push(name);
          return new Map<string, unknown>().values();
        });
    }
    applyEntry(state, entryOf({ kind: "answer", answer: "run", refs: [{ type: "entry", id: mine.id }] }));
    for (const event of ["started", "succeeded"])
      applyEntry(
        state,
        entryOf({ kind: "task", task_id: "mine", event, state: event === "started" ? "running" : event }),
      );
    applyEntry(state, entryOf({ kind: "handoff", to: "reviewer" }));
    applyEntry(state, entryOf({ kind: "delivery", event: "seen", refs: [{ type: "entry", id: other.id }] }));
    expect(walked).toEqual([]);
    expect(state.escalations.get(mine.id)).toMatchObject({ settled: true, applied: { event: "started" } });
    expect(state.escalations.get(other.id)).toMatchObject({ settled: false, seen: { event: "seen" } });
  });

  it("remembers what was sent without Enter, until it is entered or its session begins anew", () => {
    const session_name = "proj-a::shell::1";
    const typed = (input: string): ReturnType<typeof entryOf> =>
      entryOf({ kind: "note", event: "typed", session_name, input });
    const state = after(typed("rm "), typed("-rf"));
    expect([...state.unsent]).toEqual([[session_name, "rm -rf"]]);
    applyEntry(state, entryOf({ kind: "result", session_name, outcome: "not_sent" }));
    expect(state.unsent.get(session_name)).toBe("rm -rf");
    applyEntry(state, entryOf({ kind: "result", session_name, outcome: "unknown" }));
    expect(state.unsent.size).toBe(0);
    for (const entry of [typed("a\nb"), typed("c")]) applyEntry(state, entry);
    expect(state.unsent.get(session_name)).toBe("bc");
    applyEntry(state, entryOf({ kind: "session", event: "starting", session_name }));
    expect(state.unsent.size).toBe(0);
  });

  it("knows who tells a person of a question, whether they have seen it, and what came of the answer", () => {
    const question = entryOf({ kind: "approval_needed", task_id: "one", human_attention_needed: true });
    const about = { refs: [{ type: "entry", id: question.id }] };
    const claim = (pid: number, attempt?: number): ReturnType<typeof entryOf> =>
      entryOf({ kind: "delivery", event: "delivered", pid, ...(attempt === undefined ? {} : { attempt }), ...about });
    const state = after(question, claim(1), claim(2, 1), claim(3));
    const escalation = state.escalations.get(question.id);
    expect([escalation?.told?.pid, escalation?.seen]).toEqual([1, undefined]);
    for (const entry of [claim(4, 2), claim(5, 2), claim(6, 1)]) applyEntry(state, entry);
    expect(escalation?.told?.pid).toBe(4);
    const snoozed = entryOf({ kind: "delivery", event: "snoozed", expires_at: "2026-01-01T00:00:00.000Z", ...about });
    applyEntry(state, snoozed);
    expect(escalation?.seen).toEqual(snoozed);
    applyEntry(state, entryOf({ kind: "answer", answer: "run", ...about }));
    expect(escalation?.applied).toBeUndefined();
    const started = entryOf({ kind: "task", task_id: "one", event: "started", state: "running" });
    for (const entry of [
      entryOf({ kind: "task", task_id: "other", state: "running" }),
      started,
      entryOf({ kind: "task", task_id: "one", state: "succeeded" }),
    ])
      applyEntry(state, entry);
    expect([escalation?.applied, escalation?.settled]).toEqual([started, true]);
  });

  it("is not disturbed by kinds, states and fields of a later version", () => {
    const state = after(
      entryOf({ kind: "dream", state: "purple" }),
      entryOf({ kind: "task", task_id: "one", state: "purple" }),
      entryOf({ kind: "project", state: "purple" }),
    );
    expect(state).toMatchObject({ entries: 3, status: "planned" });
    expect(state.tasks.size).toBe(0);
  });
});

describe("a session whose command holds what it was waited for", () => {
  const about = { session_name: "proj-alpha::web::1", command_id: "c", task_id: "serve" };
  const begun = [
    entryOf({ kind: "session", session_name: about.session_name, event: "created", state: "idle" }),
    entryOf({ kind: "command", ...about }),
    entryOf({ kind: "result", ...about, outcome: "still_running", known_by: "port", port: 3000 }),
  ];
  const readyAfter = (...entries: ReturnType<typeof entryOf>[]): { ready_since?: string; ready_port?: number } => {
    const state = emptyProjectState();
    for (const entry of [...begun, ...entries]) applyEntry(state, entry);
    const { ready_since, ready_port } = state.sessions.get(about.session_name) ?? {};
    return {
      ...(ready_since === undefined ? {} : { ready_since }),
      ...(ready_port === undefined ? {} : { ready_port }),
    };
  };

  it("is ready since then, with its port, whatever it shows meanwhile", () => {
    const ready = { ready_since: begun[2]?.ts, ready_port: 3000 };
    expect(readyAfter()).toEqual(ready);
    expect(readyAfter(entryOf({ kind: "state", ...about, event: "sensed", state: "waiting" }))).toEqual(ready);
  });

  it("is no more once that command or the session has ended, or another command is sent", () => {
    expect(readyAfter(entryOf({ kind: "state", ...about, event: "command_ended", state: "idle" }))).toEqual({});
    expect(
      readyAfter(entryOf({ kind: "session", session_name: about.session_name, event: "ended", state: "exited" })),
    ).toEqual({});
    expect(readyAfter(entryOf({ kind: "command", ...about, command_id: "d" }))).toEqual({});
  });
});
