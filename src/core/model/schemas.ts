import * as z from "zod/mini";
import {
  filledString,
  int,
  nullableInt,
  nullableString,
  optionalBoolean,
  optionalInt,
  optionalNumber,
  optionalString,
  optionalStrings,
  string,
  strings,
} from "./commonShapes";
import { evidences, outcomes, stopMeans } from "./entryKinds";
import { answerForms, confidences } from "./stateKinds";
import { projectStatuses, sessionModes, sessionStates, taskStates } from "./states";
/*
 * The shapes of what is stored, apart from their words and types: only who reads or writes a record needs them, and with them the library
 * that checks shapes. A window that shows nothing yet has loaded neither.
 */

export const refSchema = z.looseObject({
  /** entry, command, task, role, session, file or commit; asked: the task about which a person is asked. */
  type: string,
  id: string,
});

/** A coding agent as a session is started with it. */
const startedAgentSchema = z.looseObject({
  /** Its profile's. */
  name: string,
  /** As people write it. */
  title: optionalString,
  /** That it was asked to use; absent: its own choice. */
  model: optionalString,
});

/** The process in which a person has a keyboard; it is given back when that has ended. */
const keyboardPlaceSchema = z.looseObject({ host: string, pid: int, started_at: string });

/**
 * One line of the record. The first nine fields are the seed's; the others are optional and belong to some kinds:
 * a reader keeps fields that it does not know. `text` is one or more sentences for people.
 */
