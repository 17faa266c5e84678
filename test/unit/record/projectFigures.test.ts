import { expect, test } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { FigureReader } from "../../../src/core/record/projectFigures";
import type { ProjectFigures } from "../../../src/core/record/figureTallies";
import { entryOf } from "../../support/entries";

const builder = "proj-alpha::builder::1";
const coder = "proj-alpha::coder::1";
const minute = 60_000;
const hour = 60 * minute;
const begin = Date.UTC(2026, 10, 30, 8);

type Draft = Partial<ContextEntry> & { kind: string };

/** An entry so many minutes after the log's beginning. */
function at(minutes: number, draft: Draft): ContextEntry {
  return entryOf({ ...draft, ts: new Date(begin + minutes * minute).toISOString() });
}

function claimed(minutes: number, generation: number): ContextEntry {
  return at(minutes, { kind: "lease", event: "claimed", actor: "human:ann", holder: "human:ann", generation });
}

function released(minutes: number, generation: number): ContextEntry {
  return at(minutes, { kind: "lease", event: "released", actor: "human:ann", holder: "human:ann", generation });
}

function session(minutes: number, name: string, role: string, generation: number): ContextEntry {
  return at(minutes, { kind: "session", event: "created", state: "idle", session_name: name, role, generation });
}

function state(minutes: number, name: string, what: string, generation: number, more: object = {}): ContextEntry {
  return at(minutes, { kind: "state", event: "sensed", session_name: name, state: what, generation, ...more });
}

const claude = { program: { name: "claude" } };

function figures(entries: readonly ContextEntry[], now?: number, since?: number): ProjectFigures {
  const reader = new FigureReader(since);
  for (const entry of entries) reader.add(entry);
  return reader.figures(now === undefined ? undefined : begin + now * minute);
}

function times({ total }: ProjectFigures): Record<string, number> {
  const { working_ms, waiting_ms, limited_ms } = total;
  return { working: working_ms / minute, waiting: waiting_ms / minute, limited: limited_ms / minute };
}

test("times are those of sessions, by what each did, in its role and its program", () => {
  const all = figures([
    claimed(0, 1),
    session(0, builder, "builder", 1),
    session(0, coder, "coder", 1),
    at(1, { kind: "command", session_name: builder, command_id: "a", input: "make", generation: 1 }),
    state(2, coder, "working", 1, claude),
    state(5, coder, "waiting", 1, { ...claude, state_kind: "permission" }),
    state(9, coder, "limited", 1, { ...claude, until: "9:00" }),
    at(11, {
      kind: "result",
      session_name: builder,
      command_id: "a",
      outcome: "exited",
      duration_ms: 10 * minute,
      generation: 1,
    }),
    state(15, coder, "idle", 1, claude),
    released(20, 1),
  ]);
  expect(times(all)).toEqual({ working: 13, waiting: 4, limited: 6 });
  expect(
    all.by_role.map(({ role, working_ms, waiting_ms }) => [role, working_ms / minute, waiting_ms / minute]),
  ).toEqual([
    ["coder", 3, 4],
    ["builder", 10, 0],
  ]);
  expect(all.by_program.map(({ program, limited_ms }) => [program, limited_ms / minute])).toEqual([
    ["claude", 6],
    [null, 0],
  ]);
  expect(all).toMatchObject({ run_ms: 20 * minute, not_run_ms: 0, runs_cut_off: 0 });
});

test("what goes on counts until now where a process runs the project, and until its last word where none does", () => {
  const log = [
    claimed(0, 1),
    session(0, coder, "coder", 1),
    state(1, coder, "working", 1),
    state(3, coder, "working", 1),
  ];
  expect(times(figures(log, 11)).working).toBe(10);
  const stopped = figures(log);
  expect(times(stopped).working).toBe(2);
  expect(stopped.runs_cut_off).toBe(1);
});

test("time that nobody ran the project is no time of its sessions, whatever they were left in", () => {
  const log = [
    claimed(0, 1),
    session(0, coder, "coder", 1),
    state(1, coder, "working", 1),
    released(5, 1),
    // Somebody else notes something meanwhile.
    at(50, { kind: "note", actor: "human:ann", session_name: coder }),
    claimed(65, 2),
    state(66, coder, "idle", 2),
    released(70, 2),
  ];
  expect(times(figures(log)).working).toBe(5);
  expect(figures(log)).toMatchObject({ run_ms: 10 * minute, not_run_ms: 60 * minute, runs_cut_off: 0 });
});

