import { describe, expect, it } from "vitest";
import type { MouseAct } from "../../../src/protocol/mouseReport";
import { MirrorWorld } from "./mirrorHarness";

const press: MouseAct = {
  action: "press",
  button: "left",
  row: 0,
  col: 4,
  x: 30,
  y: 3,
  shift: false,
  alt: false,
  ctrl: false,
  lines: 0,
};
const web = { text: "x", target: { kind: "address", address: "https://a.example/" }, given: false } as const;

async function shown(modes: readonly number[] | undefined): Promise<MirrorWorld> {
  const world = new MirrorWorld();
  await world.show();
  world.screen("vim", modes);
  return world;
}

describe("the mouse over a mirror", () => {
  it("goes to a program that asked for it, as keys do, while the keyboard is taken", async () => {
    const world = await shown([1000, 1006]);
    await world.say("mouse", press);
    expect(world.typed).toEqual([]);
    await world.ask("takeKeyboard", {});
    await world.say("mouse", press);
    expect(world.typed).toEqual(["\x1b[<0;5;1M"]);
    await world.ask("giveKeyboard", {});
    await world.say("mouse", press);
    expect(world.typed).toHaveLength(1);
    expect(world.record.map(({ kind }) => kind)).toHaveLength(2);
    expect(JSON.stringify(world.record)).not.toContain("<0;5");
  });

  it("goes nowhere once the program does not want it, whatever the page has in mind", async () => {
    const world = await shown([1000, 1006]);
    await world.ask("takeKeyboard", {});
    for (const modes of [[], [1006], [2004], undefined]) {
      world.screen("$", modes);
      await world.say("mouse", press);
    }
    expect(world.typed).toEqual([]);
  });

  it("comes as bytes where a program wants bytes", async () => {
    const world = await shown([1000]);
    await world.ask("takeKeyboard", {});
    await world.say("mouse", { ...press, col: 150 });
    expect(world.bytes.map((bytes) => [...bytes])).toEqual([[0x1b, 0x5b, 0x4d, 32, 183, 33]]);
  });

  it("is nothing but what a mouse can do", async () => {
    const world = await shown([1000, 1006]);
    await world.ask("takeKeyboard", {});
    for (const wrong of [
      { ...press, col: -1 },
      { ...press, action: "rm -rf" },
      { ...press, text: "rm" },
      { ...press, row: 0.5 },
    ])
      await world.say("mouse", wrong as MouseAct);
    expect(world.typed).toEqual([]);
  });
});

describe("what a menu does in a mirror", () => {
  it("pastes what the clipboard has as a paste, and only while the keyboard is taken", async () => {
    const world = await shown([2004]);
    world.clipboard = "one\ntwo\u001b[201~";
    expect(await world.ask("pasteClipboard", {})).toMatchObject({ kind: "refusal" });
    await world.ask("takeKeyboard", {});
    await world.ask("pasteClipboard", {});
    expect(world.typed).toEqual(["\x1b[200~one\rtwo[201~\x1b[201~"]);
  });

  it("is done by a page that is only being made once it is there", async () => {
    const world = new MirrorWorld();
    world.mirror.visible = true;
    world.mirror.act("takeKeyboard");
    expect(world.told()).toEqual([]);
    await world.show();
    expect(world.told()).toEqual(["status", "act", "picture", "status"]);
  });

  it("opens what is a link, and nothing that is none", async () => {
    const world = await shown([]);
    await world.ask("openLink", web);
    expect(world.opened).toEqual([web]);
    for (const wrong of [
      { ...web, target: { kind: "command", command: "x" } },
      { text: "x" },
      { ...web, target: { kind: "file", path: "" } },
    ])
      expect(await world.ask("openLink", wrong as never)).toMatchObject({ kind: "refusal" });
    expect(world.opened).toHaveLength(1);
    expect(await world.ask("openable", { targets: [web.target] })).toMatchObject({ result: { openable: [true] } });
  });
});