export const contextEntryFields = z.object({
  id: filledString,
  project_id: filledString,
  /** Logical name (`proj-alpha::builder::1`), null for what concerns the whole project. */
  session_name: nullableString,
  /** `engine`, `human:<user>`, `agent:<id>`. */
  actor: string,
  kind: filledString,
  /** ISO 8601, UTC. For people; the order of entries is their place in the file. */
  ts: string,
  text: string,
  refs: z.optional(z.array(refSchema)),
  human_attention_needed: optionalBoolean,

  /** What happened to the session, task, project or lease. */
  event: optionalString,
  /** State after this entry: a task's, a session's or a project's, by kind. */
  state: optionalString,
  /** What more there is to say of a session's state: `permission`, `rate` … (`stateKinds`). */
  state_kind: optionalString,
  /** Which program the state is of, how sure it is, and what it follows from. */
  program: z.optional(z.object({ name: string, version: optionalString })),
  confidence: z.optional(z.catch(z.enum(confidences), "low")),
  evidence: z.optional(z.readonly(z.array(z.object({ signal: string, rule: string, lines: z.readonly(strings) })))),
  /** When a limit ends, in the words of the program that said so: `14:20`. */
  until: optionalString,
  /** What was told in place of the state that a person says is right. */
  told: z.optional(z.object({ state: string, state_kind: optionalString })),
  role: optionalString,
  /** Of a session: the conversation of its coding agent, by the agent's own id. */
  conversation: optionalString,
  /** Of a session that starts: the coding agent that runs there in place of a shell. */
  agent: z.optional(z.catch(z.optional(startedAgentSchema), undefined)),
  task_id: optionalString,
  /** 1 for the first try of a task, or of telling a person of a question. */
  attempt: optionalInt,
  /** How often it was restarted by now, because its command ended that was to keep running. */
  restarts: optionalInt,
  /** The next try does not begin before that (ISO 8601, UTC). */
  not_before: optionalString,
  /** Which of the task's commands, from 0; the last one may be its check. */
  step: optionalInt,
  /** Hash of what a task is (run, check, cwd, env): a change means it must run again. */
  definition: optionalString,
  reason: optionalString,

  command_id: optionalString,
  /** Session key and prompt number of shell marks. */
  k: optionalString,
  n: optionalInt,
  /** The command as a person wrote it, secrets removed. */
  input: optionalString,
  /** How it is typed: pasted line, eval, with a sentinel, as raw keys, or as the prompt of a coding agent. */
  typed_as: z.optional(z.enum(["paste", "eval", "sentinel", "keys", "prompt"])),
  /** Of a prompt: a hash of its text without blanks, by which it is known again in the agent's composer. */
  typed: optionalString,
  /** Of a prompt: how often its text stood on the agent's screen before; absent: not at all. */
  times_shown: optionalInt,
  /**
   * Of a prompt, and of a long command: how often Enter was typed in its terminal before; absent where the server does not
   * count that.
   */
  entered: optionalInt,
  /** The id of the end mark that it carries itself, in a shell without marks. */
  end_id: z.optional(z.string()),

  outcome: z.optional(z.enum(outcomes)),
  exit_code: z.optional(nullableInt),
  known_by: z.optional(z.enum(evidences)),
  /** Of a prompt's result: how the turn of its agent ended that did not just finish. */
  turn: z.optional(
    z.object({ state: string, state_kind: optionalString, reason: optionalString, not_before: optionalString }),
  ),
  duration_ms: optionalNumber,
  /** How a command was stopped that was cancelled or out of time. */
  means: z.optional(z.enum(stopMeans)),
  /** Of a result: the port that was waited for, and that is open. */
  port: optionalInt,
  output: optionalString,
  /** False when output bytes were lost or cut off. */
  complete: optionalBoolean,
  cwd: optionalString,

  /**
   * Of a question about a program's screen: a hash of what it showed, or the fingerprint of what it asks. Of a prompt: a
   * hash of what its agent showed before.
   */
  screen: optionalString,
  /** The fingerprint of the screen of which a person says that it shows another state than was said. */
  shows: optionalString,
  /** Of a question that a program asks in its session: how it is answered from elsewhere; absent: only there. */
  answer_form: z.optional(z.catch(z.optional(z.enum(answerForms)), undefined)),
  /** …and that the answer is a secret, which is written nowhere. */
  secret_answer: optionalBoolean,
  /** …and that Ctrl-C, in place of an answer, ends what asks. */
  interruptible: optionalBoolean,

  /** Choices of an escalation, and the one that an answer took. */
  options: optionalStrings,
  answer: optionalString,
  /**
   * Of a question whether something may run: what reads it, what it is really about (a keyed hash), and the seal of who
   * asked; of an answer that allows it: the seal of who answered. All of `safety/consent`.
   */
  shell: optionalString,
  subject: optionalString,
  seal: optionalString,
  /** When an escalation should be answered (ISO 8601, UTC), and the option that counts afterwards. */
  deadline: optionalString,
  default: optionalString,
  /** How a person is reached: `window`. */
  channel: optionalString,

  /** A person takes the keyboard of a session: the process that they have it in. */
  keyboard: z.optional(keyboardPlaceSchema),

  wire_name: optionalString,
  /** Session entries: keyed hashes of variables that the session was started with, by name. */
  environment: z.optional(z.record(string, string)),
  /** How commands are run in the session. */
  mode: z.optional(z.enum(sessionModes)),
  server_id: optionalString,
  /** Session entries: how wide the session is made. */
  cols: optionalInt,
  pid: z.optional(nullableInt),

  /**
   * Lease: who runs the project, since when. Of a delivery: the process that tells, and until when the question is
   * put off.
   */
  holder: optionalString,
  host: optionalString,
  started_at: optionalString,
  /** The claim's number; also on all that its runner writes, and on what is meant for that runner alone. */
  generation: optionalInt,
  expires_at: optionalString,

  /** Project entries: the goal; session entries: who works there. */
  goal: optionalString,
  /** Project entries: the name that people see from here on. */
  name: optionalString,
  agent_id: z.optional(nullableString),
  /** Hand-over notes: the role or session that should receive it. */
  to: optionalString,
  /** Policy entries: the rule that decided. */
  rule: optionalString,
});

export const contextEntrySchema = z.looseObject(contextEntryFields.shape);