test("a runner that was killed has no part in what came after its last word", () => {
  const log = [
    claimed(0, 1),
    session(0, coder, "coder", 1),
    state(1, coder, "working", 1),
    at(4, { kind: "heartbeat", session_name: coder, generation: 1 }),
    at(30, { kind: "note", actor: "human:ann", session_name: coder }),
    at(31, { kind: "lease", event: "asked", actor: "human:bob", generation: 1 }),
    claimed(64, 2),
    state(65, coder, "idle", 2),
    released(66, 2),
  ];
  const all = figures(log);
  expect(times(all).working).toBe(4);
  expect(all).toMatchObject({ run_ms: 6 * minute, not_run_ms: 60 * minute, runs_cut_off: 1 });
});

test("what others write cuts the time at the moment that they write it", () => {
  const question = at(2, {
    kind: "blocked",
    session_name: builder,
    role: "builder",
    human_attention_needed: true,
    generation: 1,
  });
  const log = [
    claimed(0, 1),
    session(0, builder, "builder", 1),
    question,
    at(5, { kind: "answer", actor: "human:ann", session_name: builder, refs: [{ type: "entry", id: question.id }] }),
    at(12, { kind: "heartbeat", session_name: builder, generation: 1 }),
    released(12, 1),
  ];
  expect(times(figures(log)).waiting).toBe(3);
});

test("a clock that is ahead elsewhere makes no time", () => {
  const log = [
    claimed(0, 1),
    session(0, coder, "coder", 1),
    state(0, coder, "working", 1),
    at(600, { kind: "note", actor: "human:far away", session_name: coder }),
    state(10, coder, "idle", 1),
    released(10, 1),
  ];
  expect(times(figures(log)).working).toBe(10);
});

test("a clock that is set back makes no time and no answer quicker", () => {
  const question = at(10, {
    kind: "blocked",
    session_name: null,
    role: "coder",
    human_attention_needed: true,
    generation: 1,
  });
  const log = [
    claimed(0, 1),
    session(0, coder, "coder", 1),
    state(0, coder, "working", 1),
    question,
    // An hour back.
    at(-49, { kind: "heartbeat", session_name: coder, generation: 1 }),
    at(-45, { kind: "answer", actor: "human:ann", session_name: null, refs: [{ type: "entry", id: question.id }] }),
    state(-40, coder, "idle", 1),
    released(-40, 1),
  ];
  const all = figures(log);
  expect(times(all).working).toBe(10 + 9);
  expect(all.total.answer_ms).toEqual({ p50: 4 * minute, p95: 4 * minute });
});

test("a machine that slept, or a clock set forward, does not lengthen a command whose duration is known", () => {
  const log = [
    claimed(0, 1),
    session(0, builder, "builder", 1),
    at(0, { kind: "command", session_name: builder, command_id: "a", input: "make", generation: 1 }),
    at(3, { kind: "heartbeat", session_name: builder, generation: 1 }),
    at(483, { kind: "heartbeat", session_name: builder, generation: 1 }),
    at(485, {
      kind: "result",
      session_name: builder,
      command_id: "a",
      outcome: "exited",
      duration_ms: 6 * minute,
      generation: 1,
    }),
    released(490, 1),
  ];
  expect(times(figures(log)).working).toBe(6);
});

