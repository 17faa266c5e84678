import * as z from "zod/mini";
import { boolean, nullableString, number, optionalNumber, optionalString, string, strings } from "./commonShapes";
import { turnEnds } from "./agentTurn";
import { outcomes } from "./entryKinds";
import { contextEntrySchema, sessionContextSchema, taskSummarySchema } from "./schemas";
import { projectStatuses } from "./states";
import type { ProjectState } from "./projectState";
import { noteQuestion } from "./questionState";

/**
 * Raise it with every change after which `applyEntry` makes another state of the same entries; what was stored before
 * is then rebuilt.
 */
export const stateVersion = 23;

const turnsSchema = z.object({
  sent: number,
  failures: number,
  ended: number,
  k: optionalString,
  last: z.optional(z.enum(turnEnds)),
  check: z.optional(contextEntrySchema),
  limit: z.optional(z.enum(["told", "untold"])),
});

const taskRecordSchema = z.extend(taskSummarySchema, {
  definition: nullableString,
  reason: string,
  retried_by: optionalString,
  from_step: number,
  restarts: optionalNumber,
  not_before: optionalString,
  parked_by: optionalString,
  kept: z.optional(boolean),
  turns: z.optional(turnsSchema),
  handed: z.readonly(strings),
  command: z.optional(contextEntrySchema),
  result: z.optional(contextEntrySchema),
});

const escalationSchema = z.object({
  entry: contextEntrySchema,
  answer: z.optional(contextEntrySchema),
  told: z.optional(contextEntrySchema),
  seen: z.optional(contextEntrySchema),
  applied: z.optional(contextEntrySchema),
  settled: boolean,
});

const leaseSchema = z.object({
  holder: string,
  host: string,
  pid: number,
  started_at: string,
  generation: number,
  entry_id: string,
});

/** A ProjectState as JSON: maps are lists in their order. */
export const storedStateSchema = z.object({
  status: z.enum(projectStatuses),
  goal: string,
  name: optionalString,
  archived: boolean,
  endReason: optionalString,
  sessions: z.array(sessionContextSchema),
  restarts: z.array(contextEntrySchema),
  tasks: z.array(taskRecordSchema),
  openCommands: z.array(contextEntrySchema.check(z.refine((entry) => entry.command_id !== undefined))),
  stillRunning: z.array(contextEntrySchema.check(z.refine((entry) => entry.command_id !== undefined))),
  interrupted: z.array(z.tuple([string, z.enum(outcomes)])),
  limits: z.array(contextEntrySchema),
  escalations: z.array(escalationSchema),
  undelivered: z.array(contextEntrySchema),
  shown: strings,
  unsent: z.array(z.tuple([string, string])),
  highlights: z.array(contextEntrySchema),
  lease: z.optional(leaseSchema),
  leaseGeneration: number,
  leaseRenewals: number,
  handedOver: optionalNumber,
  entries: number,
});

export type StoredState = z.infer<typeof storedStateSchema>;

/** The lists of it that grow with the project. */
const longLists = z.extend(storedStateSchema, {
  tasks: z.array(z.unknown()),
  escalations: z.array(z.unknown()),
  sessions: z.array(z.unknown()),
});

/** So many of a list are checked in one go: a thousand tasks took 28 ms. */
const checkedAtOnce = 100;

/** Checks what JSON gave; `rest` is awaited between slices of the work. Throws for what is none. */
export async function checkedState(value: unknown, rest: () => Promise<void>): Promise<StoredState> {
  const whole = longLists.parse(value);
  const checked = async <T>(schema: z.ZodMiniType<T>, list: readonly unknown[]): Promise<T[]> => {
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
    limits: [...state.limits.values()],
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
    limits: new Map(stored.limits.map((entry) => [entry.role ?? "", entry])),
    shown: new Set(stored.shown),
    unsent: new Map(stored.unsent),
    escalations: new Map(),
    questions: new Map(),
    name: stored.name,
    endReason: stored.endReason,
    lease: stored.lease,
    handedOver: stored.handedOver,
  };
  for (const escalation of stored.escalations) noteQuestion(state, escalation);
  return state;
}
