import { join } from "node:path";
import { OrchestratorError, messageOf } from "../../core/model/errors";
import { type ContextEntry, type EntryDraft, unsealed } from "../../core/model/entry";
import { isEntry, isProject } from "../../core/model/entryCheck";
import { contextEntrySchema, projectContextSchema } from "../../core/model/schemas";
import type { ProjectContext } from "../../core/model/project";
import type { Clock, Ids, Logger } from "../../core/ports/machine";
import type {
  Checkpoint,
  DerivedFiles,
  Durability,
  FollowPace,
  Ledger,
  RecordPlace,
  StoredEntry,
} from "../../core/ports/ledger";
import { Appender } from "./appender";
import { writeFileAtomically } from "./atomicFile";
import { type Blobs, readBlob, takeOutLongTexts, writeBlobs } from "./blobs";
import { readCheckpointFile, writeCheckpointFile } from "./checkpointFile";
import { writeDerivedFiles } from "./derivedFiles";
import { filePlace, isBefore } from "./filePlace";
import { FolderChanges, unhurriedMs } from "./follow";
import { IdSet } from "./idSet";
import { lastEntries } from "./lastEntries";
import { damaged, ledgerError, recordGone } from "./ledgerErrors";
import { encodeLine, segmentEndKind } from "./lineCodec";
import { Quarantine } from "./quarantine";
import { RecordWalk, type WaitForMore } from "./recordWalk";
import { checkFolders, readOwnText } from "./safePaths";
import { type Sanitize, sanitizeFields, sanitizeInto } from "./sanitizeStrings";
import type { Line } from "./segmentWriter";
import { type OpenSegment, type SegmentLimits, defaultLimits, openForAppend, segmentName } from "./segments";
import { type Verification, verifyRecord } from "./verify";

export interface FileLedgerOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Removes secrets and control characters; every string of an entry that no machine made goes through it. */
  readonly sanitize: Sanitize;
  readonly logger?: Logger;
  readonly limits?: SegmentLimits;
  /** Tests put failing files here. */
  readonly openSegment?: OpenSegment;
}

const projectFile = "project.json";
const planFile = "plan.yaml";

/** Made by programs and used by them again: changing one would break what it names. */
const machineFields: ReadonlySet<string> = new Set([
  "id",
  "project_id",
  "session_name",
  "kind",
  "ts",
  "event",
  "state",
  "task_id",
  "definition",
  "shell",
  "subject",
  "command_id",
  "k",
  "typed_as",
  "end_id",
  "outcome",
  "known_by",
  "wire_name",
  "mode",
  "server_id",
  "role",
  "to",
  "rule",
  "agent_id",
  "holder",
  "host",
  "started_at",
  "expires_at",
  "deadline",
  "channel",
]);

/** References to what the record names itself; others may say anything. */
const namingRefs: ReadonlySet<string> = new Set(["entry", "command", "task", "session", "commit"]);
const refMachineFields: ReadonlySet<string> = new Set(["type", "id"]);
const nothing: ReadonlySet<string> = new Set();

const projectMachineFields: ReadonlySet<string> = new Set([
  "project_id",
  "status",
  "default_cwd",
  "active_branch",
  "updated_at",
  "server",
]);

/** Names that a line uses for itself. */
const reservedFields = ["v", "c", "unread"];

/** A line longer than this cannot be written in one piece for certain (durability, finding 4). */
const lineLimit = 1024 * 1024;

/** One project's folder as a ledger. `parts` is its way below the workspace. */
export class FileLedger implements Ledger {
  readonly project_id: string;
  readonly folder: string;
  readonly beginning = filePlace(1, 0);
  readonly isBefore = isBefore;
  readonly #workspace: string;
  readonly #parts: readonly string[];
  readonly #options: FileLedgerOptions;
  readonly #appender: Appender;
  readonly #quarantine: Quarantine;
  readonly #closing = new AbortController();
  readonly #followed = new Set<FolderChanges>();

