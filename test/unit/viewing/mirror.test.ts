import { describe, expect, it } from "vitest";
import { deferred } from "../../../src/core/base/async";
import { OrchestratorError } from "../../../src/core/model/errors";
import { MirrorWorld } from "./mirrorHarness";
import { nothingToDo } from "../../../src/core/model/remedy";

const events = (world: MirrorWorld): (string | null | undefined)[] => world.record.map(({ event }) => event);

describe("a mirror's keyboard", () => {
  it("is taken, sends keys in their order, and is given back; the record has both", async () => {
    const world = new MirrorWorld();
    await world.show();
    const first = deferred<undefined>();
    world.sending = () => first.promise.then(() => undefined);
    expect(await world.ask("takeKeyboard", {})).toMatchObject({ kind: "answer" });
    for (const key of ["l", "s", "\r"]) await world.types(key);
    expect(world.typed).toEqual([]);
    first.resolve(undefined);
    await world.settled();
    // What was typed while the first was under way went together.
    expect(world.typed).toEqual(["l", "s\r"]);
    await world.ask("giveKeyboard", {});
    expect(events(world)).toEqual(["attached", "detached"]);
    expect(world.typing).toEqual([true, false]);
    await world.types("x");
    expect(world.typed).toHaveLength(2);
    expect(world.told()).toContain('keyboard {"taken":false}');
  });

  it("is given back when the page is hidden, after what was typed is sent", async () => {
    const world = new MirrorWorld();
    await world.show();
    await world.ask("takeKeyboard", {});
    await world.types("a");
    world.mirror.visible = false;
    expect(world.mirror.isTyping).toBe(false);
    await world.settled();
    expect([world.typed, events(world)]).toEqual([["a"], ["attached", "detached"]]);
  });

  it("is not taken when the page is hidden before the session is reached", async () => {
    for (const leave of [
      (world: MirrorWorld) => void (world.mirror.visible = false),
      (world: MirrorWorld) => world.mirror.dispose(),
    ]) {
      const world = new MirrorWorld();
      await world.show();
      const reaching = deferred<undefined>();
      world.reaching = reaching.promise;
      await world.ask("takeKeyboard", {});
      leave(world);
      reaching.resolve(undefined);
      await world.settled();
      expect([world.mirror.isTyping, events(world), world.typing.includes(true)]).toEqual([false, [], false]);
    }
  });

  it("is not taken by a request that comes when the page is hidden already", async () => {
    const world = new MirrorWorld();
    await world.show();
    world.mirror.visible = false;
    expect(await world.ask("takeKeyboard", {})).toMatchObject({ kind: "refusal" });
    expect([world.mirror.isTyping, events(world)]).toEqual([false, []]);
  });

  it("is taken once by a person who asks twice, and not at all when they give it back meanwhile", async () => {
    const world = new MirrorWorld();
    await world.show();
    const reaching = deferred<undefined>();
    world.reaching = reaching.promise;
    await world.ask("takeKeyboard", {});
    await world.ask("giveKeyboard", {});
    await world.ask("takeKeyboard", {});
    await world.ask("takeKeyboard", {});
    reaching.resolve(undefined);
    await world.settled();
    expect([world.mirror.isTyping, events(world)]).toEqual([true, ["attached"]]);
    const kinds = world.posted.filter(({ id }) => id !== undefined).map(({ kind }) => kind);
    expect(kinds).toEqual(["answer", "answer", "refusal", "answer", "answer"]);
  });

  it("is lost, and the person told, when the server takes no more keys", async () => {
    const world = new MirrorWorld();
    await world.show();
    await world.ask("takeKeyboard", {});
    world.told();
    const failure = new OrchestratorError("input_unconfirmed", "Nobody knows.", nothingToDo);
    world.sending = () => Promise.reject(failure);
    await world.types("a");
    await world.types("b");
    expect([world.mirror.isTyping, world.failures, world.typed]).toEqual([false, [failure], []]);
    expect(world.told()).toEqual(['keyboard {"taken":false}', 'keyboard {"taken":false}']);
    expect(events(world)).toEqual(["attached", "detached"]);
  });

  it("is taken although the record cannot be written, which is logged", async () => {
    const world = new MirrorWorld();
    await world.show();
    world.unwritable = new Error("The disk is full.");
    expect(await world.ask("takeKeyboard", {})).toMatchObject({ kind: "answer" });
    await world.types("a");
    await world.ask("giveKeyboard", {});
    expect([world.typed, world.failures]).toEqual([["a"], []]);
    expect(world.warned).toEqual(["The disk is full.", "The disk is full."]);
  });

  it("needs trust, and is nobody's where the session cannot be reached", async () => {
    const world = new MirrorWorld();
    await world.show();
    world.trusted.is = false;
    expect(await world.ask("takeKeyboard", {})).toMatchObject({ kind: "refusal", sentence: "Not trusted." });
    world.trusted.is = true;
    world.reaching = Promise.reject(new OrchestratorError("session_not_found", "It is gone.", nothingToDo));
    expect(await world.ask("takeKeyboard", {})).toMatchObject({ kind: "refusal", sentence: "It is gone." });
    world.reaching = Promise.resolve();
    expect(await world.ask("takeKeyboard", {})).toMatchObject({ kind: "answer" });
  });
});

describe("a mirror's page", () => {
  it("gets a whole picture each time it comes, changes between, and nothing while it is hidden", async () => {
    const world = new MirrorWorld();
    await world.show();
    expect(world.told()).toEqual(["status", "picture", "status"]);
    world.screen("$ ls");
    expect(world.told()).toEqual(["change"]);
    world.mirror.visible = false;
    world.screen("$ ls -l");
    expect(world.told()).toEqual([]);
    world.mirror.visible = true;
    await world.ask("ready", {});
    world.clock.advance(0);
    expect(world.told()).toEqual(["picture", "status"]);
  });

  it("is told nothing when it was hidden between its question and what follows the answer", async () => {
    const world = new MirrorWorld();
    world.mirror.visible = true;
    await world.ask("ready", {});
    world.mirror.visible = false;
    world.clock.advance(0);
    world.screen("$");
    expect(world.told()).toEqual([]);
  });

  it("is refused with a sentence when there is no history to be had", async () => {
    const world = new MirrorWorld();
    await world.show();
    expect(await world.ask("history", { lines: 10 })).toMatchObject({ kind: "refusal", sentence: "It is gone." });
  });
});
