import { describe, expect, it } from "vitest";
import { AgentLeft } from "../../../src/core/command/agentReady";
import { ProgramNotReady } from "../../../src/core/command/programNotReady";
import { agentWorld, dialog, type FakeAgent, pass, passes, pasted } from "../../support/fakeAgent";

describe("a prompt", () => {
  it("is pasted, entered apart from that, and followed to the end of its turn", async () => {
    const { clock, fake, intents, type } = await agentWorld();
    const { end } = await passes(clock, type("Fix it.\nAll of it."));
    expect(end).toMatchObject({ outcome: "exited", known_by: "rest" });
    expect(fake.typed).toEqual(["\x1b[200~Fix it.\nAll of it.\x1b[201~", "\r"]);
    expect(fake.taken).toEqual(["Fix it.\nAll of it."]);
    expect(intents).toMatchObject([{ typed_as: "prompt" }]);
    expect(intents[0]?.typed).toBeDefined();
    expect(intents[0]?.screen).toBeDefined();
  });

  it("is typed once more for each time that it is wanted", async () => {
    const { clock, fake, type } = await agentWorld();
    await passes(clock, type("again"));
    await passes(clock, type("again"));
    expect(fake.taken).toEqual(["again", "again"]);
  });

  it("waits until the composer is drawn and has settled", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.drawn = false;
    const typed = type("hello");
    await pass(clock, 20_000);
    fake.drawn = true;
    fake.changed();
    await pass(clock, 600);
    expect(fake.typed).toEqual([]);
    expect((await passes(clock, typed)).end).toMatchObject({ known_by: "rest" });
  });

  it.each([
    ["at once where its server says that it has long stood still", true, 10_000, 0],
    ["once it has settled where something came just now", true, 0, 1000],
    ["once it has been seen to settle where its server says nothing", false, 10_000, 1000],
  ])("is typed %s", async (_what, tells, restsFor, least) => {
    const { clock, fake, type } = await agentWorld();
    fake.tellsActivity = tells;
    clock.advance(10_000 - restsFor);
    fake.changed();
    clock.advance(restsFor);
    const begun = clock.monotonic();
    let typedAt = Infinity;
    const press = fake.type.bind(fake);
    fake.type = (keys) => {
      typedAt = Math.min(typedAt, clock.monotonic());
      press(keys);
    };
    await passes(clock, type("hello"));
    expect(typedAt - begun).toBeGreaterThanOrEqual(least);
    expect(typedAt - begun).toBeLessThanOrEqual(least + 300);
  });

  it.each([
    ["somebody's text stands in the composer", (fake: FakeAgent) => (fake.draft = "my own"), "my own"],
    ["a dialog is open", (fake: FakeAgent) => (fake.dialog = dialog), "asks something: "],
  ])("is not typed where %s, and the person is told what stands there", async (_what, hinder, words) => {
    const { clock, fake, intents, type } = await agentWorld();
    hinder(fake);
    const refused = passes(clock, type("hello"));
    await expect(refused).rejects.toThrow(ProgramNotReady);
    await expect(refused).rejects.toThrow(words);
    expect([fake.typed, intents]).toEqual([[], []]);
  });

  it("waits for the end of a turn that somebody else began", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.working = true;
    const typed = type("hello");
    await pass(clock, 30_000);
    expect(fake.typed).toEqual([]);
    fake.finish();
    await passes(clock, typed);
    expect(fake.taken).toEqual(["hello"]);
  });

  it("is not typed at the shell that the agent has left behind", async () => {
    const { clock, fake, intents, type } = await agentWorld();
    await passes(clock, type("one"));
    fake.foreground = "bash";
    fake.changed();
    const refused = passes(clock, type("rm -rf ."));
    await expect(refused).rejects.toThrow(AgentLeft);
    expect([fake.typed.length, intents.length]).toEqual([2, 1]);
  });

  it("is not typed in the place of something that came after the last look", async () => {
    const { clock, fake, type } = await agentWorld();
    const typed = type("hello", { draftMs: 60_000 });
    await pass(clock, 950);
    fake.draft = "I type";
    fake.changed();
    await pass(clock, 5000);
    expect(fake.typed).toEqual([]);
    fake.draft = "";
    fake.changed();
    await passes(clock, typed);
    expect(fake.taken).toEqual(["hello"]);
  });

  it("is entered where exactly it stands already, and not typed twice", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.draft = "hello there";
    const { end } = await passes(clock, type("hello there"));
    expect(end).toMatchObject({ outcome: "exited", known_by: "rest" });
    expect([fake.typed, fake.taken]).toEqual([["\r"], ["hello there"]]);
  });

  it("is not entered where a dialog opens over it", async () => {
    const { clock, fake, type } = await agentWorld();
    const typed = type("hello");
    await pass(clock, 1500);
    expect(fake.typed).toHaveLength(1);
    fake.dialog = dialog;
    fake.changed();
    const { end } = await passes(clock, typed);
    expect(end.outcome).toBe("unknown");
    expect(end.why).toContain("its text was sent and not entered");
    expect(end.shown?.text).toContain("Would you like to run the following command?");
    expect(fake.typed).toHaveLength(1);
  });

  it("whose turn a person ends is told as stopped, once nothing else is typed there", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.turnMs = undefined;
    const typed = type("hello");
    let isOver = false;
    void typed.finally(() => (isOver = true));
    await pass(clock, 6000);
    fake.stop();
    await pass(clock, 4000);
    fake.draft = "no, rather";
    fake.changed();
    await pass(clock, 4000);
    expect(isOver).toBe(false);
    fake.draft = "";
    fake.changed();
    const { end } = await passes(clock, typed);
    expect(end).toMatchObject({ outcome: "exited", turn: { state: "stopped" } });
    expect(end.turn?.why).toBe(
      'The turn of Codex was ended before it was finished ("■ Conversation interrupted - use /feedback").',
    );
  });

  it("that a person stops and replaces by another one ends with that one's turn", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.turnMs = undefined;
    const typed = type("hello");
    await pass(clock, 6000);
    fake.stop();
    await pass(clock, 2000);
    fake.draft = "do that instead";
    fake.type("\r");
    await pass(clock, 5000);
    fake.finish();
    const { end } = await passes(clock, typed);
    expect(end.turn).toBeUndefined();
    expect(end).toMatchObject({ outcome: "exited", known_by: "rest" });
  });

  it("that stands in the composer again once a person has ended its turn was taken back", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.turnMs = undefined;
    const typed = type("hello");
    await pass(clock, 6000);
    fake.stop("hello");
    const { end } = await passes(clock, typed);
    expect(end).toMatchObject({ outcome: "exited", turn: { state: "withdrawn" } });
  });

  it("has Enter pressed once more where it provably stands there untaken", async () => {
    const { clock, fake, type } = await agentWorld();
    let presses = 0;
    fake.onEnter = () => ++presses === 2;
    const { end } = await passes(clock, type("hello"));
    expect(end).toMatchObject({ known_by: "rest" });
    expect(fake.taken).toEqual(["hello"]);
  });

  it("that stays in the composer is asked about, and never typed again", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.onEnter = () => false;
    const { end } = await passes(clock, type("hello"));
    expect(end).toMatchObject({ outcome: "unknown", why: "its text stands in the composer and is not taken" });
    expect(end.shown?.text).toContain("› hello");
    expect(fake.typed.filter((keys) => pasted.test(keys))).toHaveLength(1);
  });

  it("that is gone from the composer without a trace is asked about", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.onEnter = () => {
      fake.draft = "";
      return false;
    };
    const { end } = await passes(clock, type("hello"));
    expect(end).toMatchObject({
      outcome: "unknown",
      why: "its text is not in the composer any more, and nothing shows whether it was taken",
    });
    expect(fake.typed).toHaveLength(2);
  });

  it("is interrupted by the agent's own key, and known to be when it rests", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.turnMs = undefined;
    const stop = new AbortController();
    const typed = type("hello", { signal: stop.signal });
    await pass(clock, 10_000);
    stop.abort();
    const { end, usable } = await passes(clock, typed);
    expect(fake.typed.at(-1)).toBe("\x1b");
    expect([end.outcome, end.known_by, usable]).toEqual(["interrupted", "rest", true]);
  });

  it("is taken out of the composer where it is stopped before Enter", async () => {
    const { clock, fake, type } = await agentWorld();
    const stop = new AbortController();
    const typed = type("hello", { signal: stop.signal });
    await pass(clock, 1350);
    expect(fake.draft).toBe("hello");
    stop.abort();
    const { end } = await passes(clock, typed);
    expect([fake.draft, fake.taken, end.outcome]).toEqual(["", [], "interrupted"]);
  });

  it("ends with its session", async () => {
    const { clock, fake, type } = await agentWorld();
    fake.turnMs = undefined;
    const typed = type("hello");
    await pass(clock, 5000);
    fake.end();
    expect((await passes(clock, typed)).end).toMatchObject({ outcome: "session_ended" });
  });
});
