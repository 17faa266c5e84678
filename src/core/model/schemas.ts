import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import { evidences, outcomes, stopMeans } from "./entryKinds";
import { confidences } from "./stateKinds";
import { projectStatuses, sessionModes, sessionStates, taskStates } from "./states";
/*
 * The shapes of what is stored, apart from their words and types: only who reads or writes a record needs them, and with them the library
 * that checks shapes. A window that shows nothing yet has loaded neither.
 */

z.config(en());

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
  id: z.string().check(z.minLength(1)),
  project_id: z.string().check(z.minLength(1)),
  /** Logical name (`proj-alpha::builder::1`), null for what concerns the whole project. */
  session_name: z.nullable(z.string()),
  /** `engine`, `human:<user>`, `agent:<id>`. */
  actor: z.string(),
  kind: z.string().check(z.minLength(1)),
  /** ISO 8601, UTC. For people; the order of entries is their place in the file. */
  ts: z.string(),
  text: z.string(),
  refs: z.optional(z.array(refSchema)),
  human_attention_needed: z.optional(z.boolean()),

  /** What happened to the session, task, project or lease. */
  event: z.optional(z.string()),
  /** State after this entry: a task's, a session's or a project's, by kind. */
  state: z.optional(z.string()),
  /** What more there is to say of a session's state: `permission`, `rate` … (`stateKinds`). */
  state_kind: z.optional(z.string()),
  /** Which program the state is of, how sure it is, and what it follows from. */
  program: z.optional(z.object({ name: z.string(), version: z.optional(z.string()) })),
  confidence: z.optional(z.catch(z.enum(confidences), "low")),
  evidence: z.optional(
    z.readonly(z.array(z.object({ signal: z.string(), rule: z.string(), lines: z.readonly(z.array(z.string())) }))),
  ),
  /** When a limit ends, in the words of the program that said so: `14:20`. */
  until: z.optional(z.string()),
  role: z.optional(z.string()),
  task_id: z.optional(z.string()),
  /** 1 for the first try of a task, or of telling a person of a question. */
  attempt: z.optional(z.int()),
  /** Which of the task's commands, from 0; `run.length` is its check. */
  step: z.optional(z.int()),
  /** Hash of what a task is (run, check, cwd, env): a change means it must run again. */
  definition: z.optional(z.string()),
  reason: z.optional(z.string()),

  command_id: z.optional(z.string()),
  /** Session key and prompt number of shell marks. */
  k: z.optional(z.string()),
  n: z.optional(z.int()),
  /** The command as a person wrote it, secrets removed. */
  input: z.optional(z.string()),
  /** How it is typed: pasted line, eval, with a sentinel, or as raw keys. */
  typed_as: z.optional(z.enum(["paste", "eval", "sentinel", "keys"])),
  /** The id of the end mark that it carries itself, in a shell without marks. */
  end_id: z.optional(z.string()),

  outcome: z.optional(z.enum(outcomes)),
  exit_code: z.optional(z.nullable(z.int())),
  known_by: z.optional(z.enum(evidences)),
  duration_ms: z.optional(z.number()),
  /** How a command was stopped that was cancelled or out of time. */
  means: z.optional(z.enum(stopMeans)),
  output: z.optional(z.string()),
  /** False when output bytes were lost or cut off. */
  complete: z.optional(z.boolean()),
  cwd: z.optional(z.string()),

  /** Of a question about a program's screen: a hash of what it showed. */
  screen: z.optional(z.string()),

  /** Choices of an escalation, and the one that an answer took. */
  options: z.optional(z.array(z.string())),
  answer: z.optional(z.string()),
  /**
   * Of a question whether something may run: what reads it, what it is really about (a keyed hash), and the seal of who
   * asked; of an answer that allows it: the seal of who answered. All of `safety/consent`.
   */
  shell: z.optional(z.string()),
  subject: z.optional(z.string()),
  seal: z.optional(z.string()),
  /** When an escalation should be answered (ISO 8601, UTC), and the option that counts afterwards. */
  deadline: z.optional(z.string()),
  default: z.optional(z.string()),
  /** How a person is reached: `window`. */
  channel: z.optional(z.string()),

  wire_name: z.optional(z.string()),
  /** Session entries: keyed hashes of variables that the session was started with, by name. */
  environment: z.optional(z.record(z.string(), z.string())),
  /** How commands are run in the session. */
  mode: z.optional(z.enum(sessionModes)),
  server_id: z.optional(z.string()),
  pid: z.optional(z.nullable(z.int())),

  /**
   * Lease: who runs the project, since when. Of a delivery: the process that tells, and until when the question is
   * put off.
   */
  holder: z.optional(z.string()),
  host: z.optional(z.string()),
  started_at: z.optional(z.string()),
  /** The claim's number; also on all that its runner writes, and on what is meant for that runner alone. */
  generation: z.optional(z.int()),
  expires_at: z.optional(z.string()),

  /** Project entries: the goal; session entries: who works there. */
  goal: z.optional(z.string()),
  agent_id: z.optional(z.nullable(z.string())),
  /** Hand-over notes: the role or session that should receive it. */
  to: z.optional(z.string()),
  /** Policy entries: the rule that decided. */
  rule: z.optional(z.string()),
});

