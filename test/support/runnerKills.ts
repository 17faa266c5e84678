import { setTimeout as delay } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContextEntry } from "../../src/core/model/entry";
import type { CliWorld } from "./cliWorld";

interface PlannedTask {
  readonly id: string;
  readonly role: string;
  readonly needs: string[];
  readonly run: string[];
  readonly check?: string;
  readonly retries?: number;
}

export interface KillablePlan {
  readonly yaml: string;
  /** What stands in the file `ran` when each command has run once, in any order. */
  readonly lines: string[];
}

/**
 * A plan of about `commands` commands in three roles, one for each shell given: chains and crossings of tasks, checks,
 * slow commands, and tasks whose first try fails.
 */
export function killablePlan(
  project: string,
  commands: number,
  shells: readonly string[],
  random: () => number,
): KillablePlan {
  const lines: string[] = [];
  const tasks: PlannedTask[] = [];
  const roles = shells.map((shell, index) => [`r${index}`, { shell }] as const);
  const write = (line: string): string => {
    lines.push(line);
    return `echo ${line} >> ran`;
  };
  const slow = (): string => (random() < 0.5 ? `; sleep 0.${String(Math.floor(random() * 300)).padStart(3, "0")}` : "");
  for (let count = 0; count < commands;) {
    const id = `t${tasks.length}`;
    const role = roles[Math.floor(random() * roles.length)]?.[0] ?? "";
    const needs = tasks.filter(() => random() < 2 / (tasks.length + 1)).map((task) => task.id);
    if (random() < 0.15) {
      lines.push(`${id}.1`, `${id}.2`);
      tasks.push({
        id,
        role,
        needs,
        run: [`sh -c 'echo x >> ${id}.tries; n=$(wc -l < ${id}.tries); echo ${id}.$((n)) >> ran; test $n -ge 2'`],
        retries: 2,
      });
      count += 2;
      continue;
    }
    const run = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, step) => `${write(`${id}.${step}`)}${slow()}`);
    const check = random() < 0.3 ? { check: write(`${id}.check`) } : {};
    count += run.length + (check.check === undefined ? 0 : 1);
    tasks.push({ id, role, needs, run, ...check });
  }
  return {
    lines,
    yaml: `project: ${project}\nroles: ${JSON.stringify(Object.fromEntries(roles))}\ntasks: ${JSON.stringify(tasks)}\n`,
  };
}

/**
 * Kills `do` again and again, each time after a random while, and starts it anew until it ends by itself. The number of
 * kills.
 */
export async function killRunners(
  world: CliWorld,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  whileMs: () => number,
): Promise<{ kills: number; code: number | null; stderr: string }> {
  for (let kills = 0; ; kills++) {
    const running = world.start(args, { env });
    const ended = await Promise.race([running.done, delay(whileMs())]);
    if (ended && running.child.signalCode === null) return { kills, code: ended.code, stderr: ended.stderr };
    running.child.kill("SIGKILL");
    await running.done;
  }
}

/**
 * What the record and the commands' own file say that should not be; empty when each command ran once and ended as
 * recorded.
 */
export function faultsOf(world: CliWorld, project: string, lines: readonly string[]): string[] {
  const ran = readFileSync(join(world.workspace, "ran"), "utf8").trim().split("\n");
  const faults = [...new Set([...lines, ...ran])].flatMap((line) => {
    const times = ran.filter((each) => each === line).length;
    return times === 1 && lines.includes(line) ? [] : [`${line} ran ${times} times`];
  });
  const entries = world.entries(project);
  const commands = entries.filter((entry) => entry.kind === "command" && entry.step !== undefined);
  const results = (command: ContextEntry): ContextEntry[] =>
    entries.filter((entry) => entry.kind === "result" && entry.command_id === command.command_id);
  for (const command of commands)
    if (results(command).length !== 1) faults.push(`${command.input ?? ""} has ${results(command).length} results`);
  const typed = commands.filter((command) => results(command)[0]?.outcome !== "not_sent");
  if (typed.length !== lines.length)
    faults.push(`${typed.length} commands were typed by the record, of ${lines.length}`);
  faults.push(
    ...typed.flatMap((command) =>
      results(command)[0]?.outcome === "exited"
        ? []
        : [`${command.input ?? ""}: ${String(results(command)[0]?.outcome)}`],
    ),
  );
  faults.push(...entries.filter((entry) => entry.human_attention_needed === true).map((entry) => entry.text));
  return faults;
}
