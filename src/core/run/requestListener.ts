import type { Disposable } from "../base/lifecycle";
import type { ContextEntry } from "../model/entry";
import { handOverEvent, restartEvent, sessionSeenEvent } from "../model/entryKinds";
import { OrchestratorError } from "../model/errors";
import { stopEvent } from "../people/runnerRequests";
import type { OpenRecord } from "../record/projectRecord";
import { runningElsewhere, type Lease } from "../record/lease";
import { nothingToDo } from "../model/remedy";

/** What others may ask of a run, or do to it. Each is told at once; what a task is asked for the record tells itself. */
export interface RunRequests {
  /** Somebody wants it to stop: it interrupts what runs, and saves. */
  stop(reason: OrchestratorError): void;
  /** Somebody wants it to leave everything as it is, for another process. */
  handOver(why: string): void;
  /** Somebody wants a session restarted. */
  restart(request: ContextEntry): void;
  /** A person looked at a session of that name, or answered a question there. */
  seen(session: string): void;
  /** Another process runs the project, or who asked whether this one does could not be told. */
  lost(error: unknown): void;
}

/** Hears what the record brings for one run, from any process. */
export class RequestListener implements Disposable {
  readonly #listener: Disposable;

  constructor(
    private readonly record: OpenRecord,
    private readonly lease: Lease,
    private readonly host: string,
    private readonly requests: RunRequests,
  ) {
    this.#listener = record.onEntry((entry) => this.#heard(entry));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  #heard(entry: ContextEntry): void {
    const isOurs = entry.generation === this.lease.generation;
    if (entry.kind === "lease") {
      if (!this.lease.held) this.requests.lost(runningElsewhere(this.record, this.host));
      if (entry.event === "asked" && isOurs)
        void this.lease.renew().catch((error: unknown) => this.requests.lost(error));
    }
    if (entry.kind === "session" && entry.event === restartEvent) this.requests.restart(entry);
    const looked = entry.kind === "answer" || (entry.kind === "session" && entry.event === sessionSeenEvent);
    if (looked && entry.session_name !== null) this.requests.seen(entry.session_name);
    if (entry.kind !== "project" || !isOurs) return;
    if (entry.event === stopEvent) this.requests.stop(new OrchestratorError("interrupted", entry.text, nothingToDo));
    if (entry.event === handOverEvent) this.requests.handOver(entry.text);
  }
}
