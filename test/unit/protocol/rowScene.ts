import type { ContextEntry } from "../../../src/core/model/entry";
import { applyEntry, emptyProjectState } from "../../../src/core/model/projectState";
import type { ProjectPicture, RunnerView } from "../../../src/protocol/projectRows";

export const start = Date.parse("2026-01-01T10:00:00Z");
let count = 0;

export function entry(fields: Partial<ContextEntry> & { kind: string }, second = 0): ContextEntry {
  return {
    id: `E${String(++count).padStart(6, "0")}`,
    project_id: "alpha",
    session_name: null,
    actor: "engine",
    ts: new Date(start + second * 1000).toISOString(),
    text: "",
    ...fields,
  };
}

export const session = "proj-alpha::builder::1";
export const history: ContextEntry[] = [
  entry({ kind: "project", state: "running", goal: "Ship it", text: "started" }),
  entry(
    {
      kind: "session",
      session_name: session,
      role: "builder",
      state: "idle",
      event: "created",
      text: `${session} is ready.`,
    },
    1,
  ),
  entry(
    {
      kind: "task",
      task_id: "build",
      role: "builder",
      session_name: session,
      state: "running",
      event: "started",
      attempt: 1,
      text: "build runs",
    },
    2,
  ),
  entry(
    {
      kind: "command",
      command_id: "C",
      task_id: "build",
      step: 0,
      session_name: session,
      input: "make",
      text: "Runs: make",
    },
    3,
  ),
];
export const asked = entry(
  {
    kind: "approval_needed",
    human_attention_needed: true,
    session_name: session,
    task_id: "build",
    input: "rm -rf x",
    reason: "It deletes files.",
    options: ["run", "skip"],
    text: "build wants to",
  },
  5,
);

export function picture(entries: readonly ContextEntry[], runner: RunnerView = { who: "this_window" }): ProjectPicture {
  const state = emptyProjectState();
  for (const each of entries) applyEntry(state, each);
  const project = {
    project_id: "alpha",
    name: "alpha",
    goal: "Ship it",
    status: "running" as const,
    default_cwd: "/w",
    active_branch: null,
    owner: "o",
    updated_at: "",
  };
  return { key: "/w#alpha", project, state, sessions: [...state.sessions.values()], runner, folder: undefined };
}
