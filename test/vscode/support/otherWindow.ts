import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { FileProjectStore } from "../../../src/adapters/ledger/fileProjectStore";
import { createIds } from "../../../src/adapters/ledger/ids";
import { processFacts } from "../../../src/adapters/machine/processFacts";
import { systemClock } from "../../../src/adapters/machine/systemClock";
import { deliveredDraft } from "../../../src/core/people/deliveries";
import type { ContextEntry, EntryDraft } from "../../../src/core/model/entry";
import { folder } from "./host";

/** Appends to a project's record as any other process does, one entry right after the other. */
export async function append(
  project_id: string,
  ...drafts: readonly (EntryDraft | ((before: ContextEntry) => EntryDraft))[]
): Promise<ContextEntry[]> {
  const store = new FileProjectStore(folder(), {
    clock: systemClock,
    ids: createIds(() => systemClock.now()),
    sanitize: (text) => text,
  });
  const ledger = await store.open(project_id);
  try {
    const written: ContextEntry[] = [];
    for (const draft of drafts) {
      const before = written.at(-1);
      written.push(await ledger.append(typeof draft === "function" ? draft(before as ContextEntry) : draft, "written"));
    }
    return written;
  } finally {
    await ledger.close();
  }
}

/** A question that an agent asks in a session; nothing waits for its answer. */
export function question(session_name: string | null, text: string, more: Partial<EntryDraft> = {}): EntryDraft {
  return {
    kind: "blocked",
    actor: "agent:x",
    session_name,
    text,
    human_attention_needed: true,
    options: ["yes", "no"],
    ...more,
  };
}

/** Another window on the same folder, as far as the record tells of it: a process that lives and says that it tells. */
export class OtherWindow {
  private constructor(
    private readonly child: ChildProcess,
    private readonly started_at: string,
  ) {}

  static async open(): Promise<OtherWindow> {
    const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: "ignore",
    });
    await once(child, "spawn");
    return new OtherWindow(child, (await processFacts().of(child.pid ?? 0))?.start ?? "");
  }

  /** Its word for the entry before it. */
  claim(attempt = 1): (before: ContextEntry) => EntryDraft {
    return (before) =>
      deliveredDraft(
        { question: before, actor: "human:elsewhere" },
        { host: hostname(), pid: this.child.pid ?? 0, started_at: this.started_at },
        attempt,
      );
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}
