import * as z from "zod";
import { evidences, outcomes, stopMeans } from "./entryKinds";
import { projectStatuses, sessionModes, sessionStates, taskStates } from "./states";
/*
 * The shapes of what is stored, apart from their words and types: only who reads or writes a record needs them, and with them the library
 * that checks shapes. A window that shows nothing yet has loaded neither.
 */

export const refSchema = z.looseObject({
  /** entry, command, task, session, file or commit. */
  type: z.string(),
  id: z.string(),
});

/**
 * One line of the record. The first nine fields are the seed's; the others are optional and belong to some kinds:
 * a reader keeps fields that it does not know. `text` is one or more sentences for people.
 */
export const contextEntryFields = z.object({
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

  /** Of a question about a program's screen: a hash of what it showed. */
  screen: z.string().optional(),

  /** Choices of an escalation, and the one that an answer took. */
  options: z.array(z.string()).optional(),
  answer: z.string().optional(),
  /**
   * Of a question whether something may run: what reads it, what it is really about (a keyed hash), and the seal of who
   * asked; of an answer that allows it: the seal of who answered. All of `safety/consent`.
   */
  shell: z.string().optional(),
  subject: z.string().optional(),
  seal: z.string().optional(),
  /** When an escalation should be answered (ISO 8601, UTC), and the option that counts afterwards. */
  deadline: z.string().optional(),
  default: z.string().optional(),
  /** How a person is reached: `window`. */
  channel: z.string().optional(),

  wire_name: z.string().optional(),
  /** Session entries: keyed hashes of variables that the session was started with, by name. */
  environment: z.record(z.string(), z.string()).optional(),
  /** How commands are run in the session. */
  mode: z.enum(sessionModes).optional(),
  server_id: z.string().optional(),
  pid: z.number().int().nullable().optional(),

  /**
   * Lease: who runs the project, since when. Of a delivery: the process that tells, and until when the question is
   * put off.
   */
  holder: z.string().optional(),
  host: z.string().optional(),
  started_at: z.string().optional(),
  /** The claim's number; also on all that its runner writes, and on what is meant for that runner alone. */
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

export const contextEntrySchema = contextEntryFields.loose();

/** The seed's SessionContext; the fields after `updated_at` are optional. */
export const sessionContextSchema = z.looseObject({
  session_name: z.string().min(1),
  project_id: z.string().min(1),
  agent_id: z.string().nullable(),
  role: z.string(),
  state: z.enum(sessionStates),
  next_action: z.string(),
  last_signal: z.string(),
  updated_at: z.string(),
  /** When it came into its state (ISO 8601, UTC); news of it meanwhile change only `updated_at`. */
  state_since: z.string().optional(),
  wire_name: z.string().optional(),
  server_id: z.string().optional(),
  pid: z.number().int().nullable().optional(),
  /** Key of the session's shell marks; absent for a program that is not our shell. */
  k: z.string().optional(),
  /** Hash of what the session was started with (environment, shell, program). */
  definition: z.string().optional(),
  /** Keyed hashes of variables that it was started with, by name: tells another environment, gives none away. */
  environment: z.record(z.string(), z.string()).optional(),
  /** How commands are run there: marks, sentinel or program. */
  mode: z.enum(sessionModes).optional(),
  task_id: z.string().nullable().optional(),
});

/**
 * Where the project's sessions live. `server_id` is the server's own identity; it changes when a server is started
 * anew.
 */
export const serverReferenceSchema = z.looseObject({ address: z.string(), server_id: z.string().nullable() });

/** The seed's ProjectContext; `server` and what later versions add are optional. */
export const projectContextSchema = z.looseObject({
  project_id: z.string().min(1),
  name: z.string().min(1),
  goal: z.string(),
  /** The events say it too, and better; one that a newer version wrote is no reason to give the whole file up. */
  status: z.enum(projectStatuses).catch("planned"),
  default_cwd: z.string(),
  active_branch: z.string().nullable(),
  owner: z.string(),
  updated_at: z.string(),
  server: serverReferenceSchema.optional(),
});

export const taskSummarySchema = z.looseObject({
  id: z.string(),
  role: z.string(),
  state: z.enum(taskStates),
  attempts: z.number().int(),
  exit_code: z.number().int().nullable(),
  /** The session that ran it last. */
  session_name: z.string().nullable(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  /** The folder that it ran in last, absolute; absent: the workspace. */
  cwd: z.string().optional(),
  /** How long its last command ran before its time limit ended it; only of one that failed so. */
  timed_out_ms: z.number().optional(),
});

/** The seed's ProjectSnapshot: everything in it can be rebuilt from the events. */
export const projectSnapshotSchema = z.looseObject({
  summary: z.string(),
  open_blockers: z.array(z.string()),
  next_steps: z.array(z.string()),
  recent_highlights: z.array(z.string()),
  project_id: z.string().optional(),
  updated_at: z.string().optional(),
  tasks: z.array(taskSummarySchema).optional(),
});
