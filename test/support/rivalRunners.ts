import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContextEntry } from "../../src/core/model/entry";
import { cliProgram, type CliWorld } from "./cliWorld";
import { until } from "./until";

export interface RivalsOptions {
  readonly project: string;
  readonly runners: number;
  readonly tasks: number;
  /** Seconds that each command takes at most. */
  readonly slowest: number;
  readonly random: () => number;
  /** Milliseconds between two blows, shortest and longest. */
  readonly between: readonly [number, number];
  /** No blow falls any more after this long; what is left of the project is done in peace. */
  readonly ms: number;
  /** Share of the blows that only stop the runner for longer than others wait for it. */
  readonly stopped: number;
}

export interface RivalsOutcome {
  readonly kills: number;
  readonly stops: number;
  /** Milliseconds from a blow on the runner to the next claim. */
  readonly takeOvers: readonly number[];
  /** How often each task's command ran, by its log. */
  readonly runs: ReadonlyMap<string, number>;
  readonly entries: readonly ContextEntry[];
  readonly codes: readonly (number | null)[];
}

const roles = 3;
/** Longer than followers wait for an answer. */
const stillMs = 12_000;

/** Every tenth task fails for good, so that people must be told of it, once. */
export function failsForGood(index: number): boolean {
  return index % 10 === 9;
}

function planOf({ project, tasks, slowest, random }: RivalsOptions): string {
  const lines = Array.from({ length: tasks }, (_, index) => {
    const seconds = (random() ** 3 * slowest).toFixed(2);
    const run = `echo t${index} >> ${project}.log; sleep ${seconds}${failsForGood(index) ? "; (exit 7)" : ""}`;
    return `  - { id: t${index}, role: r${index % roles}, run: ${JSON.stringify(run)} }`;
  });
  const each = Array.from({ length: roles }, (_, index) => `  r${index}: { shell: bash }`);
  return `project: ${project}\nroles:\n${each.join("\n")}\ntasks:\n${lines.join("\n")}\n`;
}

/**
 * Several `do` of one project at once, of which the one that runs it is killed again and again, and started anew as a
 * follower.
 */
export async function runRivals(world: CliWorld, options: RivalsOptions): Promise<RivalsOutcome> {
  const { project, random, between } = options;
  const plan = world.write(`${project}.yaml`, planOf(options));
  const running = new Map<ChildProcess, Promise<number | null>>();
  const codes: (number | null)[] = [];
  let struck: ReadonlySet<number | undefined> = new Set();
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [cliProgram, "do", project, "--plan", plan], {
      cwd: world.workspace,
      env: world.env(),
      stdio: "ignore",
    });
    const done = new Promise<number | null>((resolve) => {
      child.once("close", (code) => {
        running.delete(child);
        if (!struck.has(child.pid)) codes.push(code);
        resolve(code);
      });
    });
    running.set(child, done);
    return child;
  };
  const entries = (): ContextEntry[] => {
    try {
      return world.entries(project);
    } catch {
      return [];
    }
  };
  // Several may claim a generation; the first in the record has it.
  const claims = (): ContextEntry[] =>
    [
      ...new Map(
        entries()
          .filter((entry) => entry.event === "claimed")
          .reverse()
          .map((entry) => [entry.generation, entry]),
      ).values(),
    ].reverse();
  for (let index = 0; index < options.runners; index++) start();
  await until("one runs it", () => claims().length > 0, 60_000);
  const takeOvers: number[] = [];
  let [kills, stops] = [0, 0];
  const end = performance.now() + options.ms;
  while (performance.now() < end && codes.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, between[0] + random() * (between[1] - between[0])));
    const before = claims();
    const pid = before.at(-1)?.pid;
    const runner = [...running.keys()].find((child) => child.pid === pid);
    if (!runner || codes.length > 0) continue;
    const still = random() < options.stopped;
    struck = new Set([...struck, runner.pid]);
    const begun = performance.now();
    runner.kill(still ? "SIGSTOP" : "SIGKILL");
    if (still) stops++;
    else kills++;
    start();
    const claimed = await until(
      "another runs it, or all is done",
      () => (claims().length > before.length || codes.length > 0 ? claims().length : undefined),
      60_000,
    );
    if (claimed > before.length) takeOvers.push(performance.now() - begun);
    if (still) setTimeout(() => runner.kill("SIGCONT"), Math.max(0, stillMs - (performance.now() - begun)));
  }
  await Promise.all(running.values());
  const log = readFileSync(join(world.workspace, `${project}.log`), "utf8")
    .trimEnd()
    .split("\n");
  const runs = new Map<string, number>();
  for (const line of log) runs.set(line, (runs.get(line) ?? 0) + 1);
  return { kills, stops, takeOvers: takeOvers.sort((one, other) => one - other), runs, entries: entries(), codes };
}

/**
 * What is wrong with it, in words; empty when each command ran once and each failure was told once, by each run: a
 * runner that is started when all is done does what has failed once more.
 */
export function faultsOf(outcome: RivalsOutcome, tasks: number): string[] {
  const faults: string[] = [];
  const wholeRuns = 1 + startsAfterTheEnd(outcome.entries, tasks);
  for (let index = 0; index < tasks; index++) {
    const id = `t${index}`;
    const ran = outcome.runs.get(id) ?? 0;
    if (ran !== (failsForGood(index) ? wholeRuns : 1)) faults.push(`${id} ran ${ran} times`);
    const told = outcome.entries.filter((entry) => entry.human_attention_needed && entry.task_id === id);
    if (told.length !== (failsForGood(index) ? wholeRuns : 0))
      faults.push(`${id} was told of ${told.length} times: ${told.map((entry) => entry.text).join(" | ")}`);
  }
  for (const code of outcome.codes) if (code !== 1) faults.push(`a runner ended with ${code}`);
  return faults;
}

/** How often a runner began when the run before had come to its end, with every task done or failed. */
function startsAfterTheEnd(entries: readonly ContextEntry[], tasks: number): number {
  const over = new Set<string>();
  let [ended, starts] = [false, 0];
  for (const { kind, event, state, task_id } of entries) {
    if (kind === "task" && task_id !== undefined && (state === "succeeded" || state === "failed")) over.add(task_id);
    if (kind !== "project") continue;
    if (event === "started" && ended) starts++;
    ended = event === "ended" && over.size === tasks;
  }
  return starts;
}
