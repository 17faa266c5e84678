import { describe, expect, it } from "vitest";
import { minute, says, done, limited, type Turn, Scene, plan } from "./promptScene";

describe("a limit of an agent", () => {
  const three = `
roles: { coder: { agent: codex, count: 2 }, tester: { agent: codex }, other: { agent: codex, env: { OPENAI_API_KEY: b } } }
tasks:
  - { id: one, role: coder, prompt: one }
  - { id: two, role: coder, prompt: two, needs: [free] }
  - { id: test, role: tester, prompt: test, needs: [free] }
  - { id: free, role: other, prompt: free }`;

  it("parks all tasks of that agent and account, and wakes one first, then the others", async () => {
    const scene = await Scene.of(three, (each) => {
      each.turns = (text) => (text === "one" ? limited : done);
    });
    await scene.pass(5 * minute);
    expect(scene.prompts).toEqual(["one", "free"]);
    expect(scene.state("free")).toBe("succeeded");
    expect(scene.limits).toEqual([
      expect.stringMatching(
        /^Codex has reached its rate limit until \d\d:\d\d; 3 tasks continue by themselves then\.$/,
      ),
    ]);
    expect(scene.open).toEqual([]);
    scene.turns = () => (terminal) => {
      terminal.print("Working (1s)\r\n");
      return "runs";
    };
    await scene.pass(25.7 * minute);
    expect(scene.prompts).toHaveLength(3);
    scene.turns = () => done;
    for (const terminal of scene.server.terminals.values())
      if (terminal.running !== undefined) terminal.finish(0, "Yes.\r\n");
    await scene.pass(2 * minute);
    expect([...scene.prompts].sort()).toEqual([
      expect.stringMatching(/^You had reached a usage limit/),
      "free",
      "one",
      "test",
      "two",
    ]);
    expect(scene.limits.slice(1)).toEqual(["Codex takes prompts again."]);
    expect((await scene.now.result).status).toBe("done");
    expect(scene.now.record.state.tasks.get("one")).toMatchObject({ state: "succeeded", attempts: 1 });
  });

  it("lasts as long for the next runner", async () => {
    const scene = await Scene.of(plan(), (each) => (each.turns = (_text, n) => (n === 0 ? limited : done)));
    await scene.pass(5 * minute);
    await scene.end();
    scene.now = await scene.begin(plan(), { waitForAnswers: true });
    await scene.pass(20 * minute);
    expect(scene.prompts).toEqual(["Mend the parser."]);
    await scene.pass(6 * minute);
    expect(scene.prompts[1]).toMatch(/^You had reached a usage limit/);
    expect(scene.state("mend")).toBe("succeeded");
    expect(scene.limits).toHaveLength(2);
  });

  it("is tried again by and by where a rate limit tells no end, then a person is asked", async () => {
    const scene = await Scene.of(plan(), (each) => (each.turns = () => says("Error: rate limit\r\n")));
    await scene.pass(4 * minute);
    expect(scene.limits).toEqual([
      expect.stringMatching(
        /^Codex has reached its rate limit and does not say until when\. It is tried again at \d\d:\d\d; mend continues by itself then\.$/,
      ),
    ]);
    await scene.pass(90 * minute);
    expect(scene.prompts).toHaveLength(5);
    expect(scene.open.map(({ text }) => text)).toEqual([
      expect.stringContaining("mend is blocked: Codex has reached its rate limit"),
    ]);
    await scene.end();
  });

  it.each([
    ["a quota is used up", "Error: no quota\r\n", "has used up its quota"],
    ["nobody is logged in", "Error: not logged in\r\n", "is not logged in any more"],
  ])("is asked about once where %s: all others wait for that answer", async (_what, error, words) => {
    const scene = await Scene.of(three, (each) => (each.turns = (text) => (text === "free" ? done : says(error))));
    await scene.pass(5 * minute);
    expect(scene.prompts).toEqual(["one", "free"]);
    expect(scene.open.map(({ task_id }) => task_id)).toEqual(["one"]);
    expect(scene.limits).toEqual([`Codex ${words}. 2 other tasks wait for the answer about one.`]);
    scene.turns = () => done;
    scene.answer(scene.question("one"), "skip");
    await scene.pass(3 * minute);
    expect(scene.prompts.slice(2).sort()).toEqual(["test", "two"]);
    expect(scene.limits.slice(1)).toEqual(["Codex takes prompts again."]);
    expect((await scene.now.result).status).toBe("done");
  });

  it.each([
    ["a quota is used up", "Error: no quota\r\n"],
    ["nobody is logged in", "Error: not logged in\r\n"],
  ])("is not asked about again for a turn that met it before the answer: %s", async (_what, error) => {
    const slow: Turn = (terminal, finish) => {
      terminal.print("Working (1s)\r\n");
      // It fails later than the other one, which has its answer by then.
      setLater(() => finish(error));
      return "runs";
    };
    let setLater: (work: () => void) => void = () => undefined;
    const two = `
roles: { coder: { agent: codex, count: 2 } }
tasks: [{ id: one, role: coder, prompt: one }, { id: two, role: coder, prompt: two }]`;
    const scene = await Scene.of(two, (each) => {
      setLater = (work) => void each.clock.after(10_000, work);
      each.turns = (text) => (text === "one" ? says(error) : slow);
    });
    await scene.pass(12_000);
    expect(scene.open.map(({ task_id }) => task_id)).toEqual(["one"]);
    scene.turns = () => done;
    scene.answer(scene.question("one"), "retry");
    await scene.pass(3 * minute);
    expect(scene.entries.filter(({ kind }) => kind === "blocked").map(({ task_id }) => task_id)).toEqual(["one"]);
    expect(scene.results.filter(({ turn }) => turn !== undefined).map(({ task_id }) => task_id)).toEqual([
      "one",
      "two",
    ]);
    expect((await scene.now.result).status).toBe("done");
  });

  const goesOn = /^(You had reached a usage limit|Your last turn ended with an error)/u;
  const asking = [
    ["a quota is used up", "Error: no quota\r\n"],
    ["nobody is logged in", "Error: not logged in\r\n"],
  ] as const;

  it.each(asking)("lets a run that waits for nobody end where %s, and leaves the other tasks", async (_what, error) => {
    const scene = await Scene.of(
      three,
      (each) => (each.turns = (text) => (text === "free" ? done : says(error))),
      false,
    );
    await scene.pass(5 * minute);
    expect((await scene.now.result).status).toBe("waiting");
    expect(scene.open.map(({ task_id }) => task_id)).toEqual(["one"]);
    expect(["two", "test"].map((id) => scene.now.record.state.tasks.get(id))).toMatchObject([
      { state: "pending", attempts: 1, parked_by: "one" },
      { state: "pending", attempts: 1, parked_by: "one" },
    ]);
    expect(scene.entries.find(({ task_id, event }) => task_id === "two" && event === "parked")?.text).toBe(
      "two waits for the answer about one.",
    );
    scene.turns = () => done;
    scene.answer(scene.question("one"), "retry");
    await scene.again(three);
    await scene.pass(3 * minute);
    expect((await scene.now.result).status).toBe("done");
    expect(scene.entries.filter(({ kind }) => kind === "blocked")).toHaveLength(1);
    expect(scene.prompts.slice(2)).toHaveLength(3);
    expect(scene.now.record.state.tasks.get("two")).toMatchObject({ state: "succeeded", attempts: 1 });
  });

  const both = `
roles: { coder: { agent: codex, count: 2 } }
tasks: [{ id: one, role: coder, prompt: one }, { id: two, role: coder, prompt: two }]`;
  /** Both meet it, the second one 10 s later. */
  const meet =
    (error: string) =>
    (scene: Scene): void => {
      scene.server.signs = { echo: false, canonical: false, foreground: undefined, entered: 0 };
      scene.turns = (text) =>
        text === "one"
          ? says(error)
          : (terminal, finish) => {
              terminal.print("Working (1s)\r\n");
              void scene.clock.after(10_000, () => finish(error));
              return "runs";
            };
    };

  it.each(asking)("asks nobody about a task that met it, too, in the next run either: %s", async (_what, error) => {
    const scene = await Scene.of(both, meet(error), false);
    await scene.pass(2 * minute);
    expect((await scene.now.result).status).toBe("waiting");
    expect(scene.now.record.state.tasks.get("two")).toMatchObject({ state: "pending", parked_by: "one" });
    scene.turns = () => done;
    await scene.again(both);
    await scene.pass(2 * minute);
    expect(scene.entries.filter(({ kind }) => kind === "blocked").map(({ task_id }) => task_id)).toEqual(["one"]);
    expect((await scene.now.result).status).toBe("done");
    expect(scene.prompts.slice(2)).toEqual([expect.stringMatching(goesOn), expect.stringMatching(goesOn)]);
  });

  it.each(asking)("is asked about once, also by the runner behind one that was killed: %s", async (_what, error) => {
    const scene = await Scene.of(three, (each) => (each.turns = (text) => (text === "free" ? done : says(error))));
    await scene.pass(5 * minute);
    expect(scene.open.map(({ task_id }) => task_id)).toEqual(["one"]);
    scene.now = await scene.begin(three);
    await scene.pass(5 * minute);
    expect((await scene.now.result).status).toBe("waiting");
    expect(scene.entries.filter(({ kind }) => kind === "blocked").map(({ task_id }) => task_id)).toEqual(["one"]);
    expect(scene.prompts).toEqual(["one", "free"]);
    scene.turns = () => done;
    scene.answer(scene.question("one"), "skip");
    await scene.again(three);
    await scene.pass(3 * minute);
    expect((await scene.now.result).status).toBe("done");
  });

  it.each(asking)(
    "is asked about once where a runner is killed before it has parked a task: %s",
    async (_what, error) => {
      const scene = await Scene.of(both, meet(error));
      let isGone = false;
      // Nothing more of it reaches the disk.
      scene.shared.refusal = ({ task_id, event }) => {
        isGone ||= task_id === "two" && event === "parked";
        return isGone ? new Error("gone") : undefined;
      };
      await scene.pass(2 * minute);
      await scene.now.result.catch(() => undefined);
      expect(isGone).toBe(true);
      expect(scene.now.record.state.tasks.get("two")).toMatchObject({ state: "running" });
      scene.shared.refusal = () => undefined;
      scene.now = await scene.begin(both);
      await scene.pass(2 * minute);
      expect((await scene.now.result).status).toBe("waiting");
      expect(scene.entries.filter(({ kind }) => kind === "blocked").map(({ task_id }) => task_id)).toEqual(["one"]);
      expect(scene.prompts).toHaveLength(2);
    },
  );

  /** What is written before that reaches the disk, what comes then does not, as if the runner had been killed. */
  const killedBefore = async (
    scene: Scene,
    isLast: (entry: { kind: string; event?: string | undefined }) => boolean,
  ): Promise<void> => {
    let isGone = false;
    scene.shared.refusal = (entry) => {
      isGone ||= isLast(entry);
      return isGone ? new Error("gone") : undefined;
    };
    await scene.pass(2 * minute);
    await scene.now.result.catch(() => undefined);
    expect(isGone).toBe(true);
    scene.shared.refusal = () => undefined;
  };
  const tellsLimit = ({ event }: { event?: string | undefined }): boolean => event === "agent_limited";

  it.each(asking)("is asked about once where a runner is killed before it has told of it: %s", async (_what, error) => {
    const scene = await Scene.of(both, meet(error));
    await killedBefore(scene, tellsLimit);
    scene.turns = () => says(error);
    scene.now = await scene.begin(both);
    await scene.pass(2 * minute);
    expect((await scene.now.result).status).toBe("waiting");
    expect(scene.entries.filter(({ kind }) => kind === "blocked").map(({ task_id }) => task_id)).toEqual(["one"]);
    expect(scene.prompts).toHaveLength(2);
    expect(scene.now.record.state.tasks.get("two")).toMatchObject({ state: "pending", parked_by: "one" });
    scene.turns = () => done;
    scene.answer(scene.question("one"), "retry");
    await scene.again(both);
    await scene.pass(2 * minute);
    expect((await scene.now.result).status).toBe("done");
    expect(scene.prompts.slice(2)).toEqual([expect.stringMatching(goesOn), expect.stringMatching(goesOn)]);
  });

  it.each(asking)("is asked about once where turns meet it that nobody follows any more: %s", async (_what, error) => {
    const scene = await Scene.of(both, meet(error));
    await killedBefore(scene, ({ kind }) => kind === "result");
    scene.turns = () => says(error);
    scene.now = await scene.begin(both);
    await scene.pass(2 * minute);
    expect((await scene.now.result).status).toBe("waiting");
    expect(scene.entries.filter(({ kind }) => kind === "blocked")).toHaveLength(1);
    expect(scene.prompts).toHaveLength(2);
  });

  it("lasts as long for the runner behind one that was killed before it has told of it", async () => {
    const scene = await Scene.of(plan(), (each) => (each.turns = (_text, n) => (n === 0 ? limited : done)));
    await killedBefore(scene, tellsLimit);
    scene.now = await scene.begin(plan(), { waitForAnswers: true });
    await scene.pass(20 * minute);
    expect(scene.prompts).toEqual(["Mend the parser."]);
    expect(scene.limits).toEqual([expect.stringMatching(/^Codex has reached its rate limit until \d\d:\d\d; mend/)]);
    await scene.pass(12 * minute);
    expect(scene.prompts[1]).toMatch(goesOn);
    expect(scene.state("mend")).toBe("succeeded");
  });

  it("is a person's at once where a quota is used up", async () => {
    const scene = await Scene.of(plan(), (each) => (each.turns = () => says("Error: no quota\r\n")));
    await scene.pass(minute);
    expect(scene.open.map(({ text }) => text)).toEqual([
      'mend is blocked: Codex has used up its quota ("Error: no quota"), and does not say until when; retry once it has ended.',
    ]);
    await scene.end();
  });
});
