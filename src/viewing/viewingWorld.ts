import type { Disposable } from "../core/base/lifecycle";
import type { ServerReference } from "../core/model/project";
import type { RuleCatalog } from "../core/sense/senseTerminal";
import type { ProjectStore } from "../core/ports/ledger";
import type { Clock, Logger, Processes } from "../core/ports/machine";
import type { Redactor } from "../core/safety/redaction";
import type { ChosenServer } from "../core/ports/sessions";

/** One folder of the workspace that a person looks at. */
export interface ViewedFolder {
  /** Absolute. */
  readonly path: string;
  /** For people. */
  readonly name: string;
}

/** Which folders there are, and what reports changes in them. */
export interface FolderSource {
  all(): readonly ViewedFolder[];
  /** Calls back when there are other folders, or projects may have come or gone in one, until it is disposed of. */
  watch(changed: () => void): Disposable;
}

/** What a person's view of a workspace needs of the shell that shows it. */
export interface ViewingWorld {
  /** Who looks: `human:<user>`. */
  readonly actor: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly processes: Promise<Processes>;
  readonly servers: {
    /** A recorded server that runs; nothing is started. Throws `server_unreachable` and others. */
    asReference(remembered: ServerReference): Promise<ChosenServer>;
  };
  /** The records of one folder. */
  store(folder: string): Promise<Pick<ProjectStore, "list" | "open">>;
  /**
   * Keyed hashes of variables that new sessions of that folder would have, by name; undefined while they are not known,
   * and where sessions are not compared.
   */
  fingerprints?(folder: string): Readonly<Record<string, string>> | undefined;
  /** How long a session at work prints nothing before people are told; 0: never. */
  quietAfterMs(): number;
  /** Masks secrets in what is shown. */
  readonly redactor: Promise<Pick<Redactor, "redact">>;
  /** The rules by which it is known what programs do. */
  programRules(): Promise<RuleCatalog>;
  isTrusted(): boolean;
  /** Throws `needs_person` where nothing is started or typed. */
  requireTrust(): void;
}
