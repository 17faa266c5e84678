import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send, type SendRequest, type SendResult } from "../../../src/core/acts/send";
import type { ContextEntry } from "../../../src/core/model/entry";
import { type ErrorCode, OrchestratorError } from "../../../src/core/model/errors";
import { nothingToDo } from "../../../src/core/model/remedy";
import type { FakeTerminal } from "../../support/fakeTerminal";
import { SessionScene } from "./sessionFakes";

let scene: SessionScene;
beforeEach(async () => {
  scene = await SessionScene.open();
});
afterEach(() => scene.close());

const name = "proj-alpha::shell::1";

async function sent(text: string, more: Partial<SendRequest>): Promise<SendResult> {
  const target = await scene.target(name);
  return scene.during(send(target, scene.world, { text, enter: true, wait: false, ...more }));
}

const lastOf = (kind: string) => scene.scene.shared.entries.findLast((entry) => entry.kind === kind);

describe("a command that nobody waits for any more", () => {
  const other = { host: "vm", pid: 77, started_at: "then" };
  const over = (code: ErrorCode): AbortSignal => {
    const leave = new AbortController();
    scene.scene.clock.after(2000, () => leave.abort(new OrchestratorError(code, "Over.", nothingToDo)));
    return leave.signal;
  };
  const leftBy = async (more: Partial<ContextEntry> = {}): Promise<FakeTerminal> => {
    const terminal = await scene.session("shell");
    scene.scene.shared.add({
      kind: "command",
      actor: "human:bob",
      session_name: name,
      command_id: "C0",
      k: "keyshell1",
      n: 0,
      text: "bob: make",
      input: "make",
      ...more,
    });
    await scene.scene.pass();
    return terminal;
  };

  it.each(["timeout", "interrupted"] as const)("goes on, without a key and without a result (%s)", async (code) => {
    const terminal = await scene.session("shell");
    scene.server.shell = () => "runs";
    expect(await sent("sleep 100", { wait: true, leave: over(code) })).toMatchObject({ how: "left", command_id: "C1" });
    expect(terminal.typed.join("")).not.toContain("\x03");
    expect([lastOf("command")?.input, lastOf("result")]).toEqual(["sleep 100", undefined]);
    expect(scene.scene.record.state.openCommands.size).toBe(1);
  });

  it("is interrupted by a stop, and counts as timed out when time is what stopped it", async () => {
    await scene.session("shell");
    scene.server.shell = () => "runs";
    expect(await sent("sleep 100", { wait: true, signal: over("timeout") })).toMatchObject({
      how: "ended",
      report: { outcome: "timed_out" },
    });
  });

  it("gets its result from the next one that finds the prompt, before the next command", async () => {
    await leftBy({ ...other });
    await sent("ls", { wait: true });
    const [result, command] = scene.scene.shared.entries.slice(-3);
    expect(result).toMatchObject({ kind: "result", command_id: "C0", outcome: "unknown" });
    expect(command).toMatchObject({ kind: "command", input: "ls" });
  });

  it.each<[string, Partial<ContextEntry>]>([
    ["it belongs to a task", { task_id: "build" }],
    ["who waits for it lives", { host: "vm", pid: 1, started_at: "x" }],
  ])("is left to others when %s", async (_why, more) => {
    await leftBy(more);
    await sent("ls", { wait: true });
    expect(scene.scene.record.state.openCommands.has("C0")).toBe(true);
  });
});

describe("a session that is busy", () => {
  it("is told about within a second, with what runs there and since when", async () => {
    await scene.session("shell");
    scene.server.shell = () => "runs";
    const soon = (ms: number): AbortSignal => {
      const leave = new AbortController();
      scene.scene.clock.after(ms, () => leave.abort(new OrchestratorError("timeout", "Over.", nothingToDo)));
      return leave.signal;
    };
    await sent("npm test", { wait: true, leave: soon(1000) });
    await scene.scene.pass(60_000);
    const told: string[] = [];
    const begun = scene.scene.clock.now();
    const after: number[] = [];
    const busy = (sentence: string): void => {
      told.push(sentence);
      after.push(scene.scene.clock.now() - begun);
    };
    await expect(sent("ls", { wait: true, busy, leave: soon(5000) })).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringMatching(
        /^shell::1 is busy with "npm test" \(for \d+ \w+\)\. Nothing was sent\.$/,
      ) as string,
    });
    expect(told).toEqual([expect.stringMatching(/^shell::1 is busy with "npm test" \(for \d+ \w+\)\.$/)]);
    expect(after[0]).toBeLessThan(1000);
  });
});
