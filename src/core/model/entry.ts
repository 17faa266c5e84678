import * as z from "zod";
import { sessionModes } from "./session";

/** Kinds of the shared contract (cli.md). A reader meets others too; it keeps and shows them. */
export const entryKinds = [
  "project",
  "session",
  "task",
  "command",
  "result",
  "note",
  "handoff",
  "heartbeat",
  "state",
  "policy",
  "lease",
  "approval_needed",
  "blocked",
  "error",
  "delivery",
  "answer",
] as const;

export type KnownEntryKind = (typeof entryKinds)[number];
// `string & {}` keeps completion for the known kinds while any other string is accepted.
export type EntryKind = KnownEntryKind | (string & {});

/** The kinds that may need a human. */
export const escalationKinds: readonly string[] = ["approval_needed", "blocked", "error"] satisfies KnownEntryKind[];

export const refSchema = z.looseObject({
  /** entry, command, task, session, file or commit. */
  type: z.string(),
  id: z.string(),
});

/** How a command's outcome is known, best first (shell-marks: mark, probe, sentinel; else quiet or the session's end). */
export const evidences = ["mark", "probe", "sentinel", "quiet", "session_end", "none"] as const;

export const outcomes = [
  "exited",
  "rejected",
  "interrupted",
  "suspended",
  "timed_out",
  "cancelled",
  "session_ended",
  "not_sent",
  "unknown",
] as const;

/**
 * What it took to stop a command: its line was taken back before the shell began it, keys, or the end of its session (the next task gets a new one).
 */
export const stopMeans = ["withdrawn", "ctrl_c", "ctrl_backslash", "session_end"] as const;

export type StopMeans = (typeof stopMeans)[number];
export type Evidence = (typeof evidences)[number];
export type Outcome = (typeof outcomes)[number];

/**
 * One line of the record. The first nine fields are the seed's; the others are optional and belong to some kinds:
 * a reader keeps fields that it does not know. `text` is one or more sentences for people.
 */
const entryFields = z.object({
  id: z.string().min(1),
  project_id: z.string().min(1),
  /** Logical name (`proj-alpha::builder::1`), null for what concerns the whole project. */
  session_name: z.string().nullable(),
  /** `engine`, `human:<user>`, `agent:<id>`. */
  actor: z.string(),
  kind: z.string().min(1),
  /** ISO 8601, UTC. For people; the order of entries is their place in the file. */
  ts: z.string(),
  text: z.string(),
  refs: z.array(refSchema).optional(),
  human_attention_needed: z.boolean().optional(),

  /** What happened to the session, task, project or lease. */
  event: z.string().optional(),
  /** State after this entry: a task's, a session's or a project's, by kind. */
  state: z.string().optional(),
  role: z.string().optional(),
  task_id: z.string().optional(),
  /** 1 for the first try of a task, or of telling a person of a question. */
  attempt: z.number().int().optional(),
  /** Which of the task's commands, from 0; `run.length` is its check. */
  step: z.number().int().optional(),
  /** Hash of what a task is (run, check, cwd, env): a change means it must run again. */
  definition: z.string().optional(),
  reason: z.string().optional(),

  command_id: z.string().optional(),
  /** Session key and prompt number of shell marks. */
  k: z.string().optional(),
  n: z.number().int().optional(),
  /** The command as a person wrote it, secrets removed. */
  input: z.string().optional(),
  /** How it is typed: pasted line, eval, with a sentinel, or as raw keys. */
  typed_as: z.enum(["paste", "eval", "sentinel", "keys"]).optional(),

  outcome: z.enum(outcomes).optional(),
  exit_code: z.number().int().nullable().optional(),
  known_by: z.enum(evidences).optional(),
  duration_ms: z.number().optional(),
  /** How a command was stopped that was cancelled or out of time. */
  means: z.enum(stopMeans).optional(),
  output: z.string().optional(),
  /** False when output bytes were lost or cut off. */
  complete: z.boolean().optional(),
  cwd: z.string().optional(),

  /** Choices of an escalation, and the one that an answer took. */
  options: z.array(z.string()).optional(),
  answer: z.string().optional(),
  /** When an escalation should be answered (ISO 8601, UTC), and the option that counts afterwards. */
  deadline: z.string().optional(),
  default: z.string().optional(),
  /** How a person is reached: `window`. */
  channel: z.string().optional(),

  wire_name: z.string().optional(),
  /** How commands are run in the session. */
  mode: z.enum(sessionModes).optional(),
  server_id: z.string().optional(),
  pid: z.number().int().nullable().optional(),

  /** Lease: who drives the project, since when. Of a delivery: the process that tells, and until when the question is put off. */
  holder: z.string().optional(),
  host: z.string().optional(),
  started_at: z.string().optional(),
  /** The claim's number; also on all that its driver writes, and on what is meant for that driver alone. */
  generation: z.number().int().optional(),
  expires_at: z.string().optional(),

  /** Project entries: the goal; session entries: who works there. */
  goal: z.string().optional(),
  agent_id: z.string().nullable().optional(),
  /** Hand-over notes: the role or session that should receive it. */
  to: z.string().optional(),
  /** Policy entries: the rule that decided. */
  rule: z.string().optional(),
});

export const contextEntrySchema = entryFields.loose();

export type Ref = z.infer<typeof refSchema>;
export type ContextEntry = z.infer<typeof entryFields> & Readonly<Record<string, unknown>>;

/** An entry before the ledger gives it its identity and time. */
export type EntryDraft = Omit<z.infer<typeof entryFields>, "id" | "project_id" | "ts" | "kind"> & { kind: EntryKind };

/** Whether the entry asks for a person (before any answer). */
export function needsHuman(entry: ContextEntry): boolean {
  return entry.human_attention_needed === true && escalationKinds.includes(entry.kind);
}

export function refOf(entry: ContextEntry, type: string): string | undefined {
  return entry.refs?.find((ref) => ref.type === type)?.id;
}
