import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelServer } from "../support/model/modelServer";
import { until } from "../support/until";
import type { Workbench } from "./workbench";

const plan = `project: desk
goal: Take turns at the keyboard
roles:
  writer: { agent: { use: codex } }
  builder: { shell: bash }
tasks:
  - { id: first, role: writer, prompt: Say one }
  - { id: build, role: builder, run: ["until [ -e go1 ]; do sleep 0.1; done", touch built.txt] }
  - { id: second, role: writer, needs: [first, build], prompt: Say two }
  - { id: gate, role: builder, needs: [second], run: "until [ -e go2 ]; do sleep 0.1; done" }
  - { id: third, role: writer, needs: [gate], prompt: Say three }
  - { id: last, role: builder, needs: [third], run: "until [ -e go3 ]; do sleep 0.1; done" }
  - { id: fourth, role: writer, needs: [last], prompt: Say four }
`;
const paused = "paused: you have the keyboard";

/**
 * A plan that runs while a person has the keyboard of a shell and of an agent, in a mirror, in an attached terminal and
 * in a window that is closed: nothing is typed there, all rows say so, and the plan continues afterwards.
 */
export async function keyboardInRunningPlan(workbench: Workbench, model: ModelServer): Promise<void> {
  const { page, front, workspace } = workbench;
  const told = (words: string): number =>
    model.requests.filter(({ said }) => said.at(-1)?.startsWith(words) === true).length;
  const row = (session: string): RegExp => new RegExp(`^${session}::1, session.*${paused}`);
  const open = async (session: string, window = workbench): Promise<void> => {
    await window.row(new RegExp(`^${session}::1, session`)).click();
    await window.front.locator(".screen .row").first().waitFor();
    await window.front.getByRole("button", { name: "Take Keyboard" }).click();
    await window.front.getByText(/Your keys go to/).waitFor();
  };
  const go = (gate: string): void => writeFileSync(join(workspace, gate), "");
  const giveBack = async (): Promise<void> => {
    await page.keyboard.press("Control+]");
    await front.getByRole("button", { name: "Take Keyboard" }).waitFor();
  };

  writeFileSync(join(workspace, "desk.plan.yaml"), plan);
  workbench.cli("do", "desk", "--plan", join(workspace, "desk.plan.yaml"), "--detach");
  await until("the agent has said one", () => told("Say one") === 1, 120_000);
  await workbench.row(/^writer::1, session, Codex, (?:done|idle)/).waitFor({ timeout: 60_000 });

  // All rows have room, tasks too.
  await page.setViewportSize({ width: 1060, height: 1100 });
  await workbench.row(/^Tasks/).click();
  await workbench.row(/^build, task, running/).waitFor();
  await open("builder");
  go("go1");
  await workbench.row(row("builder")).waitFor({ timeout: 30_000 });
  await workbench.row(new RegExp(`^build, task, running.*${paused}`)).waitFor();
  await workbench.shot("k1-shell-paused");
  if (existsSync(join(workspace, "built.txt"))) throw new Error("A command was typed while a person had the keyboard.");
  await workbench.noAxeProblems("a mirror of a plan that is paused");
  await giveBack();
  await until("the shell's next command ran", () => existsSync(join(workspace, "built.txt")), 30_000);
  await until("the agent has said two", () => told("Say two") === 1, 60_000);
  workbench.say("a shell of a running plan waits for the keyboard, and continues");

  await workbench.row(/^writer::1, session, Codex, (?:done|idle)/).waitFor({ timeout: 60_000 });
  await open("writer");
  go("go2");
  await workbench.row(new RegExp(`^third, task, running.*${paused}`)).waitFor({ timeout: 30_000 });
  await workbench.row(row("writer")).waitFor();
  const status = workbench.cli("status", "desk");
  if (!status.includes(paused)) throw new Error(`The command line does not say so: ${status}`);
  await workbench.shot("k2-agent-paused");
  if (told("Say three") > 0) throw new Error("A prompt was typed while a person had the keyboard.");
  await giveBack();
  await until("the agent has said three", () => told("Say three") === 1, 60_000);
  workbench.say("an agent of a running plan waits for the keyboard, and continues");

  await workbench.row(/^writer::1, session, Codex, (?:done|idle)/).waitFor({ timeout: 60_000 });
  await workbench.run("View: Close All Editors");
  await workbench.choose(/^writer::1, session/, "Attach in Terminal");
  await page.locator(".terminal-wrapper.active .xterm-helper-textarea").first().focus();
  await page.keyboard.type("x");
  await page.keyboard.press("Backspace");
  await workbench.row(row("writer")).waitFor({ timeout: 30_000 });
  await workbench.shot("k3-attached-paused");
  // Still for a while is as good as given back.
  await workbench.row(new RegExp(paused)).waitFor({ state: "detached", timeout: 60_000 });
  workbench.say("an attached terminal gives the keyboard back when nobody types");

  const other = await workbench.another();
  await other.showSidebar();
  await open("writer", other);
  go("go3");
  await workbench.row(new RegExp(`^fourth, task, running.*${paused}`)).waitFor({ timeout: 30_000 });
  if (told("Say four") > 0) throw new Error("A prompt was typed while another window had the keyboard.");
  await other.leave();
  await until("the agent has said four", () => told("Say four") === 1, 120_000);
  await workbench.row(/^desk, project, done/).waitFor({ timeout: 60_000 });
  workbench.say("a window that closes gives the keyboard back");
}
