import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import type { ContextEntry } from "../../src/core/model/entry";
import { answerTypedEvent, quietAsksEvent, terminalAsksEvent } from "../../src/core/model/entryKinds";
import { type AskedStep, type EverydayWait, missingFor, type Needing } from "../support/everydayWait";
import { everydayWaits } from "../support/everydayWaits";
import { percentiles, ShownTimes } from "../support/shownTimes";
import { until } from "../support/until";
import { wshBinaries } from "../support/wshBinaries";
import { MirrorView } from "./mirrorView";
import { walk } from "./workbench";

/** Where a person opens a question. */
type Place = "message" | "row" | "page" | "palette" | "mirror" | "session";

/** Where each of what a program asks is answered; the last counts for all that come after it. */
const places: Readonly<Record<string, readonly Place[]>> = {
  rm: ["message"],
  read: ["row"],
  apt: ["mirror"],
  npm: ["palette", "row", "session", "palette"],
  ssh: ["page", "session"],
  sudo: ["page"],
  gh: ["page"],
};

interface RestingWait extends Pick<EverydayWait, "name" | "needs" | "run" | "gives"> {
  /** Of the session's row while it stands there. */
  readonly word: string;
  /** Buttons of the message once it has stood for long. */
  readonly offers: readonly string[];
  /** One of them; absent: typed in the session's mirror. */
  readonly answer?: string;
  readonly keys?: readonly string[];
}

/** What waits without asking: a person is asked once nothing has come for as long as they have set. */
const restingWaits: readonly RestingWait[] = [
  {
    name: "less",
    needs: ["less"],
    run: "seq 500 | less; echo left=$?",
    word: "in a pager",
    offers: ["Wait", "Quit"],
    answer: "Quit",
    gives: /left=0/,
  },
  {
    name: "python",
    needs: ["python3"],
    run: "python3 -i -c 'x = 6'; echo left=$?",
    word: "at a prompt",
    offers: ["Wait", "Leave"],
    answer: "Leave",
    gives: /left=0/,
  },
  {
    name: "commit",
    needs: ["git", "vim"],
    run: [
      "git init -q shop; cd shop; git config user.name Ada; git config user.email ada@example.org",
      "git config core.editor 'vim -u NONE'; git commit --allow-empty; git log --format=%s; cd ..",
    ].join("; "),
    word: "in an editor",
    offers: ["Wait"],
    keys: ["i", "Open the shop", "Escape", ":wq", "Enter"],
    gives: /^Open the shop$/m,
  },
  {
    name: "nano",
    needs: ["git", "nano"],
    run: [
      "git init -q mill; cd mill; git config user.name Ada; git config user.email ada@example.org",
      "git config core.editor nano; git commit --allow-empty; git log --format=%s; cd ..",
    ].join("; "),
    word: "in an editor",
    offers: ["Wait"],
    keys: ["Build the mill", "Control+O", "Enter", "Control+X"],
    gives: /^Build the mill$/m,
  },
];
const quietAfter = "12s";
const longestMs = 2000;

function textOf(answer: AskedStep["answer"]): string {
  return typeof answer === "string" ? answer : answer.secret;
}

/** Programs that people wait at every day, in a window: seen there, answered there, and seen to go on. */
class WaitsWalk extends MirrorView {
  /** From the prompt on the terminal to the entry, and to its row in the window; from an answer to its keys. */
  readonly #entryMs: number[] = [];
  readonly #rowMs: number[] = [];
  readonly #keysMs: number[] = [];
  /** From the last output of what stands there to what its session's row says of it. */
  readonly #restMs: number[] = [];

