import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionContext } from "../../src/core/model/session";
import { CliWorld } from "../support/cliWorld";
import { RealWsh } from "../support/realWsh";
import { until } from "../support/until";
import { wshBinaries } from "../support/wshBinaries";

let world: CliWorld;
beforeAll(async () => {
  world = new CliWorld();
  await world.run(["do", "alpha", "--run", "echo hi"]);
});
afterAll(() => world.close());

async function session(...options: string[]): Promise<SessionContext> {
  const { stdout } = await world.run(["status", "alpha", "--json", ...options]);
  const { projects } = JSON.parse(stdout) as { projects: { sessions: SessionContext[] }[] };
  const [found] = projects[0]?.sessions ?? [];
  if (!found) throw new Error(stdout);
  return found;
}

describe("a session that nobody runs", () => {
  it("works while a sent command runs, and is idle once its prompt is back", async () => {
    const sleeps = "printf 'half\\n'; sleep 600";
    expect((await world.run(["send", "shell::1", sleeps])).code).toBe(0);
    await until("quiet", async () => (await session("--quiet-after", "500ms")).last_line === "half");
    expect(await session("--quiet-after", "0")).not.toHaveProperty("quiet_since");
    const words = await world.run(["status", "alpha", "--quiet-after", "500ms"]);
    expect(words.stdout).toMatch(/shell::1 {2}quiet for .* {2}Last line: half/);
    const asked = await world.run(["attention", "--quiet-after", "500ms"]);
    expect(asked.stdout).toMatch(/^No question is open\.\nshell::1 \(alpha\): quiet for /);
    await world.run(["send", "shell::1", "--no-enter", "\u0003"]);
    await until("its prompt", async () => (await session()).state === "idle");
  });

  it("needs confirmation while a sent command asks for it, and is idle once that is answered", async () => {
    expect((await world.run(["send", "shell::1", 'read -p "Proceed? [y/N] " answer'])).code).toBe(0);
    await until("the question", async () => (await session()).state === "waiting");
    expect(await session()).toMatchObject({ state_kind: "confirm", evidence: [{ lines: ["Proceed? [y/N]"] }] });
    const asked = await world.run(["attention"]);
    expect(asked.stdout).toMatch(
      /^No question is open\.\nshell::1 \(alpha\): needs confirmation for .*\. Proceed\? \[y\/N\]\n/,
    );
    await world.run(["send", "shell::1", "y"]);
    await until("its prompt", async () => (await session()).state === "idle");
  });

  it("that ended is said to have ended, how, and what to do, by each command that names it", async () => {
    await world.run(["do", "beta", "--run", "echo hi"]);
    await world.run(["send", "proj-beta::shell::1", "echo boom; exit 3"]);
    const how = 'the session ended with exit code 3. Last output: "boom".';
    const over = `Error: proj-beta::shell::1 no longer exists: ${how} Its log is kept.`;
    await until("its end", async () => (await world.run(["pull", "proj-beta::shell::1"])).stderr.startsWith(over));
    for (const command of [
      ["send", "beta::shell::1", "echo again"],
      ["send", "beta::shell::1", "echo again", "--wait"],
      ["pull", "beta::shell::1", "--follow"],
      ["kill", "beta::shell::1", "--yes"],
    ]) {
      const { code, stderr } = await world.run(command);
      expect([code, stderr.split("\n")]).toEqual([
        5,
        [
          over,
          "See what happened with: wsh-orchestrator log beta --session proj-beta::shell::1",
          "Start another one with: wsh-orchestrator assign beta shell --run COMMAND",
          "",
        ],
      ]);
    }
    const waited = await world.run(["wait", "beta::shell::1"]);
    expect([waited.code, waited.stdout]).toEqual([0, `proj-beta::shell::1: ended. T${how.slice(1)}\n`]);
    const next = await world.run(["assign", "beta", "shell", "--run", "echo next"]);
    expect(next.stderr).toContain('shell::1      ended with exit code 3. Last output: "boom".');
    expect((await world.run(["send", "beta::shell::1", "true", "--wait"])).code).toBe(0);
  });

  it("is lost when its server is killed, and the project runs again", async () => {
    const { pid } = JSON.parse((await world.run(["wsh-server", "status", "--json"])).stdout) as { pid: number };
    process.kill(pid, "SIGKILL");
    await until("the loss", async () => (await session()).state === "lost");
    const status = await world.run(["status"]);
    expect(status.stderr).toContain(
      "alpha: The built-in session server ended, and its sessions with it. Lost: shell::1. The log is kept.",
    );
    expect((await world.run(["do", "alpha", "--again"])).code).toBe(0);
    expect((await session()).state).toBe("idle");
  });

  const wsh = wshBinaries().at(-1);
  it.skipIf(wsh === undefined)(
    `is lost when its wsh is killed, and the project runs on another server${wsh === undefined ? " [not run: WSH_BIN is not set]" : ""}`,
    async () => {
      const server = await RealWsh.start(wsh ?? "");
      const env = { WSH_ORCHESTRATOR_SERVER: undefined };
      expect((await world.run(["do", "gamma", "--run", "echo hi", "--server", server.address], { env })).code).toBe(0);
      const gamma = async (): Promise<string> => (await world.run(["sessions", "gamma"], { env })).stdout;
      expect(await gamma()).toMatch(/^proj-gamma::shell::1\tidle\t/);
      await server.stop();
      const ended = `The session server at ${server.address} ended, and its sessions with it.`;
      await until("the loss", async () => (await gamma()).startsWith("proj-gamma::shell::1\tlost\t"));
      const { stderr } = await world.run(["status"], { env });
      expect(stderr).toContain(`gamma: ${ended} Lost: shell::1. The log is kept.`);
      expect(stderr).toContain(
        `Start the server at ${server.address}, then run: wsh-orchestrator do gamma --again; ` +
          "or run it on the built-in one: wsh-orchestrator do gamma --again --server builtin",
      );
      for (const command of [
        ["pull", "gamma::shell::1"],
        ["send", "gamma::shell::1", "x"],
      ]) {
        const { code, stderr: said } = await world.run(command, { env });
        expect([code, said.split("\n")[0]]).toEqual([4, `Error: ${ended}`]);
      }
      expect((await world.run(["do", "gamma", "--again", "--server", "builtin"], { env })).code).toBe(0);
      expect(await gamma()).toMatch(/^proj-gamma::shell::1\tidle\t/);
    },
  );
});
