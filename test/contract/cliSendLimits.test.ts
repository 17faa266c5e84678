import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliWorld } from "../support/cliWorld";
import { until } from "../support/until";

/** A command that is waited for: for how long, and what becomes of it when nobody waits any more. */
let world: CliWorld;
beforeAll(async () => {
  world = new CliWorld();
  expect(await world.run(["do", "alpha", "--role", "builder", "--run", "true"])).toMatchObject({ code: 0 });
});
afterAll(() => world.close());

const session = "builder::1";
const of = (input: string) => {
  const command = world.entries("alpha").findLast((entry) => entry.kind === "command" && entry.input === input);
  const result = world
    .entries("alpha")
    .find((entry) => entry.kind === "result" && entry.command_id === command?.command_id);
  return { command, result };
};
/** Its keys are sent a moment after it is in the record: it runs once it has printed its first line. */
const hasBegun = (line: string): Promise<unknown> =>
  until(`${line} is printed`, async () => (await world.run(["pull", session])).stdout.split(/\r?\n/).includes(line));
/** Ends what runs there, so that the next test finds a prompt. */
const stop = async (): Promise<void> => {
  await world.run(["send", session, "--no-enter", "\u0003"]);
  await world.run(["wait", session, "--timeout", "20s"]);
};

describe("send --wait", () => {
  it("stops waiting when the time is up, says what still runs, and leaves it alone", async () => {
    const { code, stderr } = await world.run(["send", session, "sleep 60", "--wait", "--timeout", "1s"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^Error: "sleep 60" still runs in builder::1, since \d\d:\d\d:\d\d \(for \d+ s\)\.$/m);
    expect(stderr).toContain("wsh-orchestrator wait proj-alpha::builder::1");
    const status = (await world.run(["status", "alpha"])).stdout;
    expect(status).toMatch(/builder::1 +working/);
    // Another one is told what is in its way.
    const busy = await world.run(["send", session, "echo never", "--wait", "--timeout", "2s"]);
    expect(busy.code).toBe(3);
    expect(busy.stderr).toMatch(/builder::1 is busy with "sleep 60" \(for \d+ s\)\. Waiting for its prompt/);
    expect(busy.stderr).toMatch(/is busy with "sleep 60" \(for \d+ s\)\. Nothing was sent\./);
    expect(of("echo never").command).toBeUndefined();
    await stop();
    expect(of("sleep 60").result).toMatchObject({ outcome: "exited", exit_code: 130 });
  });

  it("answers a program with what it knows", async () => {
    const { code, stdout, stderr } = await world.run([
      "send",
      session,
      "sleep 61",
      "--wait",
      "--timeout",
      "1s",
      "--json",
    ]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: null, still_running: true });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "timeout" } });
    await stop();
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("leaves the command alone on %s, and says so", async (signal) => {
    const input = `echo begun on ${signal}; sleep 2`;
    const waiting = world.start(["send", session, input, "--wait"]);
    await hasBegun(`begun on ${signal}`);
    waiting.child.kill(signal);
    const { code, stderr } = await waiting.done;
    expect(code).toBe(130);
    expect(stderr).toContain(`"${input}" still runs in builder::1`);
    expect(of(input).result).toBeUndefined();
    expect((await world.run(["wait", session, "--timeout", "20s"])).code).toBe(0);
    expect(of(input).result).toMatchObject({ outcome: "exited", exit_code: 0, known_by: "probe" });
  });

  it("has its result from the next command when it was killed", async () => {
    const input = "echo begun seven; sleep 1; sh -c 'exit 7'";
    const waiting = world.start(["send", session, input, "--wait"]);
    await hasBegun("begun seven");
    waiting.child.kill("SIGKILL");
    await waiting.done;
    expect(await world.run(["send", session, "echo next", "--wait"])).toMatchObject({ code: 0, stdout: "next\n" });
    expect(of(input).result).toMatchObject({ outcome: "exited", exit_code: 7 });
  });

  it("interrupts the command when it is told to", async () => {
    const late = await world.run(["send", session, "sleep 62", "--wait", "--timeout", "1s", "--interrupt"]);
    expect(late.code).toBe(3);
    expect(late.stderr).toMatch(/^Timed out after .* and was interrupted with Ctrl-C\.$/m);
    expect(of("sleep 62").result).toMatchObject({ outcome: "timed_out", means: "ctrl_c" });
    const waiting = world.start(["send", session, "echo begun last; sleep 63", "--wait", "--interrupt"]);
    await hasBegun("begun last");
    waiting.child.kill("SIGTERM");
    expect((await waiting.done).code).toBe(130);
    expect(of("echo begun last; sleep 63").result).toMatchObject({ outcome: "interrupted", means: "ctrl_c" });
  });

  it("takes neither option without --wait", async () => {
    expect((await world.run(["send", session, "true", "--timeout", "1s"])).code).toBe(2);
    expect((await world.run(["send", session, "true", "--interrupt"])).code).toBe(2);
  });
});
