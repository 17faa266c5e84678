import { EventEmitter } from "../../src/core/base/event";
import type { ContextEntry, EntryDraft } from "../../src/core/model/entry";
import { applyEntry, emptyProjectState } from "../../src/core/model/projectState";
import type { Clock } from "../../src/core/ports/machine";
import type { OpenRecord } from "../../src/core/record/projectRecord";
import { entryOf } from "./entries";

/** A project's record that is kept nowhere: what is appended is in its state at once. */
export class MemoryRecord implements Pick<OpenRecord, "state" | "onEntry" | "append"> {
  readonly state = emptyProjectState();
  readonly entries: ContextEntry[] = [];
  readonly #appended = new EventEmitter<ContextEntry>();
  readonly onEntry = this.#appended.event;

  constructor(private readonly clock: Pick<Clock, "now">) {}

  append(draft: EntryDraft): Promise<ContextEntry> {
    const entry = entryOf({ ...draft, ts: new Date(this.clock.now()).toISOString() });
    this.entries.push(entry);
    applyEntry(this.state, entry);
    this.#appended.fire(entry);
    return Promise.resolve(entry);
  }

  /** For what needs no more of a record than this has. */
  get open(): OpenRecord {
    return this as unknown as OpenRecord;
  }

  /** `kind event text`, as a test reads them. */
  get lines(): string[] {
    return this.entries.map(({ kind, event, text }) => `${kind}${event === undefined ? "" : ` ${event}`}: ${text}`);
  }
}