  /** `appendedTo`: this one is in it from its first entry until it is closed. */
  constructor(
    workspace: string,
    parts: readonly string[],
    options: FileLedgerOptions,
    private readonly appendedTo = new Set<FileLedger>(),
  ) {
    this.project_id = parts.at(-1) ?? "";
    this.folder = join(workspace, ...parts);
    this.#workspace = workspace;
    this.#parts = parts;
    this.#options = options;
    this.#quarantine = new Quarantine(this.folder, options.clock);
    this.#appender = new Appender({
      folder: this.folder,
      clock: options.clock,
      logger: options.logger,
      limits: options.limits ?? defaultLimits,
      openSegment: options.openSegment ?? openForAppend,
      checkFolder: () => this.#checkFolder("ledger_unwritable"),
      endMark: (next) => this.#endMark(next),
    });
  }

  /**
   * Throws `request_invalid` for a draft that is no entry or longer than 1 MiB, `disk_full`, `ledger_unwritable`,
   * `ledger_unsafe`. An entry that was refused with `disk_full` may still be found in the record when its line got
   * through.
   */
  async append(draft: EntryDraft, durability: Durability): Promise<ContextEntry> {
    const { entry, blobs, bytes } = this.#encoded(draft);
    this.appendedTo.add(this);
    const before = blobs && writeBlobs(this.#workspace, this.#parts, blobs);
    await this.#appender.append({ id: entry.id, bytes }, durability, before);
    for (const changes of this.#followed) changes.hurry();
    return entry;
  }

  read(from?: RecordPlace): AsyncIterable<StoredEntry> {
    return this.#entries(from);
  }

  async *follow(
    from: RecordPlace | undefined,
    signal: AbortSignal,
    pace: FollowPace = "at_once",
  ): AsyncGenerator<StoredEntry, void, undefined> {
    if (signal.aborted || this.#closing.signal.aborted) return;
    // Watching begins before the first read, so that nothing falls between the two.
    const restMs = pace === "unhurried" ? unhurriedMs : 0;
    const changes = new FolderChanges(this.folder, this.#options.clock, [signal, this.#closing.signal], restMs);
    this.#followed.add(changes);
    try {
      for await (const stored of this.#entries(from, () => changes.wait())) {
        if (changes.ended) return;
        yield stored;
      }
    } finally {
      this.#followed.delete(changes);
      changes.dispose();
    }
  }

  async last(count: number): Promise<ContextEntry[]> {
    await this.#checkFolder("project_not_found");
    return this.#inRecord(() => lastEntries(this.folder, count));
  }

  /** Also flushes, so that a snapshot is never ahead of its events. */
  async writeDerived(files: DerivedFiles): Promise<void> {
    await this.flush();
    await this.#checkFolder("ledger_unwritable");
    await writeDerivedFiles(this.folder, files, this.#options.sanitize);
  }

  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.#checkFolder("ledger_unwritable");
    await this.#inRecord(() => writeCheckpointFile(this.folder, checkpoint));
  }

  async readCheckpoint(): Promise<Checkpoint | undefined> {
    await this.#checkFolder("project_not_found");
    return readCheckpointFile(this.folder);
  }

  async writeProject(project: ProjectContext): Promise<void> {
    if (project.project_id !== this.project_id)
      throw invalidDraft(`The project file belongs to project ${project.project_id}`);
    await this.#checkFolder("ledger_unwritable");
    const fields = sanitizeFields(project, projectMachineFields, this.#options.sanitize);
    await writeFileAtomically(join(this.folder, projectFile), `${JSON.stringify(fields, null, 2)}\n`);
  }

  /** Throws `project_not_found` without a folder, and `ledger_corrupt` when project.json is missing or none. */
  async readProject(): Promise<ProjectContext> {
    const path = join(this.folder, projectFile);
    const text = await this.#readText(path);
    const spoilt = (why: string): OrchestratorError =>
      damaged(path, why, { kind: "run_project", project: this.project_id });
    if (text === undefined) throw spoilt("is missing");
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw spoilt("is not valid JSON");
    }
    const project = isProject(value) ? value : parsedProject(value, spoilt);
    if (project.project_id !== this.project_id)
      throw spoilt(`belongs to project ${JSON.stringify(project.project_id)}`);
    return project;
  }

  readPlan(): Promise<string | undefined> {
    return this.#readText(join(this.folder, planFile));
  }

  /** As it is: what is masked cannot be run, so whoever writes a plan decides and says what was taken out of it. */
  async writePlan(text: string): Promise<void> {
    await this.#checkFolder("ledger_unwritable");
    await writeFileAtomically(join(this.folder, planFile), text);
  }

  async readBlob(hash: string): Promise<string> {
    await this.#checkFolder("project_not_found");
    return this.#inRecord(() => readBlob(this.folder, hash));
  }

  /** Reads every byte. */
  async verify(): Promise<Verification> {
    await this.#checkFolder("project_not_found");
    return this.#inRecord(async () =>
      verifyRecord(
        this.project_id,
        this.folder,
        this.#quarantine,
        await (await import("./fileChecks")).fileProblems(this),
      ),
    );
  }

  flush(): Promise<void> {
    return this.#appender.flush();
  }

  /** Throws when something could not be written; `withinMs`: also what takes longer than that. */
  async close(withinMs?: number): Promise<void> {
    this.#closing.abort();
    try {
      await this.#appender.close(withinMs);
    } finally {
      // Whoever closes all records meanwhile waits for this one as well.
      this.appendedTo.delete(this);
    }
  }

  async *#entries(from: RecordPlace | undefined, wait?: WaitForMore): AsyncGenerator<StoredEntry, void, undefined> {
    await this.#checkFolder("project_not_found");
    const ids = new IdSet();
    try {
      for await (const items of new RecordWalk(this.folder, wait).pieces(from)) {
        await this.#quarantine.add(items.filter((item) => item.type === "damage"));
        for (const item of items) if (item.type === "entry" && ids.add(item.stored.entry.id)) yield item.stored;
      }
    } catch (error) {
      throw ledgerError(error, this.folder);
    }
  }

  #encoded(draft: EntryDraft): { entry: ContextEntry; blobs: Blobs | undefined; bytes: Buffer } {
    try {
      const complete = this.#complete(draft);
      const bytes = encodeLine(complete.entry);
      if (bytes.length > lineLimit) throw invalidDraft(`The event is longer than ${lineLimit} bytes`);
      return { ...complete, bytes };
    } catch (error) {
      if (error instanceof OrchestratorError) throw error;
      throw invalidDraft(`The event cannot be written as JSON (${messageOf(error)})`, error);
    }
  }

  #complete(draft: EntryDraft): { entry: ContextEntry; blobs: Blobs | undefined } {
    const reserved = reservedFields.find((field) => field in draft);
    if (reserved !== undefined) throw invalidDraft(`The event has a field ${reserved}, which is reserved`);
    if (draft.kind === segmentEndKind)
      throw invalidDraft(`The event has the kind ${segmentEndKind}, which is reserved`);
    const { fields, sealed } = unsealed(draft);
    const own = this.#identity();
    // The seed's fields first and in its order, for people who read the file; nobody else's id or time counts.
    const first = {
      id: "",
      project_id: "",
      session_name: undefined,
      actor: undefined,
      kind: undefined,
      ts: "",
      text: undefined,
    };
    const refs = fields.refs && {
      refs: fields.refs.map((ref) =>
        sanitizeFields(ref, namingRefs.has(ref.type) ? refMachineFields : nothing, this.#options.sanitize),
      ),
    };
    const entry = Object.assign(sanitizeInto(first, fields, machineFields, this.#options.sanitize), refs, own);
    const blobs = takeOutLongTexts(entry);
    return { entry: sealed(checkedEntry(entry)), blobs };
  }

  #identity(): { id: string; project_id: string; ts: string } {
    const { clock, ids } = this.#options;
    return { id: ids.next(), project_id: this.project_id, ts: new Date(clock.now()).toISOString() };
  }

  #endMark(next: number): Line {
    const { id, project_id, ts } = this.#identity();
    const text = `The log continues in ${segmentName(next)}.`;
    return {
      id,
      bytes: encodeLine({ id, project_id, session_name: null, actor: "ledger", kind: segmentEndKind, ts, text }),
    };
  }

  async #checkFolder(code: "ledger_unwritable" | "project_not_found"): Promise<void> {
    if (!(await this.#inRecord(() => checkFolders(this.#workspace, this.#parts)))) throw recordGone(this.folder, code);
  }

  async #inRecord<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw ledgerError(error, this.folder);
    }
  }

  async #readText(path: string): Promise<string | undefined> {
    await this.#checkFolder("project_not_found");
    return this.#inRecord(() => readOwnText(path));
  }
}

function checkedEntry(entry: unknown): ContextEntry {
  if (isEntry(entry)) return entry;
  const result = contextEntrySchema.safeParse(entry);
  if (result.success) return entry as ContextEntry;
  const issue = result.error.issues[0];
  throw invalidDraft(`The event is not valid: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

/** Of another version, or none at all. */
function parsedProject(value: unknown, spoilt: (why: string) => OrchestratorError): ProjectContext {
  const read = projectContextSchema.safeParse(value);
  if (read.success) return read.data;
  const place = read.error.issues[0]?.path.join(".") || undefined;
  throw spoilt(`is not a valid project file${place === undefined ? "" : `: "${place}" is wrong`}`);
}

/** Whoever writes an entry is a part of the product. */
function invalidDraft(what: string, cause?: unknown): OrchestratorError {
  return new OrchestratorError("request_invalid", `${what}.`, { kind: "report_fault" }, { cause });
}
