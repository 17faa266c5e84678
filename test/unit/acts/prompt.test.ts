import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prompt, type PromptRequest, type PromptResult } from "../../../src/core/acts/prompt";
import type { Screen, TerminalMode } from "../../../src/core/ports/sessions";
import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { recordings } from "../../support/recordedScreens";
import { SessionScene } from "./sessionFakes";

let scene: SessionScene;
beforeEach(async () => {
  scene = await SessionScene.open();
});
afterEach(() => scene.close());

const name = "proj-alpha::coder::1";
const inFront = (foreground: string): TerminalMode => ({ echo: false, canonical: false, foreground });

/** What the session's terminal shows: a screen that was recorded of the real program. */
async function shows(tool: string, sample: string, front: string): Promise<() => readonly string[]> {
  const terminal = await scene.session("coder", "program");
  const recorded = recordings(tool).find((each) => each.name === sample);
  if (!recorded) throw new Error(`There is no recording ${sample}.`);
  const { lines, cursor } = recorded.facts;
  const screen: Screen = {
    ...{ lines: [...lines], rows: lines.length, cols: 200, total_lines: lines.length, alternate_active: false },
    cursor: { row: cursor?.row ?? 0, col: cursor?.col ?? 0, visible: true },
  };
  scene.server.screen = () => Promise.resolve(screen);
  scene.server.terminalMode = () => Promise.resolve(inFront(front));
  return () => terminal.typed;
}

async function prompted(text: string, more: Partial<PromptRequest> = {}): Promise<PromptResult> {
  const world = { ...scene.world, agents: () => Promise.resolve(agentCatalog()) };
  const target = await scene.target(name);
  return scene.during(prompt(target, world, { text, wait: false, whenIdle: false, ...more }));
}

describe("a prompt is not sent", () => {
  it("where there is no agent, and it says what is in front", async () => {
    const typed = await shows("codex", "inline-ready", "bash");
    await expect(prompted("Fix it.")).rejects.toMatchObject({
      code: "session_busy",
      message: "There is no coding agent in coder::1: bash is in front.",
    });
    expect(typed()).toEqual([]);
  });

  it("where the agent asks something, and it says what and how to answer", async () => {
    const typed = await shows("codex", "approve-shell", "codex");
    await expect(prompted("Fix it.")).rejects.toMatchObject({
      code: "needs_person",
      message: "Codex asks something in coder::1: Would you like to run the following command? Nothing was sent.",
      remedy: { kind: "answer_session", session: name },
    });
    expect(typed()).toEqual([]);
  });

  it("while the agent is at work, unless somebody wants to wait for it", async () => {
    const typed = await shows("codex", "working-command", "codex");
    await expect(prompted("Fix it.")).rejects.toMatchObject({
      code: "session_busy",
      message: "Codex is at work in coder::1. Nothing was sent.",
      remedy: { kind: "prompt_when_idle", session: name },
    });
    const told: string[] = [];
    const leave = new AbortController();
    const waits = prompted("Fix it.", { whenIdle: true, busy: (sentence) => told.push(sentence), leave: leave.signal });
    waits.catch(() => undefined);
    for (let turn = 0; told.length === 0 && turn < 50; turn++) await scene.scene.pass(50);
    expect(told).toEqual(["Codex is at work in coder::1."]);
    leave.abort(new Error("left"));
    await expect(waits).rejects.toThrow("left");
    expect(typed()).toEqual([]);
  });

  it("when it is empty", async () => {
    const typed = await shows("codex", "inline-ready", "codex");
    await expect(prompted("  \n")).rejects.toMatchObject({ code: "usage" });
    expect(typed()).toEqual([]);
  });
});
