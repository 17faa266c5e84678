import { once } from "node:events";
import { OrchestratorError } from "../core/model/errors";
import { type ContextEntry, type EntryDraft, unsealed } from "../core/model/entry";
import type { ProjectContext } from "../core/model/project";
import type { Clock, Ids } from "../core/ports/machine";
import type { Ledger, RecordPlace, StoredEntry } from "../core/ports/ledger";
import { advice, nothingToDo } from "../core/model/remedy";

/** A record that is not saved: for commands in sessions that belong to no project of this workspace. */
export class MemoryLedger implements Ledger {
  readonly project_id = "-";
  readonly beginning = {} as RecordPlace;

  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  append(draft: EntryDraft): Promise<ContextEntry> {
    const { fields, sealed } = unsealed(draft);
    return Promise.resolve(
      sealed({
        ...fields,
        id: this.ids.next(),
        project_id: this.project_id,
        ts: new Date(this.clock.now()).toISOString(),
      }),
    );
  }

  isBefore(): boolean {
    return false;
  }

  read(): AsyncIterable<StoredEntry> {
    return nothing(undefined);
  }

  last(): Promise<ContextEntry[]> {
    return Promise.resolve([]);
  }

  readBlob(): Promise<string> {
    return Promise.reject(new OrchestratorError("entry_not_found", "This log has no long texts.", nothingToDo));
  }

  follow(_from: unknown, signal: AbortSignal): AsyncIterable<StoredEntry> {
    return nothing(signal);
  }

  writeDerived(): Promise<void> {
    return Promise.resolve();
  }

  writeCheckpoint(): Promise<void> {
    return Promise.resolve();
  }

  readCheckpoint(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  writeProject(): Promise<void> {
    return Promise.resolve();
  }

  readProject(): Promise<ProjectContext> {
    return Promise.reject(
      new OrchestratorError(
        "project_not_found",
        "This session belongs to no project here.",
        advice("List the sessions of projects with: wsh-orchestrator sessions"),
      ),
    );
  }

  readPlan(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  writePlan(): Promise<void> {
    return Promise.resolve();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Ends at once, or when the signal is aborted; without any entry. */
async function* nothing(until: AbortSignal | undefined): AsyncIterable<StoredEntry> {
  if (until && !until.aborted) await once(until, "abort");
  yield* [];
}
