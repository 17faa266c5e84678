import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContextEntry } from "../../src/core/model/entry";
import { FaultProxy } from "./faultProxy";
import { ProjectHarness } from "./projectHarness";
import type { RunningServer } from "./servers";

export interface BrokenConnections {
  commands: number;
  breaks: number;
  /** Runs that ended early, because the server seemed to be gone, and were started again. */
  restarts: number;
  succeeded: number;
  failed: number;
  /** Of those that nobody could tell the outcome of, a person is asked. */
  unknown: number;
  doubled: number;
  lost: number;
  /** With a wrong exit code, or unknown without a question. */
  wrong: number;
  /** What was wrong, in full. */
  readonly faults: string[];
}

const lanes = 4;

/**
 * Runs commands that append their own number to a file, in some sessions at once, through a proxy that breaks all
 * connections every 0.2 to 2 s, and compares the file and the record.
 */
export async function commandsThroughBreaks(
  running: RunningServer,
  options: { name: string; shell: string; commands: number; random: () => number },
): Promise<BrokenConnections> {
  const { name, shell, commands, random } = options;
  const proxy = await FaultProxy.start(running.address, Math.floor(random() * 2 ** 31));
  proxy.delayMs = 20;
  proxy.halve = true;
  const project = await ProjectHarness.create(running.client(proxy.address), { name });
  const wanted = Array.from({ length: commands }, (_, index) => ({
    id: `c${index}`,
    exit_code: random() < 0.2 ? 1 + Math.floor(random() * 200) : 0,
    ms: random() < 0.2 ? Math.floor(random() * 800) : 0,
  }));
  const tasks = wanted.map(({ id, exit_code, ms }) => ({
    id,
    role: "w",
    run: [`echo ${id} >> ran${ms > 0 ? `; sleep ${ms / 1000}` : ""}; sh -c 'exit ${exit_code}'`],
  }));
  const plan = `roles: { w: { shell: ${shell}, count: ${lanes} } }\ntasks: ${JSON.stringify(tasks)}`;
  const count: BrokenConnections = {
    commands,
    breaks: 0,
    restarts: 0,
    succeeded: 0,
    failed: 0,
    unknown: 0,
    doubled: 0,
    lost: 0,
    wrong: 0,
    faults: [],
  };
  const breaking = proxy.breakEvery(200, 2_000);
  try {
    let result = await project.run(plan);
    for (; result.problem !== undefined && count.restarts < 20; count.restarts++) result = await project.run(plan);
    const entries = await project.entries();
    const ran = (await readFile(join(project.workspace, "ran"), "utf8")).split("\n");
    for (const { id, exit_code } of wanted) {
      const end = result.tasks.find((task) => task.id === id);
      const times = ran.filter((line) => line === id).length;
      const asked = entries.some((entry) => entry.task_id === id && entry.kind === "blocked");
      if (end?.state === "succeeded") count.succeeded++;
      else if (end?.state === "failed") count.failed++;
      else if (end?.state === "unknown") count.unknown++;
      const told =
        end?.state === "unknown"
          ? asked
          : end?.state === (exit_code === 0 ? "succeeded" : "failed") && end.exit_code === exit_code;
      const fault =
        times > 1 ? "doubled" : times === 0 && end?.state !== "unknown" ? "lost" : told ? undefined : "wrong";
      if (fault === undefined) continue;
      count[fault]++;
      count.faults.push(
        `${fault}: ${shell} ${id} ran ${times} times, should give ${exit_code}: ${JSON.stringify(end)}\n${trail(entries, id).join("\n")}`,
      );
    }
  } finally {
    count.breaks = breaking.breaks;
    breaking.dispose();
    await proxy.stop();
  }
  return count;
}

function trail(entries: readonly ContextEntry[], task_id: string): string[] {
  return entries
    .filter((entry) => entry.task_id === task_id)
    .map(
      (entry) =>
        `${entry.ts.slice(17)} ${entry.kind} ${entry.event ?? entry.outcome ?? entry.typed_as ?? ""} ${entry.known_by ?? ""} n=${entry.n ?? ""} ${entry.text.slice(0, 200)}`,
    );
}
