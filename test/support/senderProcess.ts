import { Worker } from "node:worker_threads";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import type { EntryDraft } from "../../src/core/model/entry";
import { overriding, ProjectHarness } from "./projectHarness";
import { silentLogger, systemClock } from "./systemClock";

/** What one sender does, as JSON in its first argument. */
export interface SenderTask {
  readonly address: string;
  readonly workspace: string;
  readonly project: string;
  readonly plan: string;
  /** From when the time to its end counts: the writing of the intent, or the sending of the keys. */
  readonly from: "intent" | "keys";
  readonly ms: number;
}

/** Ends this process in the middle of whatever it does: a thread of its own waits for the time to come. */
const killer = `
const { workerData } = require("node:worker_threads");
Atomics.wait(workerData.signal, 0, 0);
if (workerData.ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData.ms);
process.kill(process.pid, "SIGKILL");
`;

/** A runner that is loaded and ready, and runs its plan when it hears from its parent; it never sees the end of it. */
async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? "") as SenderTask;
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(killer, { eval: true, workerData: { signal, ms: task.ms } });
  await new Promise((resolve) => worker.once("online", resolve));
  const fatal = (): void => {
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  };
  const client = new WshServer({ address: task.address, clock: systemClock, logger: silentLogger });
  const server = overriding(client, {
    sendInput: (name: string, data: string | Uint8Array, stop?: AbortSignal) => {
      if (task.from === "keys") fatal();
      return client.sendInput(name, data, stop);
    },
  });
  const project = await ProjectHarness.create(server, { name: task.project, workspace: task.workspace });
  process.stdout.write("ready\n");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  await project.run(task.plan, {
    ledger: (ledger) =>
      overriding(ledger, {
        append: (draft: EntryDraft, durability) => {
          if (task.from === "intent" && draft.kind === "command" && draft.step !== undefined) fatal();
          return ledger.append(draft, durability);
        },
      }),
  });
}

void main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