/** The seed's SessionContext; the fields after `updated_at` are optional. */
export const sessionContextSchema = z.looseObject({
  session_name: filledString,
  project_id: filledString,
  agent_id: nullableString,
  role: string,
  state: z.enum(sessionStates),
  /** As in the entry that told the state last. */
  state_kind: contextEntryFields.shape.state_kind,
  program: contextEntryFields.shape.program,
  confidence: contextEntryFields.shape.confidence,
  evidence: contextEntryFields.shape.evidence,
  until: contextEntryFields.shape.until,
  /** Nothing is sent to it earlier (ISO 8601, UTC): when the limit ends that its program has reached. */
  not_before: contextEntryFields.shape.not_before,
  next_action: string,
  last_signal: string,
  updated_at: string,
  /** When it came into its state (ISO 8601, UTC); news of it meanwhile change only `updated_at`. */
  state_since: optionalString,
  wire_name: optionalString,
  server_id: optionalString,
  pid: z.optional(nullableInt),
  /** Key of the session's shell marks; absent for a program that is not our shell. */
  k: optionalString,
  /** Hash of what the session was started with (environment, shell, program). */
  definition: optionalString,
  /** Keyed hashes of variables that it was started with, by name: tells another environment, gives none away. */
  environment: z.optional(z.record(string, string)),
  /** The coding agent that it was started with. */
  agent: contextEntryFields.shape.agent,
  /** How commands are run there: marks, sentinel or program. */
  mode: z.optional(z.enum(sessionModes)),
  /** When and in which folder it was started (ISO 8601, UTC). */
  started_at: optionalString,
  cwd: optionalString,
  /** How wide it was made. */
  cols: optionalInt,
  /** The conversation that its coding agent has there, by the agent's own id, where that is known. */
  conversation: optionalString,
  task_id: z.optional(nullableString),
  /** Since when what its command was waited for holds (ISO 8601, UTC), while the command goes on running. */
  ready_since: optionalString,
  /** The port that the command has opened; with `ready_since`. */
  ready_port: optionalInt,
  /** When its terminal last printed something (ISO 8601, UTC); only of one at work that has been quiet for long. */
  quiet_since: optionalString,
  /** What stands last on its screen, secrets removed; with `quiet_since`. */
  last_line: optionalString,
  /** Who has its keyboard, by the entry that says so: nothing is typed there for a task meanwhile. */
  keyboards: z.optional(
    z.array(z.looseObject({ id: string, actor: string, since: string, host: string, pid: int, started_at: string })),
  ),
  /**
   * A person said that this wait is none, or where `shows` is there that this screen shows another state than was said; it
   * is not said again while the same stands there.
   */
  denied: z.optional(z.looseObject({ state_kind: optionalString, screen: optionalString, shows: optionalString })),
});

/**
 * Where the project's sessions live. `server_id` is the server's own identity; it changes when a server is started
 * anew.
 */
export const serverReferenceSchema = z.looseObject({
  address: string,
  server_id: nullableString,
  /** Where it is known: with this process its sessions have ended. */
  process: z.optional(z.looseObject({ pid: int, started_at: string, host: string })),
});

/** The seed's ProjectContext; `server` and what later versions add are optional. */
export const projectContextSchema = z.looseObject({
  project_id: filledString,
  name: filledString,
  goal: string,
  /** The events say it too, and better; one that a newer version wrote is no reason to give the whole file up. */
  status: z.catch(z.enum(projectStatuses), "planned"),
  default_cwd: string,
  active_branch: nullableString,
  owner: string,
  updated_at: string,
  server: z.optional(serverReferenceSchema),
});

export const taskSummarySchema = z.looseObject({
  id: string,
  role: string,
  state: z.enum(taskStates),
  attempts: int,
  exit_code: nullableInt,
  /** The session that ran it last. */
  session_name: nullableString,
  started_at: nullableString,
  ended_at: nullableString,
  /** The folder that it ran in last, absolute; absent: the workspace. */
  cwd: optionalString,
  /** How long its last command ran before its time limit ended it; only of one that failed so. */
  timed_out_ms: optionalNumber,
  /** Its agent has reached a limit: it waits until that time, or for the answer about that task. */
  wait: z.optional(z.object({ until: optionalString, about: optionalString, reason: string })),
});

/** The seed's ProjectSnapshot: everything in it can be rebuilt from the events. */
export const projectSnapshotSchema = z.looseObject({
  summary: string,
  open_blockers: strings,
  next_steps: strings,
  recent_highlights: strings,
  project_id: optionalString,
  updated_at: optionalString,
  tasks: z.optional(z.array(taskSummarySchema)),
});