  get entries(): ContextEntry[] {
    return readFileSync(join(this.workbench.workspace, ".orchestrator/projects/waits/events-000001.jsonl"), "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as ContextEntry);
  }

  toast(text: string | RegExp): Locator {
    return this.workbench.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
  }

  question(name: string): Locator {
    return this.workbench.row(new RegExp(`(^|; )${name}::1, project waits, needs your answer`));
  }

  session(name: string, words: string): Locator {
    return this.workbench.row(new RegExp(`^${name}::1, session, ${words}`));
  }

  /** Its command has ended, with what only its going on gives. */
  async goesOn({ name, gives }: Pick<EverydayWait, "name" | "gives">): Promise<void> {
    const result = await until(
      `${name} goes on`,
      () => this.entries.find(({ kind, task_id, step }) => kind === "result" && task_id === name && step === 0),
      60_000,
    );
    if (!gives.test(result.output ?? "")) throw new Error(`${name} gave: ${result.output}`);
    await this.question(name).waitFor({ state: "hidden" });
    await this.workbench
      .row(new RegExp(`^${name}, task, succeeded`))
      .or(this.session(name, ""))
      .first()
      .waitFor();
  }

  /** Gives an answer where a person has opened the question. */
  async answers(
    place: Place,
    { id, role: name }: ContextEntry,
    answer: AskedStep["answer"],
    picture: string,
  ): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    const row = new RegExp(`(^|; )${name}::1, project waits, needs your answer`);
    switch (place) {
      case "message": {
        await this.toast(`${name}::1 (waits)`).waitFor();
        await workbench.shot(picture);
        const choice = textOf(answer).charAt(0).toUpperCase();
        await this.toast(`${name}::1 (waits)`).getByRole("button", { name: choice, exact: true }).press("Enter");
        return;
      }
      case "row":
        await workbench.choose(row, "Answer Question…");
        break;
      case "session":
        await workbench.choose(new RegExp(`^${name}::1, session`), "Answer Question…");
        break;
      case "palette":
        await workbench.run("wsh Orchestrator: Answer Question…");
        break;
      case "mirror":
        await page.keyboard.press("Control+Alt+U");
        await this.front.locator("#banner-answer").press("Enter");
        break;
      case "page":
        await this.question(name ?? "").click();
        // Another question of the session may have been open there.
        await page.locator(".monaco-editor .view-line").getByText(id).waitFor();
        await workbench.shot(`${picture}-text`);
        await page.locator(".editor-actions").getByRole("button", { name: "Answer Question…" }).press("Enter");
    }
    await this.gives(name ?? "", answer, picture);
  }

  /** By the keyboard alone, in the box, list or dialog that is open. */
  async gives(name: string, answer: AskedStep["answer"], picture: string): Promise<void> {
    const { page } = this.workbench;
    const dialog = page.locator(".monaco-dialog-box");
    // The list of commands goes away slowly.
    const asks = page.locator(".quick-input-widget:visible").filter({ hasText: `${name}::1 (waits)` });
    const box = asks.locator("input[type=text], input[type=password]");
    await dialog.or(box).first().waitFor();
    const text = textOf(answer);
    if (await dialog.isVisible()) {
      await this.workbench.shot(picture);
      const isIt = new RegExp(`^(?:${text}|${text.charAt(0)})$`, "i");
      const focused = dialog.locator(".dialog-buttons-row .monaco-button:focus");
      await focused.waitFor();
      for (let keys = 0; !isIt.test((await focused.innerText()).trim()); keys++) {
        if (keys > 8) throw new Error(`No button of the dialog says ${text}.`);
        await page.keyboard.press("Tab");
        await focused.waitFor();
      }
      await page.keyboard.press("Enter");
      return;
    }
    if (typeof answer !== "string" && (await box.getAttribute("type")) !== "password")
      throw new Error("A secret is shown while it is typed.");
    await page.keyboard.type(text);
    await this.workbench.shot(picture);
    await page.keyboard.press("Enter");
  }

  async asks({ name, steps, gives }: EverydayWait, shown: ShownTimes): Promise<void> {
    let at = 0;
    for (const { asks, answer, optional, listed } of steps) {
      const question = await until(
        `${name} asks ${String(asks)}`,
        () => this.entries.filter(({ event, role }) => event === terminalAsksEvent && role === name)[at],
        60_000,
      );
      await this.question(name).waitFor();
      const now = Date.now();
      const words = listed ? question.text : question.text.trimEnd().split("\n").at(-1);
      if (!asks.test(words ?? "")) {
        if (optional) continue;
        throw new Error(`${name} asks: ${question.text}`);
      }
      const askedAt = Date.parse(question.ts);
      this.#entryMs.push(shown.msUntil(askedAt) ?? Infinity);
      this.#rowMs.push((shown.msUntil(askedAt) ?? Infinity) + Math.max(0, now - askedAt));
      const place = places[name]?.[Math.min(at, places[name].length - 1)] ?? "row";
      await this.answers(place, question, answer, `e1-${name}-${++at}-${place}`);
      const typed = await until(
        `the answer of ${name} is typed`,
        () =>
          this.entries.find(
            ({ event, refs }) => event === answerTypedEvent && refs?.some(({ id }) => id === question.id),
          ),
        30_000,
      );
      const given = this.entries.find(
        ({ kind, refs }) => kind === "answer" && refs?.some(({ id }) => id === question.id),
      );
      this.#keysMs.push(Date.parse(typed.ts) - Date.parse(given?.ts ?? ""));
      if (typeof answer !== "string" && JSON.stringify(this.entries).includes(answer.secret))
        throw new Error(`The secret of ${name} stands in the log.`);
    }
    await this.goesOn({ name, gives });
    this.workbench.say(`${name} is answered in the window and goes on (${at} questions)`);
  }

