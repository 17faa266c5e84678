import type { ContextEntry, EntryDraft } from "../model/entry";
import type { ProjectContext } from "../model/project";
import type { SessionContext } from "../model/session";
import type { ProjectSnapshot } from "../model/snapshot";
import type { StoredState } from "../model/storedState";

/**
 * `synced`: on the disk when the promise resolves (commands, results, answers, approvals, handoff notes).
 * `written`: with the operating system, on the disk within a second (heartbeats, states).
 */
export type Durability = "synced" | "written";

declare const placeContent: unique symbol;

/**
 * A place in a record. Only the ledger that gave it knows what is in it: readers keep it, give it back to read on from
 * there, and ask that ledger which of two comes first.
 */
export interface RecordPlace {
  readonly [placeContent]: unknown;
}

export interface StoredEntry {
  readonly entry: ContextEntry;
  /** Where the entry begins. */
  readonly at: RecordPlace;
  /** Where reading goes on after it. */
  readonly next: RecordPlace;
}

/** What the writer of snapshots leaves beside the events; all of it can be rebuilt from them. */
export interface DerivedFiles {
  readonly snapshot: ProjectSnapshot;
  readonly sessions: readonly SessionContext[];
  /** SNAPSHOT.md */
  readonly markdown: string;
  /** The events up to here are in it. */
  readonly upTo: RecordPlace;
}

/** The state that the record gives up to a place, so that who only looks need not read all of it. */
export interface Checkpoint {
  readonly state: StoredState;
  readonly upTo: RecordPlace;
  /** The newest of all ids up to there. */
  readonly newest_id: string;
}

/**
 * `unhurried`: for who only looks; what others append may come a twentieth of a second later, together. What is appended
 * through the same ledger comes at once all the same.
 */
export type FollowPace = "at_once" | "unhurried";

/** One project's record. Several processes may append at once. */
export interface Ledger {
  readonly project_id: string;
  /** Before all entries. */
  readonly beginning: RecordPlace;
  /** Whether `one` comes before `other` in the record. */
  isBefore(one: RecordPlace, other: RecordPlace): boolean;
  /**
   * Gives the draft its id and time, removes secrets and control characters, appends. Resolves as `durability` says.
   */
  append(draft: EntryDraft, durability: Durability): Promise<ContextEntry>;
  /** All readable entries from a place (default: the beginning) to the present end, each id once. */
  read(from?: RecordPlace): AsyncIterable<StoredEntry>;
  /** The newest `count` entries, oldest first, at the same cost for any length of the record. */
  last(count: number): Promise<ContextEntry[]>;
  /** The whole text that an entry's `*_blob` field names. Throws `entry_not_found` or `ledger_corrupt`. */
  readBlob(hash: string): Promise<string>;
  /** As `read`, then everything that any process appends later, until the signal is aborted. */
  follow(from: RecordPlace | undefined, signal: AbortSignal, pace?: FollowPace): AsyncIterable<StoredEntry>;
  writeDerived(files: DerivedFiles): Promise<void>;
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /**
   * What `writeCheckpoint` left; undefined when there is none that is whole, of this version and in step with the
   * events.
   */
  readCheckpoint(): Promise<Checkpoint | undefined>;
  /** Rewrites project.json (temporary file and rename). */
  writeProject(project: ProjectContext): Promise<void>;
  readProject(): Promise<ProjectContext>;
  /** The text of plan.yaml, or undefined. */
  readPlan(): Promise<string | undefined>;
  writePlan(text: string): Promise<void>;
  /** Resolves when everything appended so far is on the disk. */
  flush(): Promise<void>;
  /**
   * Writes what is queued. For who must leave: after `withinMs` the rest is refused, and it throws how many entries
   * were not written.
   */
  close(withinMs?: number): Promise<void>;
}

/** The `.orchestrator` folder of one workspace. */
export interface ProjectStore {
  /** Absolute path of the workspace: the folder that holds `.orchestrator`. */
  readonly workspace: string;
  /** Ids of the projects, sorted; empty when there is no folder yet. */
  list(): Promise<string[]>;
  /** Opens a project's record; throws `project_not_found`. */
  open(project_id: string): Promise<Ledger>;
  /** Opens it, making folder and project.json when there is none. */
  create(project: ProjectContext): Promise<Ledger>;
}
