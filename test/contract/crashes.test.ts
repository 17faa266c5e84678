import { spawn } from "node:child_process";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { findProcess } from "../../src/adapters/machine/processFacts";
import { CliWorld } from "../support/cliWorld";
import { faultsOf, killablePlan, killRunners } from "../support/runnerKills";
import { randomBy, seed } from "../support/seed";
import { killSenders } from "../support/senderKills";
import { needsResize, type RunningServer, serverKinds } from "../support/servers";
import { testWithShell } from "../support/shellTest";
import { until } from "../support/until";

/** Short versions of the soak tests of the same names. */
describe.each(serverKinds.filter((kind) => !kind.title.includes("TCP")))("kills, on $title", ({ start, missing }) => {
  let running: RunningServer;

  beforeAll(async () => {
    if (!missing) running = await start();
  });
  afterAll(async () => {
    if (!missing) await running.stop();
  });
  beforeEach(async (context) => {
    if (!missing) await needsResize(context, running.client());
  });

  for (const shell of ["bash", "zsh", "fish"]) {
    const name = `of senders around their keys in ${shell} leave nothing wrong, doubled, lost or unknown (seed ${seed})`;
    const body = async (): Promise<void> => {
      const count = await killSenders(running.client(), {
        name: `kills-${shell}`,
        shell,
        kills: 8,
        random: randomBy(seed),
      });
      expect(count.kills).toBe(8);
      expect(count.faults).toEqual([]);
    };
    if (missing) it.skip(name, () => undefined);
    else testWithShell(shell, name, body, 180_000);
  }

  (missing ? it.skip : it)(
    `of drivers leave each command of a plan done once (seed ${seed})`,
    async () => {
      const world = new CliWorld();
      try {
        const random = randomBy(seed);
        const { yaml, lines } = killablePlan("short", 12, ["bash", "bash", "bash"], random);
        const file = world.write("plan.yaml", yaml);
        // A busy machine may need long to get a runner past its start: each is given more time than the one before.
        let patience = 300;
        const end = await killRunners(
          world,
          ["do", "short", "--plan", file],
          { WSH_ORCHESTRATOR_SERVER: running.address },
          () => (patience += 150) - random() * 300,
        );
        expect(end).toMatchObject({ code: 0 });
        expect(faultsOf(world, "short", lines)).toEqual([]);
      } finally {
        await world.close();
      }
    },
    180_000,
  );
});

describe("the built-in server, killed under its projects", () => {
  let world: CliWorld;
  beforeAll(() => {
    world = new CliWorld();
  });
  afterAll(() => world.close());

  const text = (name: string): string => {
    try {
      return readFileSync(join(world.workspace, name), "utf8");
    } catch {
      return "";
    }
  };
  const questions = (project: string): ContextEntry[] =>
    world.entries(project).filter((entry) => entry.human_attention_needed === true);
  const discovery = join("run", "runtime", "server.json");
  const record = (): { pid: number; server_id: string; started_at: string } =>
    JSON.parse(readFileSync(join(world.root, discovery), "utf8")) as {
      pid: number;
      server_id: string;
      started_at: string;
    };
  const kill = async (): Promise<void> => {
    const server = record();
    process.kill(server.pid, "SIGKILL");
    await until("it is gone", async () => (await findProcess(server)) === "gone");
  };

  it("is started anew by the next do, which asks about what ran and goes on after the answer", async () => {
    const args = [
      "do",
      "cut",
      ...["echo one >> cut.log", "echo two >> cut.log; sleep 60", "echo three >> cut.log"].flatMap((run) => [
        "--run",
        run,
      ]),
    ];
    const running = world.start(args);
    await until("the second command runs", () => text("cut.log").includes("two"));
    const first = record();
    await kill();
    const ended = await running.done;
    expect(ended.code).toBe(3);
    for (let round = 0; round < 2; round++) expect((await world.run(["do", "cut"])).code).toBe(3);
    expect(questions("cut")).toHaveLength(1);
    expect((await world.run(["answer", questions("cut")[0]?.id ?? "", "done"])).code).toBe(0);
    expect((await world.run(["do", "cut"])).code).toBe(0);
    expect(record().server_id).not.toBe(first.server_id);
    expect(text("cut.log")).toBe("one\ntwo\nthree\n");
    expect(world.entries("cut").filter((entry) => entry.kind === "session" && entry.event === "lost")).toHaveLength(1);
  });

  it("and everything else with it, as by a power cut: its files name a process of somebody else now, and nothing stands in the way", async () => {
    const running = world.start([
      "do",
      "power",
      "--run",
      "echo one >> power.log",
      "--run",
      "echo two >> power.log; sleep 60",
      "--run",
      "echo three >> power.log",
    ]);
    await until("the second command runs", () => text("power.log").includes("two"));
    running.child.kill("SIGKILL");
    await running.done;
    const left = readFileSync(join(world.root, discovery), "utf8");
    await kill();
    // What stays behind: the socket, the record of the server with a pid that another process has now, and a lock that
    // never got its content.
    const other = spawn("sleep", ["600"], { stdio: "ignore" });
    writeFileSync(join(world.root, discovery), JSON.stringify({ ...(JSON.parse(left) as object), pid: other.pid }));
    const lock = join(world.root, "run/data/start.lock");
    writeFileSync(lock, "");
    utimesSync(lock, new Date(Date.now() - 3_600_000), new Date(Date.now() - 3_600_000));
    const before = world.entries("power").filter((entry) => entry.kind === "command").length;
    const result = await world.run(["do", "power"]);
    expect(result.stderr).not.toContain("start.lock");
    expect(result.code).toBe(3);
    expect(world.entries("power").filter((entry) => entry.kind === "command")).toHaveLength(before);
    expect(questions("power")).toHaveLength(1);
    await world.run(["answer", questions("power")[0]?.id ?? "", "done"]);
    expect((await world.run(["do", "power"])).code).toBe(0);
    expect(text("power.log")).toBe("one\ntwo\nthree\n");
    expect(other.exitCode ?? other.signalCode).toBeNull();
    other.kill();
  });
});
