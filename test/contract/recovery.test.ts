import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { CliWorld } from "../support/cliWorld";
import { testWithShell } from "../support/shellTest";
import { until } from "../support/until";

let world: CliWorld;

beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

const entries = (project: string): ContextEntry[] => {
  try {
    return world.entries(project);
  } catch {
    return [];
  }
};
const commandOf = (project: string, input: string): ContextEntry | undefined =>
  entries(project).find((entry) => entry.kind === "command" && entry.input === input);
const resultOf = (project: string, input: string): ContextEntry | undefined => {
  const id = commandOf(project, input)?.command_id;
  return entries(project).find((entry) => entry.kind === "result" && entry.command_id === id);
};
const log = (name: string): string => readFileSync(join(world.workspace, name), "utf8");

const logged = (name: string): string => {
  try {
    return log(name);
  } catch {
    return "";
  }
};

/** Starts a project, and kills its runner without warning once the log says that its slow command runs. */
async function killedDuring(project: string, commands: readonly string[]): Promise<void> {
  const running = world.start(["do", project, ...commands.flatMap((command) => ["--run", command])]);
  await until("the slow command runs", () => logged(`${project}.log`).includes("begun"));
  running.child.kill("SIGKILL");
  await running.done;
}

describe("a runner that is killed", () => {
  it("is followed by one that waits for what still runs, and repeats nothing", async () => {
    const slow = "echo begun >> runs.log; sleep 1.5";
    await killedDuring("runs", ["echo one >> runs.log", slow, "echo two >> runs.log"]);
    const result = await world.run(["do", "runs"]);
    expect(result.code).toBe(0);
    expect(log("runs.log")).toBe("one\nbegun\ntwo\n");
    expect(resultOf("runs", slow)).toMatchObject({ outcome: "exited", exit_code: 0 });
    expect(entries("runs").filter((entry) => entry.kind === "command" && entry.step !== undefined)).toHaveLength(3);
    expect(entries("runs").filter((entry) => entry.kind === "session" && entry.event === "created")).toHaveLength(1);
  });

  it("is followed by one that learns from the prompt what ended meanwhile", async () => {
    const slow = "echo begun >> ended.log; sleep 0.4; echo slept >> ended.log; (exit 3)";
    await killedDuring("ended", ["echo one >> ended.log", slow]);
    await until("the command has ended", () => log("ended.log").includes("slept"));
    const result = await world.run(["do", "ended"]);
    expect(result.code).toBe(1);
    expect(resultOf("ended", slow)).toMatchObject({ outcome: "exited", exit_code: 3, known_by: "probe" });
    expect(log("ended.log")).toBe("one\nbegun\nslept\n");
  });

  it("is followed by one that asks when the session is gone too", async () => {
    const slow = "echo begun >> gone.log; sleep 60";
    await killedDuring("gone", [slow]);
    const session = entries("gone").find((entry) => entry.event === "created");
    await world.run(["kill", session?.session_name ?? "", "--yes"]);
    const result = await world.run(["do", "gone"]);
    expect(result.code).toBe(3);
    expect(resultOf("gone", slow)).toMatchObject({ outcome: "unknown", exit_code: null });
    const question = entries("gone").find((entry) => entry.kind === "blocked");
    expect(question).toMatchObject({ human_attention_needed: true, options: ["retry", "done", "skip"] });
    // Asking again does not ask twice, and types nothing.
    expect((await world.run(["do", "gone"])).code).toBe(3);
    expect(entries("gone").filter((entry) => entry.kind === "blocked")).toHaveLength(1);
    expect((await world.run(["answer", question?.id ?? "", "done"])).code).toBe(0);
    expect((await world.run(["do", "gone"])).code).toBe(0);
    expect(entries("gone").filter((entry) => entry.kind === "command")).toHaveLength(1);
  });
});

/** A line so long that its shell still reads it when the runner is gone. */
describe.each(["bash", "zsh", "fish"])("a runner of %s that is killed while a long line is on its way", (shell) => {
  testWithShell(shell, "is followed by one that types it once in all", async () => {
    for (const [round, delayMs] of [0, 20, 60].entries()) {
      const project = `paste-${shell}-${round}`;
      const file = world.write(
        `${project}.yaml`,
        `project: ${project}\nroles: { w: { shell: ${shell} } }\ntasks:\n  - id: a\n    role: w\n    run: "echo x >> ${project}.log; : ${"y".repeat(120_000)}"\n`,
      );
      const running = world.start(["do", project, "--plan", file]);
      await until("the intent is written", () => entries(project).some((entry) => entry.kind === "command"));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      running.child.kill("SIGKILL");
      await running.done;
      const result = await world.run(["do", project]);
      expect(result.stderr, project).not.toContain("unknown");
      expect(result.code, project).toBe(0);
      expect(log(`${project}.log`), project).toBe("x\n");
    }
  });
});