test("questions: who answered, how soon, what was closed by itself, what is open", () => {
  const asked = [1, 2, 3, 4, 5].map((minutes) =>
    at(minutes, {
      kind: "approval_needed",
      session_name: coder,
      role: "coder",
      task_id: `t${minutes}`,
      human_attention_needed: true,
      generation: 1,
      ...claude,
    }),
  );
  const [first, second, third] = asked;
  const answer = (minutes: number, question: ContextEntry | undefined, actor: string): ContextEntry =>
    at(minutes, { kind: "answer", actor, session_name: coder, refs: [{ type: "entry", id: question?.id ?? "" }] });
  const all = figures([
    claimed(0, 1),
    session(0, coder, "coder", 1),
    ...asked,
    answer(6, first, "human:ann"),
    answer(7, second, "human:bob"),
    answer(8, second, "human:ann"),
    answer(9, third, "engine"),
    at(10, { kind: "task", task_id: "t4", role: "coder", state: "succeeded", event: "finished", generation: 1 }),
    released(20, 1),
  ]);
  expect(all.total.questions).toEqual({ asked: 5, answered: 2, closed: 2, open: 1 });
  expect(all.total.answer_ms).toEqual({ p50: 5 * minute, p95: 5 * minute });
  expect(all.by_program[0]).toMatchObject({ program: "claude", questions: { asked: 5 } });
});

test("percentiles are values that were measured", () => {
  const log: ContextEntry[] = [claimed(0, 1)];
  for (let index = 1; index <= 20; index++) {
    const question = at(0, { kind: "blocked", role: "coder", human_attention_needed: true, generation: 1 });
    log.push(question);
    log.push(at(index, { kind: "answer", actor: "human:ann", refs: [{ type: "entry", id: question.id }] }));
  }
  expect(figures(log).total.answer_ms).toEqual({ p50: 10 * minute, p95: 19 * minute });
});

test("false alarms are those that a person said were none", () => {
  const wrong = (told: string, right: string): ContextEntry =>
    at(2, {
      kind: "note",
      event: "state_wrong",
      actor: "human:ann",
      session_name: coder,
      state: right,
      told: { state: told },
      ...claude,
    });
  const all = figures([
    claimed(0, 1),
    session(0, coder, "coder", 1),
    wrong("waiting", "working"),
    wrong("waiting", "idle"),
    wrong("waiting", "waiting"),
    wrong("working", "waiting"),
    wrong("idle", "working"),
  ]);
  expect(all.total).toMatchObject({ false_alarms: 2, missed_waits: 1 });
  expect(all.by_role).toMatchObject([{ role: "coder", false_alarms: 2 }]);
});

test("with a beginning, only what came later counts, from the state that stood then", () => {
  const old = at(1, { kind: "blocked", role: "coder", human_attention_needed: true, generation: 1 });
  const log = [
    claimed(0, 1),
    session(0, coder, "coder", 1),
    state(0, coder, "working", 1),
    old,
    at(11, { kind: "answer", actor: "human:ann", refs: [{ type: "entry", id: old.id }] }),
    state(20, coder, "idle", 1),
    released(30, 1),
  ];
  const all = figures(log, undefined, begin + 15 * minute);
  expect(times(all).working).toBe(5);
  expect(all).toMatchObject({ run_ms: 15 * minute, from: new Date(begin + 20 * minute).toISOString() });
  expect(all.total.questions.asked).toBe(0);
});

test("an empty log, times that are none and entries of a runner that had lost its place", () => {
  expect(figures([])).toMatchObject({ from: null, to: null, run_ms: 0, total: { working_ms: 0, answer_ms: null } });
  const log = [
    claimed(0, 1),
    session(0, coder, "coder", 1),
    claimed(10, 2),
    state(11, coder, "working", 2),
    state(12, coder, "idle", 1),
    { ...at(13, { kind: "note" }), ts: "yesterday" },
    state(15, coder, "idle", 2),
    released(20, 2),
  ];
  expect(times(figures(log)).working).toBe(4);
});

test("100,000 entries of 30 sessions take a fraction of a second", () => {
  const log: ContextEntry[] = [claimed(0, 1)];
  const names = Array.from({ length: 30 }, (_, index) => `proj-alpha::coder::${index + 1}`);
  for (const name of names) log.push(session(0, name, "coder", 1));
  const states = ["working", "waiting", "limited", "idle"];
  while (log.length < 100_000)
    log.push(state(log.length / 60, names[log.length % 30] ?? "", states[log.length % 4] ?? "", 1, claude));
  const before = process.cpuUsage();
  const all = figures(log);
  const { user } = process.cpuUsage(before);
  // Some 0.2 s (of microseconds) on an idle machine.
  expect(user).toBeLessThan(2_000_000);
  expect(all.run_ms / hour).toBeCloseTo(27.8, 0);
});