export const contextEntrySchema = z.looseObject(contextEntryFields.shape);

/** The seed's SessionContext; the fields after `updated_at` are optional. */
export const sessionContextSchema = z.looseObject({
  session_name: z.string().check(z.minLength(1)),
  project_id: z.string().check(z.minLength(1)),
  agent_id: z.nullable(z.string()),
  role: z.string(),
  state: z.enum(sessionStates),
  /** As in the entry that told the state last. */
  state_kind: contextEntryFields.shape.state_kind,
  program: contextEntryFields.shape.program,
  confidence: contextEntryFields.shape.confidence,
  evidence: contextEntryFields.shape.evidence,
  until: contextEntryFields.shape.until,
  next_action: z.string(),
  last_signal: z.string(),
  updated_at: z.string(),
  /** When it came into its state (ISO 8601, UTC); news of it meanwhile change only `updated_at`. */
  state_since: z.optional(z.string()),
  wire_name: z.optional(z.string()),
  server_id: z.optional(z.string()),
  pid: z.optional(z.nullable(z.int())),
  /** Key of the session's shell marks; absent for a program that is not our shell. */
  k: z.optional(z.string()),
  /** Hash of what the session was started with (environment, shell, program). */
  definition: z.optional(z.string()),
  /** Keyed hashes of variables that it was started with, by name: tells another environment, gives none away. */
  environment: z.optional(z.record(z.string(), z.string())),
  /** How commands are run there: marks, sentinel or program. */
  mode: z.optional(z.enum(sessionModes)),
  task_id: z.optional(z.nullable(z.string())),
  /** When its terminal last printed something (ISO 8601, UTC); only of one at work that has been quiet for long. */
  quiet_since: z.optional(z.string()),
  /** What stands last on its screen, secrets removed; with `quiet_since`. */
  last_line: z.optional(z.string()),
});

/**
 * Where the project's sessions live. `server_id` is the server's own identity; it changes when a server is started
 * anew.
 */
export const serverReferenceSchema = z.looseObject({ address: z.string(), server_id: z.nullable(z.string()) });

/** The seed's ProjectContext; `server` and what later versions add are optional. */
export const projectContextSchema = z.looseObject({
  project_id: z.string().check(z.minLength(1)),
  name: z.string().check(z.minLength(1)),
  goal: z.string(),
  /** The events say it too, and better; one that a newer version wrote is no reason to give the whole file up. */
  status: z.catch(z.enum(projectStatuses), "planned"),
  default_cwd: z.string(),
  active_branch: z.nullable(z.string()),
  owner: z.string(),
  updated_at: z.string(),
  server: z.optional(serverReferenceSchema),
});

export const taskSummarySchema = z.looseObject({
  id: z.string(),
  role: z.string(),
  state: z.enum(taskStates),
  attempts: z.int(),
  exit_code: z.nullable(z.int()),
  /** The session that ran it last. */
  session_name: z.nullable(z.string()),
  started_at: z.nullable(z.string()),
  ended_at: z.nullable(z.string()),
  /** The folder that it ran in last, absolute; absent: the workspace. */
  cwd: z.optional(z.string()),
  /** How long its last command ran before its time limit ended it; only of one that failed so. */
  timed_out_ms: z.optional(z.number()),
});

/** The seed's ProjectSnapshot: everything in it can be rebuilt from the events. */
export const projectSnapshotSchema = z.looseObject({
  summary: z.string(),
  open_blockers: z.array(z.string()),
  next_steps: z.array(z.string()),
  recent_highlights: z.array(z.string()),
  project_id: z.optional(z.string()),
  updated_at: z.optional(z.string()),
  tasks: z.optional(z.array(taskSummarySchema)),
});
