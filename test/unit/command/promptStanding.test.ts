import { describe, expect, it } from "vitest";
import { type AgentWorld, agentWorld, type FakeAgent, pass, passes } from "../../support/fakeAgent";

describe("a prompt whose process ended", () => {
  /** Typed by one that ends at some moment: the agent is as it was then. */
  async function after(cut: (fake: FakeAgent) => void): Promise<AgentWorld> {
    const here = await agentWorld();
    here.fake.turnMs = undefined;
    const stop = new AbortController();
    const typed = here.type("Fix it, please.", { leave: stop.signal });
    await pass(here.clock, 1300);
    stop.abort();
    await passes(here.clock, typed).catch(() => undefined);
    Object.assign(here.fake, { draft: "", transcript: [], working: false });
    here.fake.typed.length = 0;
    cut(here.fake);
    here.fake.changed();
    return here;
  }

  it.each([
    ["was not typed where all is as it was before", () => undefined, "not_typed"],
    [
      "was typed where all of it stands in the composer",
      (fake: FakeAgent) => (fake.draft = "Fix it, please."),
      "typed",
    ],
    ["is unknown where a part of it stands there", (fake: FakeAgent) => (fake.draft = "Fix it"), "unknown"],
    ["is unknown where more stands there", (fake: FakeAgent) => (fake.draft = "Fix it, please. Now"), "unknown"],
    ["was taken where the agent works", (fake: FakeAgent) => (fake.working = true), "taken"],
    [
      "was taken where its text was sent",
      (fake: FakeAgent) => fake.transcript.push("› Fix it, please.", "• Done."),
      "taken",
    ],
    ["is unknown where something else happened", (fake: FakeAgent) => fake.transcript.push("• A note."), "unknown"],
    ["is unknown where a shell is in front", (fake: FakeAgent) => (fake.foreground = "bash"), "unknown"],
  ])("%s", async (_what, cut, is) => {
    const { fake, standing } = await after(cut);
    expect(await standing("Fix it, please.")).toMatchObject({ is });
    expect(fake.typed).toEqual([]);
  });

  it("is known by its key where the record has hidden a secret of it", async () => {
    const { standing } = await after((fake) => (fake.draft = "Fix it, please."));
    expect(await standing("Fix it, [hidden].")).toMatchObject({ is: "typed" });
  });

  it.each([
    ["at once where its agent was seen to work at it", true, 2000],
    ["once it has rested where nobody saw that", false, 6000],
  ])("is over where it was taken and nothing is drawn any more: %s", async (_what, worked, most) => {
    const { clock, resume } = await after((fake) => fake.transcript.push("› Fix it, please.", "• Done."));
    // What follows the session has looked before, and looks again only when something is drawn.
    const finding = { state: "done_unseen", by: "screen", why: "" } as const;
    const limit = { end: undefined, leftMs: 0, lastedMs: 0 };
    const seen = { finding, seenAt: clock.monotonic(), named: true, limit };
    await pass(clock, 1000);
    const begun = clock.monotonic();
    const states = { of: () => seen, onFound: () => ({ dispose: () => undefined }) };
    const ended = await resume("Fix it, please.", "taken", { states, worked });
    expect(ended).toMatchObject({ end: { outcome: "exited", known_by: "rest" } });
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

  it("is followed to its end where it was taken, and nothing is typed", async () => {
    const { clock, fake, resume } = await after((each) => (each.working = true));
    const ended = resume("Fix it, please.", "taken");
    clock.after(5000, () => fake.finish());
    expect((await ended).end).toMatchObject({ outcome: "exited", known_by: "rest" });
    expect(fake.typed).toEqual([]);
  });
});
