import { describe, expect, it } from "vitest";
import { type AgentWorld, agentWorld, type FakeAgent, pass, passes } from "../../support/fakeAgent";

describe("a prompt whose process ended", () => {
  /** Typed by one that ends at some moment: the agent is as it was then. `entered`: so often Enter was typed since. */
  async function after(cut: (fake: FakeAgent) => unknown, entered?: number): Promise<AgentWorld> {
    const here = await agentWorld();
    here.fake.turnMs = undefined;
    if (entered !== undefined) here.fake.entered = 5;
    const stop = new AbortController();
    const typed = here.type("Fix it, please.", { leave: stop.signal });
    await pass(here.clock, 1300);
    stop.abort();
    await passes(here.clock, typed).catch(() => undefined);
    Object.assign(here.fake, { draft: "", transcript: [], working: false });
    if (entered !== undefined) here.fake.entered = 5 + entered;
    here.fake.typed.length = 0;
    cut(here.fake);
    here.fake.changed();
    return here;
  }

  const asSent = (fake: FakeAgent): unknown => fake.transcript.push("› Fix it, please.", "• Done.");
  it.each([
    ["was not typed where nobody has typed Enter", () => undefined, 0, "not_typed"],
    [
      "was not typed where its agent works at something else",
      (fake: FakeAgent) => (fake.working = true),
      0,
      "not_typed",
    ],
    ["is unknown where all looks as before and nobody counts", () => undefined, undefined, "unknown"],
    ["is unknown where all looks as before and Enter was typed", () => undefined, 1, "unknown"],
    ["was entered where Enter was typed since", (fake: FakeAgent) => (fake.draft = "Fix it, please."), 1, "entered"],
    ["was typed where all of it stands there", (fake: FakeAgent) => (fake.draft = "Fix it, please."), 0, "typed"],
    ["is unknown where a part of it stands there", (fake: FakeAgent) => (fake.draft = "Fix it"), 0, "unknown"],
    ["is unknown where more stands there", (fake: FakeAgent) => (fake.draft = "Fix it, please. Now"), 0, "unknown"],
    ["was taken where the agent works", (fake: FakeAgent) => (fake.working = true), undefined, "taken"],
    ["was taken where its text was sent", asSent, undefined, "taken"],
    [
      "was taken where Enter was typed and it is gone",
      (fake: FakeAgent) => fake.transcript.push("• Done."),
      1,
      "taken",
    ],
    [
      "is unknown where something else happened",
      (fake: FakeAgent) => fake.transcript.push("• A note."),
      undefined,
      "unknown",
    ],
    ["is unknown where a shell is in front", (fake: FakeAgent) => (fake.foreground = "bash"), 1, "unknown"],
  ])("%s", async (_what, cut, entered, is) => {
    const { fake, standing } = await after(cut, entered);
    expect(await standing("Fix it, please.")).toMatchObject({ is });
    expect(fake.typed).toEqual([]);
  });

  it("was not typed where nothing came since it was written down", async () => {
    const { clock, fake, intents, standing, type } = await agentWorld();
    fake.tellsActivity = true;
    clock.advance(5000);
    fake.type = () => {
      throw new Error("The process ends here.");
    };
    await expect(passes(clock, type("Fix it, please."))).rejects.toThrow("ends here");
    expect(intents).toHaveLength(1);
    clock.advance(1000);
    expect(await standing("Fix it, please.")).toMatchObject({ is: "not_typed" });
  });

  it("is known by its key where the record has hidden a secret of it", async () => {
    const { standing } = await after((fake) => (fake.draft = "Fix it, please."));
    expect(await standing("Fix it, [hidden].")).toMatchObject({ is: "typed" });
  });

  it.each([
    ["typed", (fake: FakeAgent) => (fake.draft = "Fix it, please."), 0, 150],
    ["taken", asSent, 1, 150],
    // Its key may be on its way.
    ["not_typed", () => undefined, 0, 450],
  ])(
    "is known to be %s without a long look where its server says how long it stands so",
    async (is, cut, entered, most) => {
      const { clock, fake, standing } = await after(cut, entered);
      fake.tellsActivity = true;
      clock.advance(1000);
      const begun = clock.monotonic();
      expect(await standing("Fix it, please.")).toMatchObject({ is });
      expect(clock.monotonic() - begun).toBeLessThanOrEqual(most);
      if (is === "not_typed") expect(clock.monotonic() - begun).toBeGreaterThanOrEqual(300);
    },
  );

  it("is not taken for one of before that had the same words", async () => {
    const here = await agentWorld();
    await passes(here.clock, here.type("Go on."));
    const stop = new AbortController();
    here.fake.onEnter = () => false;
    const typed = here.type("Go on.", { leave: stop.signal });
    await pass(here.clock, 1300);
    stop.abort();
    await passes(here.clock, typed).catch(() => undefined);
    here.fake.draft = "";
    here.fake.proposal = "Ask Codex something else";
    here.fake.changed();
    expect(here.intents.at(-1)?.times_shown).toBe(1);
    expect((await here.standing("Go on.")).is).toBe("unknown");
    here.fake.transcript.push("› Go on.");
    here.fake.changed();
    expect((await here.standing("Go on.")).is).toBe("taken");
  });

  it("was typed where the composer shows the end of a long one, or a sign for a paste of its length", async () => {
    const lines = Array.from({ length: 60 }, (_, line) => `This is line ${line} of what there is to do.`);
    for (const draft of [lines.slice(-12).join("\n"), "[Pasted text #1 +59 lines]"]) {
      const { standing } = await after((fake) => (fake.draft = draft));
      expect((await standing(lines.join("\n"))).is).toBe("typed");
      expect((await standing(`${lines.join("\n")}\nAnd more.`)).is).toBe("unknown");
    }
  });

  it.each([
    ["at once where its agent was seen to work at it", true, [], false, 0, 2000],
    ["at once where an answer stands below it", false, ["• Done."], false, 0, 2000],
    ["at once where its server says that nothing came since long ago", false, [], true, 0, 200],
    ["once it has rested where nobody saw that", false, [], false, 4000, 6000],
  ])("is over where it was taken and nothing is drawn any more: %s", async (_, worked, answer, tells, least, most) => {
    const { clock, fake, resume } = await after((each) => each.transcript.push("› Fix it, please.", ...answer));
    fake.tellsActivity = tells;
    clock.advance(4000);
    // What follows the session has looked before, and looks again only when something is drawn.
    const finding = { state: "done_unseen", by: "screen", why: "" } as const;
    const limit = { end: undefined, leftMs: 0, lastedMs: 0 };
    const seen = { finding, seenAt: clock.monotonic(), named: true, limit };
    await pass(clock, 1000);
    const begun = clock.monotonic();
    const states = { of: () => seen, onFound: () => ({ dispose: () => undefined }) };
    const ended = await resume("Fix it, please.", "taken", { states, worked });
    expect(ended).toMatchObject({ end: { outcome: "exited", known_by: "rest" } });
    expect(clock.monotonic() - begun).toBeGreaterThanOrEqual(least);
    expect(clock.monotonic() - begun).toBeLessThan(most);
  });

  it("is entered where it stands, once", async () => {
    const { clock, fake, resume } = await after((each) => (each.draft = "Fix it, please."));
    fake.turnMs = 2000;
    const { end } = await resume("Fix it, please.", "typed");
    expect(end).toMatchObject({ outcome: "exited", known_by: "rest" });
    expect([fake.typed, fake.taken]).toEqual([["\r"], ["Fix it, please."]]);
    expect(clock.pending).toBeLessThan(5);
  });

  it.each([["entered"], ["typed"]] as const)("is not entered twice by a process that finds it %s", async (stage) => {
    const { clock, fake, resume } = await after((each) => (each.draft = "Fix it, please."), 1);
    fake.turnMs = 2000;
    // The agent takes the Enter of the other process only now: right before it would be typed here.
    const take = (): void => {
      fake.draft = "";
      fake.changed();
    };
    fake.onAsked = stage === "typed" ? take : undefined;
    if (stage === "entered") clock.after(1000, take);
    clock.after(1500, () => {
      fake.transcript.push("› Fix it, please.");
      fake.working = true;
      fake.changed();
    });
    clock.after(5000, () => fake.finish());
    const { end } = await resume("Fix it, please.", stage);
    expect(end).toMatchObject({ outcome: "exited", known_by: "rest" });
    expect(fake.typed).toEqual([]);
  });

  it("is followed to its end where it was taken, and nothing is typed", async () => {
    const { clock, fake, resume } = await after((each) => (each.working = true));
    const ended = resume("Fix it, please.", "taken");
    clock.after(5000, () => fake.finish());
    expect((await ended).end).toMatchObject({ outcome: "exited", known_by: "rest" });
    expect(fake.typed).toEqual([]);
  });
});
