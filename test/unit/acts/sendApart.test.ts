import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send } from "../../../src/core/acts/send";
// It is loaded for the first text: later than time passes here.
import "../../../src/core/command/typeAndEnter";
import { SessionScene } from "./sessionFakes";

let scene: SessionScene;
beforeEach(async () => {
  scene = await SessionScene.open();
});
afterEach(() => scene.close());

const name = "proj-alpha::shell::1";

async function sent(text: string): Promise<void> {
  const target = await scene.target(name);
  await scene.during(send(target, scene.world, { text, enter: true, wait: false }));
}

describe("keys that are sent", () => {
  it.each([
    ["a program that takes each key", { echo: false, canonical: false, foreground: "codex" }, ["hi", "\r"]],
    ["a program that takes lines", { echo: true, canonical: true, foreground: "cat" }, ["hi\r"]],
    ["a shell at its prompt", { echo: false, canonical: false, foreground: "/usr/bin/zsh" }, ["hi\r"]],
    ["nobody knows what", { echo: false, canonical: false }, ["hi\r"]],
  ])("go with Enter behind them, or before it, as it is read: %s", async (_what, mode, typed) => {
    const terminal = Object.assign(await scene.session("shell"), { mode, deaf: true });
    await sent("hi");
    expect(terminal.typed).toEqual(typed);
  });

  it("wait for their text before Enter where the record knows the program and the server cannot tell", async () => {
    const terminal = Object.assign(await scene.session("shell"), { mode: undefined });
    const program = { name: "codex" };
    const about = { kind: "state", event: "sensed", actor: "engine", session_name: name, text: "" } as const;
    scene.scene.shared.add({ ...about, state: "idle", program });
    await scene.scene.pass();
    await sent("hi");
    expect(terminal.typed).toEqual(["hi", "\r"]);
  });
});
