import { describe, expect, it } from "vitest";
import { minute, says, done, type Turn, Scene, plan } from "./promptScene";

describe("an agent that ends in the middle of a turn", () => {
  const working: Turn = (terminal) => {
    terminal.print("Working (1s)\r\n");
    return "runs";
  };
  /** Kills what works now. */
  const kill = (scene: Scene): void => {
    for (const [name, { over }] of scene.server.terminals) if (!over) scene.server.end(name, null);
  };

  it("is started again in its own conversation, once; then a person is asked", async () => {
    const scene = await Scene.of(plan("", "agent: claude"), (each) => (each.turns = () => working));
    await scene.pass(15_000);
    kill(scene);
    await scene.pass(20_000);
    const [first, second] = [...scene.server.terminals.values()].map(({ spec }) => spec.command ?? "");
    const id = /--session-id (\S+)/u.exec(first ?? "")?.[1] ?? "none";
    expect(second).toContain(`--resume ${id}`);
    expect(scene.prompts).toEqual(["Mend the parser.", expect.stringMatching(/^Your program ended in the middle/)]);
    expect(scene.now.record.state.tasks.get("mend")).toMatchObject({ state: "running", attempts: 1 });
    kill(scene);
    await scene.pass(20_000);
    expect(scene.prompts).toHaveLength(2);
    expect(scene.open.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^mend has an unknown outcome: the session ended during .*; it was started again once already\./,
      ),
    ]);
    await scene.end();
  });

  it("is a person's to decide where nobody knows its conversation", async () => {
    const scene = await Scene.of(plan(), (each) => (each.turns = () => working));
    await scene.pass(15_000);
    kill(scene);
    await scene.pass(20_000);
    expect(scene.prompts).toHaveLength(1);
    expect(scene.open.map(({ text }) => text)).toEqual([
      expect.stringContaining("its conversation cannot be continued: "),
    ]);
    await scene.end();
  });
});

describe("a turn that a person ends in its terminal", () => {
  const stopped = says("Interrupted.\r\n");
  const withCheck = plan(", check: npm test");

  it("is no success: the person is asked, and has the agent continue", async () => {
    const scene = await Scene.of(withCheck, (each) => (each.turns = (_text, n) => (n === 0 ? stopped : done)));
    await scene.pass(minute);
    expect(scene.results).toMatchObject([{ turn: { state: "stopped" } }]);
    expect(scene.open).toMatchObject([{ kind: "blocked", options: ["continue", "done", "skip"] }]);
    expect(scene.open[0]?.text).toBe(
      'mend is blocked: The turn of Codex was ended before it was finished ("Interrupted.").',
    );
    scene.answer(scene.question("mend"), "continue");
    await scene.again(withCheck);
    expect(scene.prompts).toEqual(["Mend the parser.", expect.stringMatching(/^Your last turn was interrupted\./)]);
    expect(scene.state("mend")).toBe("succeeded");
  });

  it("goes on with its check where the person says that it is done", async () => {
    const scene = await Scene.of(withCheck, (each) => (each.turns = () => stopped));
    await scene.pass(minute);
    scene.answer(scene.question("mend"), "done");
    await scene.again(withCheck);
    expect(scene.commands).toEqual(["Mend the parser.", "npm test"]);
    expect(scene.state("mend")).toBe("succeeded");
  });
});

describe("a prompt of which nobody knows whether it was taken", () => {
  /** Nothing that it shows tells. */
  const silent: Turn = (terminal) => {
    terminal.print("Something.\r\n");
    return "runs";
  };

  it("is followed, and not sent again, where a person says that it was", async () => {
    const scene = await Scene.of(plan(), (each) => (each.turns = () => silent));
    await scene.pass(2 * minute);
    expect(scene.open).toMatchObject([{ kind: "blocked", options: ["taken", "retry", "done", "skip"] }]);
    scene.answer(scene.question("mend"), "taken");
    await scene.again(plan());
    expect(scene.state("mend")).toBe("succeeded");
    const typed = [...scene.server.terminals.values()].flatMap(({ commands }) => commands);
    expect(typed).toEqual(["Mend the parser."]);
    expect(scene.entries.map(({ text }) => text)).toContain("mend follows the prompt that its agent has taken.");
  });

  it("is followed in the try in which it was sent", async () => {
    const twice = plan(", check: npm test, attempts: 3");
    const scene = await Scene.of(twice, (each) => {
      each.turns = (_text, n) => (n === 0 ? done : silent);
      each.check = (n) => ({ status: n === 0 ? 1 : 0 });
    });
    await scene.pass(3 * minute);
    expect(scene.now.record.state.tasks.get("mend")).toMatchObject({ state: "unknown", attempts: 2 });
    scene.answer(scene.question("mend"), "taken");
    await scene.again(twice);
    expect(scene.now.record.state.tasks.get("mend")).toMatchObject({ state: "succeeded", attempts: 2 });
  });
});

describe("a prompt whose agent prints nothing for long", () => {
  it("is interrupted by the key of its agent, which Ctrl-C would end", async () => {
    const scene = await Scene.of(plan(", quiet: 10m"), (each) => {
      each.turns = () => (terminal) => {
        terminal.takes = (keys) => keys === "\x1b" && (terminal.finish(0, "Interrupted.\r\n"), true);
        terminal.print("Working (1s)\r\n");
        return "runs";
      };
    });
    await scene.pass(18 * minute);
    expect(scene.open).toMatchObject([{ event: "quiet_asks", options: ["wait", "interrupt"] }]);
    scene.answer(scene.question("mend"), "interrupt");
    await scene.pass(minute);
    const typed = [...scene.server.terminals.values()].flatMap((each) => each.typed);
    expect(typed.filter((keys) => keys === "\x1b" || keys === "\x03")).toEqual(["\x1b"]);
    expect(scene.open).toMatchObject([{ kind: "blocked", options: ["continue", "done", "skip"] }]);
    await scene.end();
  });
});

describe("a turn that takes too long", () => {
  it("is interrupted as its agent understands it, and asked about", async () => {
    const scene = await Scene.of(plan(", timeout: 60s"), (each) => {
      each.turns = () => (terminal) => {
        terminal.takes = (keys) =>
          keys === "\x1b" && (each.clock.after(500, () => terminal.finish(0, "Stopped.\r\n")), true);
        terminal.print("Working (1s)\r\n");
        return "runs";
      };
    });
    await scene.pass(90_000);
    expect([...scene.server.terminals.values()].flatMap(({ typed }) => typed)).toContain("\x1b");
    expect(scene.results.map(({ outcome }) => outcome)).toEqual(["timed_out"]);
    expect(scene.open.map(({ text }) => text)).toEqual([
      expect.stringContaining('mend failed: the prompt "Mend the parser." timed out'),
    ]);
    scene.answer(scene.question("mend"), "retry");
    scene.turns = () => done;
    await scene.again(plan(", timeout: 60s"));
    expect(scene.prompts).toEqual([
      "Mend the parser.",
      expect.stringMatching(/^Your last turn was interrupted\. Please continue/),
    ]);
    expect(scene.state("mend")).toBe("succeeded");
  });
});
