import {
  boolean,
  choice,
  extended,
  type Infer,
  list,
  nullableString,
  number,
  object,
  optional,
  optionalNumber,
  optionalString,
  readonlyList,
  type Shape,
  string,
  strings,
  tuple,
  unknown,
  where,
} from "../base/shape";
import { outcomes } from "./entryKinds";
import { contextEntrySchema, sessionContextSchema, taskSummarySchema } from "./schemas";
import { projectStatuses } from "./states";
import { noteQuestion, type ProjectState } from "./projectState";

/**
 * Raise it with every change after which `applyEntry` makes another state of the same entries; what was stored before
 * is then rebuilt.
 */
export const stateVersion = 12;

const taskRecordSchema = extended(taskSummarySchema, {
  definition: nullableString,
  reason: string,
  retried_by: optionalString,
  from_step: number,
  handed: readonlyList(string),
  command: optional(contextEntrySchema),
  result: optional(contextEntrySchema),
});

const escalationSchema = object({
  entry: contextEntrySchema,
  answer: optional(contextEntrySchema),
  told: optional(contextEntrySchema),
  seen: optional(contextEntrySchema),
  applied: optional(contextEntrySchema),
  settled: boolean,
});

const leaseSchema = object({
  holder: string,
  host: string,
  pid: number,
  started_at: string,
  generation: number,
  entry_id: string,
});

/** A ProjectState as JSON: maps are lists in their order. */
export const storedStateSchema = object({
  status: choice(projectStatuses),
  goal: string,
  endReason: optionalString,
  sessions: list(sessionContextSchema),
  restarts: list(contextEntrySchema),
  tasks: list(taskRecordSchema),
  openCommands: list(where(contextEntrySchema, (entry) => entry.command_id !== undefined)),
  stillRunning: list(where(contextEntrySchema, (entry) => entry.command_id !== undefined)),
  interrupted: list(tuple(string, choice(outcomes))),
  escalations: list(escalationSchema),
  undelivered: list(contextEntrySchema),
  shown: strings,
  unsent: list(tuple(string, string)),
  highlights: list(contextEntrySchema),
  lease: optional(leaseSchema),
  leaseGeneration: number,
  leaseRenewals: number,
  handedOver: optionalNumber,
  entries: number,
});

export type StoredState = Infer<typeof storedStateSchema>;

/** The lists of it that grow with the project. */
const longLists = extended(storedStateSchema, {
  tasks: list(unknown),
  escalations: list(unknown),
  sessions: list(unknown),
});

/** So many of a list are checked in one go: a thousand tasks took 28 ms. */
const checkedAtOnce = 100;

/** Checks what JSON gave; `rest` is awaited between slices of the work. Throws for what is none. */
export async function checkedState(value: unknown, rest: () => Promise<void>): Promise<StoredState> {
  const whole = longLists.parse(value);
  const checked = async <T>(schema: Shape<T>, list: readonly unknown[]): Promise<T[]> => {
    const parts: T[] = [];
    for (let from = 0; from < list.length; from += checkedAtOnce) {
      await rest();
      for (const each of list.slice(from, from + checkedAtOnce)) parts.push(schema.parse(each));
    }
    return parts;
  };
  return {
    ...whole,
    tasks: await checked(taskRecordSchema, whole.tasks),
    escalations: await checked(escalationSchema, whole.escalations),
    sessions: await checked(sessionContextSchema, whole.sessions),
  };
}

/** Shares its parts with the state: make JSON of it before the next entry. */
export function storedState({ questions, ...state }: ProjectState): StoredState {
  return {
    ...state,
    sessions: [...state.sessions.values()],
    restarts: [...state.restarts.values()],
    tasks: [...state.tasks.values()],
    openCommands: [...state.openCommands.values()],
    stillRunning: [...state.stillRunning.values()],
    interrupted: [...state.interrupted],
    escalations: [...state.escalations.values()],
    undelivered: [...state.undelivered.values()],
    shown: [...state.shown],
    unsent: [...state.unsent],
  };
}

/** Takes the parts over. */
export function restoredState(stored: StoredState): ProjectState {
  const state: ProjectState = {
    ...stored,
    undelivered: new Map(stored.undelivered.map((note) => [note.id, note])),
    sessions: new Map(stored.sessions.map((session) => [session.session_name, session])),
    restarts: new Map(stored.restarts.map((entry) => [entry.session_name ?? "", entry])),
    // What JSON leaves out when it is undefined is there all the same.
    tasks: new Map(stored.tasks.map((task) => [task.id, { ...task, command: task.command, result: task.result }])),
    openCommands: new Map(stored.openCommands.map((entry) => [entry.command_id ?? "", entry])),
    stillRunning: new Map(stored.stillRunning.map((entry) => [entry.command_id ?? "", entry])),
    interrupted: new Map(stored.interrupted),
    shown: new Set(stored.shown),
    unsent: new Map(stored.unsent),
    escalations: new Map(),
    questions: new Map(),
    endReason: stored.endReason,
    lease: stored.lease,
    handedOver: stored.handedOver,
  };
  for (const escalation of stored.escalations) noteQuestion(state, escalation);
  return state;
}
