import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import type { FileLedger, FileLedgerOptions } from "../../src/adapters/ledger/fileLedger";
import { createIds } from "../../src/adapters/ledger/ids";
import type { ContextEntry, EntryDraft } from "../../src/core/model/entry";
import type { ProjectContext } from "../../src/core/model/project";
import type { Ledger, RecordPlace, StoredEntry } from "../../src/core/ports/ledger";
import { systemClock } from "./systemClock";

export function project(project_id = "alpha"): ProjectContext {
  return {
    project_id,
    name: project_id,
    goal: "Make it work.",
    status: "planned",
    default_cwd: "/srv/alpha",
    active_branch: null,
    owner: "human:ada",
    updated_at: "2026-01-01T00:00:00.000Z",
  };
}

export function note(text: string, more: Record<string, unknown> = {}): EntryDraft {
  return { session_name: null, actor: "engine", kind: "note", text, ...more };
}

export function optionsWith(more: Partial<FileLedgerOptions> = {}): FileLedgerOptions {
  return { clock: systemClock, ids: createIds(), sanitize: (text) => text, ...more };
}

/** A workspace of its own, removed with `dispose`, which also closes the ledgers that it opened. */
export class Workspace {
  readonly path: string;
  readonly #ledgers: FileLedger[] = [];

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), "ledger-")));
  }

  get root(): string {
    return join(this.path, ".orchestrator");
  }

  get folder(): string {
    return join(this.root, "projects", "alpha");
  }

  segment(number = 1): string {
    return join(this.folder, `events-${String(number).padStart(6, "0")}.jsonl`);
  }

  bytes(number = 1): Promise<Buffer> {
    return readFile(this.segment(number));
  }

  store(options: Partial<FileLedgerOptions> = {}): FileProjectStore {
    return new FileProjectStore(this.path, optionsWith(options));
  }

  async ledger(options: Partial<FileLedgerOptions> = {}): Promise<FileLedger> {
    const ledger = await this.store(options).create(project());
    this.#ledgers.push(ledger);
    return ledger;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#ledgers.map((ledger) => ledger.close()));
    await rm(this.path, { recursive: true, force: true });
  }
}

export async function stored(ledger: Ledger, from?: RecordPlace): Promise<StoredEntry[]> {
  const all: StoredEntry[] = [];
  for await (const item of ledger.read(from)) all.push(item);
  return all;
}

export async function entries(ledger: Ledger, from?: RecordPlace): Promise<ContextEntry[]> {
  return (await stored(ledger, from)).map((item) => item.entry);
}

export async function texts(ledger: Ledger, from?: RecordPlace): Promise<string[]> {
  return (await entries(ledger, from)).map((entry) => entry.text);
}

/** The records of quarantine.jsonl. */
export async function quarantined(
  workspace: Workspace,
): Promise<{ segment: number; offset: number; bytes: Buffer; why: string }[]> {
  const text = await readFile(join(workspace.folder, "quarantine.jsonl"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { segment, offset, bytes_b64, why } = JSON.parse(line) as {
        segment: number;
        offset: number;
        bytes_b64: string;
        why: string;
      };
      return { segment, offset, bytes: Buffer.from(bytes_b64, "base64"), why };
    });
}

/** What a promise was rejected with, or "resolved". */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "resolved",
    (error: unknown) => error,
  );
}
