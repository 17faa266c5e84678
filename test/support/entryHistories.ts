import fc from "fast-check";
import type { EntryDraft } from "../../src/core/model/entry";

/**
 * Histories of a project as several runners, people and newer versions could write them: few names, so that entries
 * meet each other, and in any order, so that they also meet where no runner would write them. An answer or delivery
 * refers to an earlier entry by `about`, a number from 0 to below 1; `drafts` turns that into the id that this entry
 * got.
 */
export type HistoryStep = Omit<EntryDraft, "refs"> & { readonly about?: number };

const session = fc.constantFrom(null, "proj-alpha::builder::1", "proj-alpha::reviewer::1");
const task = fc.constantFrom("build", "review");
const command = fc.constantFrom("c1", "c2", "c3");
const text = fc.constantFrom("One.", "Two.", "zwei\n„Zeilen“");

const common = { actor: fc.constantFrom("engine", "human:ada", "agent:x"), session_name: session, text };

/** A kind with its fields, each of which may be missing. */
function step(kind: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<HistoryStep> {
  return fc
    .tuple(fc.record(common), fc.record(fields, { requiredKeys: [] }))
    .map(([base, more]) => ({ ...base, ...more, kind }));
}

const about = fc.double({ min: 0, max: 0.999, noNaN: true });
const asks = { human_attention_needed: fc.boolean(), task_id: task, options: fc.constant(["run", "skip"]) };

const steps: readonly fc.Arbitrary<HistoryStep>[] = [
  step("project", {
    event: fc.constantFrom("started", "ended", "handover_requested"),
    generation: fc.nat(4),
    state: fc.constantFrom("running", "done", "waiting", "newer-status"),
    goal: text,
  }),
  step("session", {
    event: fc.constantFrom("starting", "created", "ended", "lost", "restart_requested"),
    state: fc.constantFrom("starting", "idle", "lost", "exited", "newer-state"),
    role: fc.constantFrom("builder", "reviewer"),
    wire_name: fc.constant("proj-alpha.builder.1"),
    server_id: fc.constant("s1"),
    pid: fc.constantFrom(null, 7),
    k: fc.constant("k1"),
    definition: fc.constant("d1"),
    mode: fc.constantFrom("marks" as const, "sentinel" as const),
    agent_id: fc.constantFrom(null, "x"),
    agent: fc.constantFrom({ name: "codex", title: "Codex" }, { name: "claude", model: "m" }),
  }),
  step("task", {
    task_id: task,
    event: fc.constantFrom("planned", "started", "succeeded", "failed"),
    state: fc.constantFrom("pending", "running", "succeeded", "failed", "blocked", "skipped", "newer-state"),
    attempt: fc.constantFrom(1, 2),
    exit_code: fc.constantFrom(null, 0, 1),
    role: fc.constantFrom("builder", "reviewer"),
    definition: fc.constantFrom("d1", "d2"),
    reason: text,
  }),
  step("command", {
    command_id: command,
    task_id: task,
    step: fc.constantFrom(0, 1),
    input: text,
    typed_as: fc.constantFrom("paste" as const, "prompt" as const),
    n: fc.nat(9),
    k: fc.constant("k1"),
  }),
  step("result", {
    command_id: command,
    task_id: task,
    step: fc.constantFrom(0, 1),
    outcome: fc.constantFrom("exited" as const, "unknown" as const, "not_sent" as const),
    exit_code: fc.constantFrom(0, 1),
    output: text,
    turn: fc.constantFrom({ state: "limited", state_kind: "rate" }, { state: "failed", state_kind: "auth" }),
  }),
  step("state", {
    event: fc.constantFrom("interrupting", "sensed", "agent_limited", "agent_limit_over"),
    command_id: command,
    task_id: task,
    role: fc.constantFrom("builder", "reviewer"),
    not_before: fc.constant("2026-01-01T00:00:00.000Z"),
    state: fc.constantFrom("working", "idle", "unclear"),
  }),
  step("heartbeat", {}),
  step("note", { event: fc.constantFrom("typed", "told", "not_shown"), input: text, about }),
  step("handoff", { to: fc.constantFrom("reviewer", "builder") }),
  step("delivery", {
    about,
    event: fc.constantFrom("delivered", "seen", "snoozed"),
    attempt: fc.constantFrom(1, 2, 3),
    channel: fc.constant("window"),
  }),
  step("answer", { answer: fc.constantFrom("run", "skip"), about }),
  step("approval_needed", asks),
  step("blocked", asks),
  step("error", asks),
  step("lease", {
    event: fc.constantFrom("claimed", "released", "renewed"),
    holder: fc.constantFrom("human:ada", "human:bob"),
    host: fc.constant("h"),
    pid: fc.nat(9),
    started_at: fc.constant("1"),
    generation: fc.nat(4),
    expires_at: fc.constant(""),
  }),
  step("dream", { depth: fc.constant([1, { x: null }]) }),
];

export const histories = fc.array(fc.oneof(...steps), { maxLength: 40 });

/** The step as a draft; `ids` are those of the entries before it. */
export function draftOf({ about: which, ...rest }: HistoryStep, ids: readonly string[]): EntryDraft {
  const id = which === undefined ? undefined : ids[Math.floor(which * ids.length)];
  return id === undefined ? rest : { ...rest, refs: [{ type: "entry", id }] };
}
