import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AnsweredTerminals, answerPrompt, type GivenAnswer } from "../../../src/core/acts/answerPrompt";
import type { ContextEntry } from "../../../src/core/model/entry";
import { terminalAsksEvent } from "../../../src/core/model/entryKinds";
import type { Screen } from "../../../src/core/ports/sessions";
import { Consents } from "../../../src/core/safety/consent";
import type { AskedPrompt } from "../../../src/core/sense/askedPrompt";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import { terminalFacts } from "../../../src/core/session/sensedTerminal";
import type { FakeTerminal } from "../../support/fakeTerminal";
import { testConsents } from "../../support/testConsents";
import { SessionScene } from "./sessionFakes";

const name = "proj-alpha::worker::1";

let scene: SessionScene;
let terminal: FakeTerminal;
let typed: string[];
/** What stands before the cursor. */
let prompt: string;

beforeEach(async () => {
  scene = await SessionScene.open();
  terminal = await scene.session("worker");
  typed = [];
  scene.server.screen = () => Promise.resolve(screen());
  scene.server.sendInput = (_name, keys) => {
    typed.push(String(keys));
    return Promise.resolve();
  };
});
afterEach(() => scene.close());

function screen(): Screen {
  const cursor = { row: 0, col: prompt.length, visible: true };
  return { lines: [prompt.trimEnd()], cursor, rows: 24, cols: 80, total_lines: 24, alternate_active: false };
}

/** A person is asked what stands there; its program reads whole lines, and shows them unless it is a secret. */
async function asked(text: string, secret = false, task = false): Promise<ContextEntry> {
  prompt = text;
  terminal.mode = { echo: !secret, canonical: true, foreground: "tool" };
  const facts = terminalFacts(screen(), { mode: terminal.mode, running: true });
  const { kind, evidence } = senseTerminal(facts, shippedCatalog);
  const found = shippedCatalog.askedBy(evidence[0]?.rule ?? "", facts) as AskedPrompt;
  const { record, clock } = scene.scene;
  const consents = new Consents(testConsents(), clock, { workspace: "/site", project_id: "alpha" });
  return record.append(
    {
      kind: "blocked",
      actor: "engine",
      session_name: name,
      event: terminalAsksEvent,
      text: `It asks: ${text}`,
      human_attention_needed: true,
      evidence,
      ...(kind === undefined ? {} : { state_kind: kind }),
      ...(found.form === undefined ? {} : { answer_form: found.form, options: [...found.choices] }),
      ...(found.secret ? { secret_answer: true } : {}),
      ...(found.interruptible ? { interruptible: true } : {}),
      ...(task ? { refs: [{ type: "task", id: "ship" }] } : {}),
      screen: found.fingerprint,
      ...consents.asking(consents.promptSubject(name, found)),
    },
    "synced",
  );
}

function answer(entry: ContextEntry, text: string): Promise<ContextEntry | undefined> {
  return give(entry, { text });
}

async function give(entry: ContextEntry, given: GivenAnswer): Promise<ContextEntry | undefined> {
  const { world } = scene;
  const reached = await scene.reached(name);
  if (!reached) throw new Error(`There is no ${name}.`);
  const terminals: AnsweredTerminals = {
    reach: () => Promise.resolve(reached.chosen),
    catalog: () => Promise.resolve(shippedCatalog),
    policy: () => Promise.resolve(world.policy),
    redactor: () => Promise.resolve(scene.redactor),
    folders: () => world.folders,
    workspace: world.workspace,
    confirm: world.confirm,
  };
  const by = { ...scene.scene.by, insideSession: scene.insideSession };
  const reference = { address: scene.server.address, server_id: "fake-1" };
  return scene.during(answerPrompt(scene.scene.record, by, { entry, ...given, terminals }, reference));
}

describe("an answer to what a program asks", () => {
  it("is typed where it is harmless, and where it is one of what the program offers", async () => {
    await answer(await asked("Name of the release: "), "blue moon");
    await answer(await asked("Remove everything? [y/N] "), "y");
    expect(typed).toEqual(["blue moon\r", "y\r"]);
    expect(scene.asked).toEqual([]);
  });

  it("is asked about as text that is sent, where it reads as a command that destroys", async () => {
    await answer(await asked("Command: "), "rm -rf /srv");
    expect(scene.asked).toMatchObject([{ act: "send", session_name: name, text: "rm -rf /srv" }]);
    expect(typed).toEqual(["rm -rf /srv\r"]);
    expect(scene.kinds).toContain("policy confirmed");
  });

  it("is not typed where the person does not want that, and its question stays open", async () => {
    const question = await asked("Command: ");
    scene.says = false;
    expect(await answer(question, "!rm -rf /srv")).toBeUndefined();
    expect(typed).toEqual([]);
    expect(scene.kinds).not.toContain("answer");
    await answer(question, "ls");
    expect(typed).toEqual(["ls\r"]);
  });

  it("is not typed where the policy forbids it", async () => {
    const { policy } = scene.world;
    const forbids = { ...policy, decide: () => ({ verdict: "deny", reason: "Never.", rule: "own" }) as const };
    Object.defineProperty(scene, "world", { value: { ...scene.world, policy: forbids } });
    await expect(answer(await asked("Command: "), "ls")).rejects.toMatchObject({
      code: "needs_person",
      message: "The policy forbids this: Never.",
    });
    expect(typed).toEqual([]);
  });

  it("is masked from then on where it is a secret, and judged by nobody", async () => {
    await answer(await asked("Password: ", true), "rm -rf /srv");
    expect(typed).toEqual(["rm -rf /srv\r"]);
    expect(scene.asked).toEqual([]);
    expect(scene.redactor.redact("you typed: rm -rf /srv")).not.toContain("rm -rf /srv");
    expect(JSON.stringify(scene.scene.shared.entries)).not.toContain("rm -rf");
  });
});

describe("Ctrl-C in place of an answer", () => {
  it("is typed where a task's command asks, also for a secret, and the log says that", async () => {
    const given = await give(await asked("Password: ", true, true), { interrupt: true });
    expect(typed).toEqual(["\x03"]);
    expect(scene.asked).toEqual([]);
    expect(given).toMatchObject({ answer: "interrupt", text: "ada interrupted what asks in worker::1 (Ctrl-C)." });
    expect(scene.scene.shared.entries.at(-1)?.text).toBe("Ctrl-C was typed in worker::1.");
  });

  it("is typed in a person's own session only once they confirm that", async () => {
    const question = await asked("Name of the release: ");
    scene.says = false;
    expect(await give(question, { interrupt: true })).toBeUndefined();
    expect(typed).toEqual([]);
    scene.says = true;
    await give(question, { interrupt: true });
    expect(scene.asked.at(-1)).toMatchObject({ act: "interrupt", session_name: name, destructive: true });
    expect(typed).toEqual(["\x03"]);
  });

  it("is not typed where something else is asked by then", async () => {
    const question = await asked("Delete a? [y/N] ", false, true);
    prompt = "Delete b? [y/N] ";
    await expect(give(question, { interrupt: true })).rejects.toMatchObject({ code: "prompt_changed" });
    expect(typed).toEqual([]);
  });

  it("is no answer to what cannot be interrupted", async () => {
    const { interruptible, ...question } = await asked("Delete a? [y/N] ");
    expect(interruptible).toBe(true);
    await expect(give(question, { interrupt: true })).rejects.toMatchObject({ code: "request_invalid" });
    expect(typed).toEqual([]);
  });
});
