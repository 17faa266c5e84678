import { spawnSync } from "node:child_process";
import { CliWorld, cliProgram } from "../support/cliWorld";

/** A process of its own per command, so that few rounds take long; more smooth out a busy machine. */
const rounds = 15;
/** A command takes at most so many times as long as a Node that does nothing. */
const goal = 1.6;

/** How long a command of the installed program takes, as a multiple of `node -e 0` of the same Node in the same run. */
export async function benchCli(report: (line: string) => void): Promise<void> {
  const world = new CliWorld();
  try {
    // A question that is open for good, since an answer needs somebody who runs the project.
    await world.run(["do", "alpha", "--role", "builder", "--run", "echo made"]);
    await world.run(["do", "beta", "--role", "tester", "--run", "false"]);
    const [question] = world.entries("beta").filter((entry) => entry.human_attention_needed === true);
    const idle = [process.execPath, "-e", "0"];
    const command = (...args: readonly string[]): string[] => [process.execPath, cliProgram, ...args];
    const measured: readonly (readonly [string, readonly string[]])[] = [
      ["note", command("note", "alpha", "hello")],
      ["attention", command("attention")],
      ["answer", command("answer", question?.id ?? "none", "skip")],
      ["status", command("status")],
      ["pull", command("pull", "builder::1")],
      ["send", command("send", "builder::1", "true")],
      ["log", command("log", "alpha", "-n", "5")],
    ];
    // Without settings of Node: certificates that it reads at each start would hide what commands take.
    const env = world.env();
    const time = ([file = "", ...args]: readonly string[]): number => {
      const begun = performance.now();
      spawnSync(file, args, { cwd: world.workspace, env, stdio: "ignore" });
      return performance.now() - begun;
    };
    // The first run of a command keeps its parts for the next, and that one their code.
    for (const [, words] of measured) for (let run = 0; run < 3; run++) time(words);
    const nothing: number[] = [];
    const times = measured.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      nothing.push(time(idle));
      for (const [index, [, words]] of measured.entries()) times[index]?.push(time(words));
    }
    const base = median(nothing);
    report(
      `\nThe command line: ${rounds} times each, in turn; ` +
        `node -e 0 of ${process.version} takes ${base.toFixed(0)} ms`,
    );
    for (const [index, [name]] of measured.entries()) {
      const all = times[index] ?? [];
      const ratio = median(all) / base;
      const took = `${median(all).toFixed(0)} ms`.padStart(7);
      report(
        `  ${name.padEnd(10)} ${took}  ${ratio.toFixed(2)} times as long ${ratio <= goal ? "✓" : `(goal: ${goal})`}`,
      );
    }
  } finally {
    await world.close();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
