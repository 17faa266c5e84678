import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../src/core/model/entry";
import { CliWorld } from "../support/cliWorld";
import { until } from "../support/until";

let world: CliWorld;
beforeEach(() => {
  world = new CliWorld();
});
afterEach(async () => {
  await world.run(["stop", "p"]);
  await world.close();
});

const script = resolve("test/support/hostileAgent.mjs");
const log = (): string => join(world.root, "typed.log");
const typed = (): string => (existsSync(log()) ? readFileSync(log(), "utf8") : "");

/** One task for a program that behaves so, in place of Codex. `shell`: one has started it, and goes on when it has ended. */
async function begin(how: string, prompt: string, shell = false): Promise<void> {
  const start = `${process.execPath} ${script} ${how} ${log()}`;
  const command = shell ? world.write("agent.sh", `${start}\nexec bash --norc -i\n`) : start;
  mkdirSync(join(world.root, "run/config/agents"), { recursive: true });
  world.write(
    "../run/config/agents/mine.yaml",
    `name: mine\nextends: codex\ncommand: ${shell ? `sh ${command}` : command}\n`,
  );
  const plan = { project: "p", roles: { coder: { agent: "mine" } }, tasks: [{ id: "one", role: "coder", prompt }] };
  await world.json(["do", "p", "--plan", world.write("p.yaml", JSON.stringify(plan)), "--detach"]);
}

const isQuestion = ({ kind, human_attention_needed }: ContextEntry): boolean =>
  human_attention_needed === true && kind !== "answer";

const asked = (): Promise<ContextEntry> =>
  until(
    () =>
      `something is asked: ${world
        .entries("p")
        .map(({ text }) => text)
        .join("\n")}`,
    () => world.entries("p").find(isQuestion),
    50_000,
  );

const done = (): Promise<ContextEntry> =>
  until(
    () =>
      `it is over: ${world
        .entries("p")
        .map(({ text }) => text)
        .join("\n")}`,
    () => world.entries("p").findLast(({ kind, state }) => kind === "project" && state !== "running"),
    50_000,
  );

describe("a program in place of an agent", () => {
  it("that ends in the middle of a paste is told, and nothing is typed once more", async () => {
    await begin("exits-in-paste", "one\ntouch ran\ntwo");
    expect((await asked()).text).toMatch(/ended|exit|restart/iu);
    expect(typed().split("\x1b[200~")).toHaveLength(2);
    expect(existsSync(join(world.workspace, "ran"))).toBe(false);
  });

  it("that is not the one in front, but a shell is, is typed nothing", async () => {
    await begin("exits-in-paste", "one\ntouch ran\ntwo", true);
    expect((await asked()).text).toMatch(/its shell \(sh\) is in front\.$/u);
    expect(typed()).toBe("");
  });

  it("that asks to be updated is asked about, and is typed nothing", async () => {
    await begin("asks-to-update", "hello");
    const question = await asked();
    expect(question).toMatchObject({ event: "terminal_asks", text: expect.stringContaining("Update now") as string });
    expect(typed()).toBe("");
  });

  it.each(["quotes-dialogs", "lies-in-title", "floods"])("that %s asks nothing, and its turn ends", async (how) => {
    await begin(how, "hello\nthere");
    expect(await done()).toMatchObject({ state: "done" });
    expect(world.entries("p").filter(isQuestion)).toEqual([]);
    expect(typed()).toBe("\x1b[200~hello\nthere\x1b[201~\r");
  });
});