  /** Seen for what it is at once, and asked about only after the time that was set. */
  async rests(wait: RestingWait, shown: ShownTimes): Promise<void> {
    const { workbench } = this;
    const { page } = workbench;
    const { name, word, offers, answer, keys } = wait;
    await this.session(name, word).waitFor({ timeout: 60_000 });
    this.#restMs.push(shown.msUntil(Date.now()) ?? Infinity);
    if (this.entries.some(({ event, role }) => event === quietAsksEvent && role === name))
      throw new Error(`${name} is asked about at once.`);
    const toast = this.toast(new RegExp(`${name}::1 \\(waits\\): .*has printed nothing`));
    await toast.waitFor({ timeout: 30_000 });
    await this.question(name).waitFor();
    const buttons = await toast.locator(".monaco-text-button").allInnerTexts();
    if (buttons.join() !== ["Review", ...offers, "Show Output", "Snooze"].join())
      throw new Error(`${name}: ${buttons.join()}`);
    await workbench.shot(`e2-${name}`);
    if (answer !== undefined) await toast.getByRole("button", { name: answer, exact: true }).press("Enter");
    if (keys) {
      await this.takeKeyboard(name);
      await this.rows(/Please enter the commit message/).waitFor();
      for (const each of keys)
        await (/^(?:Enter|Escape|Control\+\w)$/.test(each) ? page.keyboard.press(each) : page.keyboard.type(each));
    }
    await this.goesOn(wait);
    if (keys) await workbench.shot(`e2-${name}-typed`);
    workbench.say(`${name} is asked about after ${quietAfter}, answered in the window, and goes on`);
  }

  tells(): void {
    const { workbench } = this;
    workbench.say(`from prompt to entry: ${percentiles(this.#entryMs)}`);
    workbench.say(`from prompt to row: ${percentiles(this.#rowMs)}`);
    workbench.say(`from what stands there to its word in the row: ${percentiles(this.#restMs)}`);
    workbench.say(`from answer to keys: ${percentiles(this.#keysMs)}`);
    // A single one may be late on a machine that does much else.
    for (const took of [this.#rowMs, this.#restMs]) {
      const middle = took.sort((one, other) => one - other)[Math.floor(took.length / 2)] ?? Infinity;
      if (middle > longestMs) throw new Error(`In the middle they are seen after ${middle} ms.`);
    }
  }
}

void walk(
  "e",
  async (workbench) => {
    const here = <Wait extends Needing & Pick<EverydayWait, "name">>(waits: readonly Wait[]): Wait[] =>
      waits.filter((wait) => {
        const missing = missingFor(wait, wshBinaries().length > 0);
        if (missing !== undefined) workbench.say(`not walked: ${wait.name}, as ${missing}`);
        return missing === undefined;
      });
    const asking = here(everydayWaits.filter(({ name }) => name in places));
    const resting = here(restingWaits);
    const ends: (() => Promise<void>)[] = [];
    for (const { setUp } of asking) if (setUp) ends.push(await setUp(workbench.workspace));
    try {
      const names = [...asking, ...resting].map(({ name }) => name);
      const tasks = [...asking, ...resting].map(({ name, run }, index) => ({
        id: name,
        role: name,
        run,
        // One after another, as a person meets them.
        needs: names.slice(Math.max(0, index - 1), index),
      }));
      const roles = Object.fromEntries(names.map((name) => [name, { shell: "bash" }]));
      const file = join(workbench.workspace, "plan.yaml");
      writeFileSync(
        file,
        JSON.stringify({ project: "waits", goal: "Wait as every day", max_sessions: 12, roles, tasks }),
      );
      const waits = new WaitsWalk(workbench);
      await workbench.showSidebar();
      workbench.cli("--quiet-after", quietAfter, "do", "waits", "--plan", file, "--detach");
      const client = workbench.sessionClient();
      const shown = ShownTimes.ofAll(client);
      const next = (name: string): Promise<ShownTimes> => shown(`proj-waits.${name}.1`);
      for (const wait of asking) {
        await waits.asks(wait, await next(wait.name));
        await workbench.run("Notifications: Clear All Notifications");
      }
      for (const wait of resting) {
        await waits.rests(wait, await next(wait.name));
        await workbench.run("Notifications: Clear All Notifications");
      }
      client.close();
      await workbench.row(/^waits, project, done/).waitFor({ timeout: 60_000 });
      await workbench.page.getByText("No question needs your answer.").waitFor();
      await workbench.shot("e3-done");
      waits.tells();
    } finally {
      for (const end of ends) await end();
    }
  },
  // Rows of all sessions are in sight.
  { size: { width: 1400, height: 1300 } },
);
