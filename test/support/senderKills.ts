import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SessionServer } from "../../src/core/ports/sessions";
import { testBundle } from "./serverBundle";
import { ProjectHarness } from "./projectHarness";
import type { SenderTask } from "./senderProcess";

/** What became of the commands whose senders were killed. The first four have to be 0. */
export interface SenderKills {
  /** Another state or exit code than the command's own. */
  wrong: number;
  /** Ran more than once. */
  doubled: number;
  /** Counts as done, and never ran. */
  lost: number;
  unknown: number;
  /** Of the sender's own command, as the next runner found it. */
  not_sent: number;
  ended: number;
  running: number;
  kills: number;
  /** What was wrong, for people. */
  readonly faults: string[];
}

interface Command {
  readonly text: string;
  readonly exit_code: number;
}

/** Each appends its own name, so that what really ran is known. */
function commandOf(id: string, random: () => number): Command {
  const write = `echo ${id} >> ran`;
  const exit_code = Math.floor(random() * 3);
  const end = exit_code === 0 ? "true" : `sh -c "exit ${exit_code}"`;
  const choice = Math.floor(random() * 8);
  if (choice === 0) return { text: `${write}; sleep ${(random() * 2).toFixed(1)}; ${end}`, exit_code };
  if (choice === 1) return { text: `${write}; : ${"y".repeat(20_000)}; ${end}`, exit_code };
  if (choice === 2) return { text: `${write}\n: "a second line"\n${end}`, exit_code };
  if (choice === 3) return { text: `sleep 0.0${1 + Math.floor(random() * 9)}; ${write}; ${end}`, exit_code };
  return { text: `${write}; ${end}`, exit_code };
}

/** A sender that is ready to begin. */
async function sender(task: SenderTask): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [await testBundle("test/support/senderProcess.ts", "sender"), JSON.stringify(task)],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString("utf8")));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error(`The sender ended at its start: ${errors}`)));
  });
  return child;
}

/**
 * Kills senders at random instants from 0 to 15 ms after they begin to write an intent or to send its keys, lets a new
 * runner settle what they left, and counts. One session, kept over all rounds; call it several times at once to have
 * several.
 */
export async function killSenders(
  server: SessionServer,
  options: { name: string; shell: string; kills: number; random: () => number },
): Promise<SenderKills> {
  const { name, shell, kills, random } = options;
  const count: SenderKills = {
    wrong: 0,
    doubled: 0,
    lost: 0,
    unknown: 0,
    not_sent: 0,
    ended: 0,
    running: 0,
    kills: 0,
    faults: [],
  };
  const project = await ProjectHarness.create(server, { name });
  const plan = (id: string, text: string): string =>
    `roles: { w: { shell: ${shell} } }\ntasks: ${JSON.stringify([{ id, role: "w", run: [text] }])}`;
  await project.run(plan("first", "true"));
  const rounds = Array.from({ length: kills }, (_, index) => {
    const id = `c${index}`;
    const command = commandOf(id, random);
    const task: SenderTask = {
      address: server.address,
      workspace: project.workspace,
      project: name,
      plan: plan(id, command.text),
      from: random() < 0.5 ? "intent" : "keys",
      ms: random() * 15,
    };
    return { id, command, task };
  });
  let next = rounds[0] ? sender(rounds[0].task) : undefined;
  for (const [index, { id, command, task }] of rounds.entries()) {
    const child = await next;
    if (!child) break;
    const killed = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_, signal) => resolve(signal)));
    child.stdin?.write("go\n");
    const following = rounds[index + 1];
    if ((await killed) !== "SIGKILL") throw new Error(`The sender of ${id} was not killed.`);
    count.kills++;
    next = following ? sender(following.task) : undefined;
    next?.catch(() => undefined);
    const before = (await project.entries()).findLast(
      (entry) => entry.task_id === id && (entry.kind === "command" || entry.kind === "result"),
    );
    // A task that failed and is known to is done anew by the next run: that is no crash any more.
    const over = (await project.entries("task")).some(
      (entry) => entry.task_id === id && (entry.state === "succeeded" || entry.state === "failed"),
    );
    if (over) {
      count.ended++;
      continue;
    }
    const result = await project.run(task.plan);
    const end = result.tasks.find((each) => each.id === id);
    const times = (await readFile(join(project.workspace, "ran"), "utf8"))
      .split("\n")
      .filter((line) => line === id).length;
    const expected = command.exit_code === 0 ? "succeeded" : "failed";
    const first =
      before?.kind === "result"
        ? before
        : (await project.entries("result")).find((entry) => entry.command_id === before?.command_id);
    if (first?.outcome === "not_sent" || before === undefined) count.not_sent++;
    else if (first?.known_by === "mark" && before.kind === "command") count.running++;
    else count.ended++;
    const fault =
      end?.state === "unknown"
        ? "unknown"
        : times > 1
          ? "doubled"
          : times === 0 && end?.state === "succeeded"
            ? "lost"
            : end?.state !== expected || end.exit_code !== command.exit_code || end.attempts !== 1
              ? "wrong"
              : undefined;
    if (!fault) continue;
    count[fault]++;
    const trail = (await project.entries())
      .filter((entry) => entry.task_id === id)
      .map(
        (entry) =>
          `${entry.ts.slice(17)} ${entry.kind} ${entry.event ?? entry.outcome ?? entry.typed_as ?? ""} ${entry.reason ?? ""}`,
      );
    count.faults.push(
      `${fault}: ${shell} ${id}, ${task.ms.toFixed(1)} ms after the ${task.from}, ran ${times} times, ${JSON.stringify(end)}: ${command.text.slice(0, 100)}\n${trail.join("\n")}`,
    );
  }
  return count;
}
