import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { until } from "../support/until";
import { walk, type Workbench } from "./workbench";

interface Entry {
  readonly kind: string;
  readonly event?: string;
  readonly pid?: number;
  readonly input?: string;
  readonly state?: string;
  readonly answer?: string;
}

/** Asks before it cleans, works until a file is there, and says in another file how often it did. */
const plan = `project: shared
goal: Be seen from two windows
roles: { cleaner: {}, worker: {} }
tasks:
  - { id: clean, role: cleaner, run: rm -rf ./attic }
  - id: work
    role: worker
    run: echo begun >> work.log; until [ -e go ]; do sleep 0.2; done; echo ended >> work.log
  - { id: after, role: worker, needs: [work], run: echo after >> work.log }
`;

/** Two windows of one person, or of two, on one folder. */
class Windows {
  readonly #record: string;

  constructor(
    readonly first: Workbench,
    readonly second: Workbench,
  ) {
    this.#record = join(first.workspace, ".orchestrator/projects/shared/events-000001.jsonl");
  }

  async shot(name: string): Promise<void> {
    await this.first.shot(`${name}-one`);
    await this.second.shot(`${name}-two`);
  }

  entries(): Entry[] {
    return existsSync(this.#record)
      ? readFileSync(this.#record, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Entry)
      : [];
  }

  count(passes: (entry: Entry) => boolean): number {
    return this.entries().filter(passes).length;
  }

  get claims(): (number | undefined)[] {
    return this.entries().flatMap((entry) => (entry.kind === "lease" && entry.event === "claimed" ? [entry.pid] : []));
  }

  toast(window: Workbench, text: RegExp): Locator {
    return window.page.locator(".notifications-toasts .notification-toast").filter({ hasText: text });
  }

  /** What a window's rows say, but for who runs a project and how old they are. */
  async rows({ page }: Workbench): Promise<string[]> {
    const labels = await page
      .getByRole("tree", { name: "Projects" })
      .getByRole("treeitem")
      .evaluateAll((items) => items.map((item) => item.getAttribute("aria-label") ?? ""));
    return labels.map((label) =>
      label.replace(/, running (here|in process \d+)/, "").replace(/, [^,]*( ago|just now)|, for [^,]*/g, ""),
    );
  }

  async sameRows(): Promise<void> {
    let [one, two]: string[][] = [];
    await until(
      "both windows show the same rows",
      async () => {
        [one, two] = await Promise.all([this.rows(this.first), this.rows(this.second)]);
        return one.length > 2 && one.join("\n") === two.join("\n");
      },
      30_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${one?.join("\n") ?? ""}\n---\n${two?.join("\n") ?? ""}`);
    });
    this.first.say("both windows show the same rows");
  }

  async starts(): Promise<void> {
    const { first } = this;
    const file = join(first.workspace, "plan.yaml");
    writeFileSync(file, plan);
    mkdirSync(join(first.workspace, "attic"));
    await first.run("wsh Orchestrator: Do Project…");
    const input = first.page.locator(".quick-input-widget .quick-input-box input");
    for (const [prompt, text] of [
      ["What is the goal?", "Be seen from two windows"],
      ["A short name", "shared"],
    ] as const) {
      await first.page.locator(".quick-input-widget").getByText(prompt).waitFor();
      await input.fill(text);
      await first.page.keyboard.press("Enter");
    }
    await first.page.getByRole("option", { name: /plan\.yaml/ }).click();
    await first.page.locator(".notifications-toasts").getByRole("button", { name: "Run", exact: true }).click();
    await first.row(/^shared, project, .*running here/).waitFor({ timeout: 60_000 });
    await this.second
      .row(new RegExp(`^shared, project, .*running in process ${this.claims[0] ?? 0}`))
      .waitFor({ timeout: 30_000 });
    this.first.say("the second window says who runs the project");
    await first.row(/^worker::1, session, working/).waitFor({ timeout: 60_000 });
    await this.second.row(/^worker::1, session, working/).waitFor({ timeout: 60_000 });
    await this.sameRows();
  }

  async asks(): Promise<void> {
    const both = [this.first, this.second] as const;
    for (const { page } of both)
      await page
        .getByRole("tree", { name: "Attention" })
        .getByRole("treeitem", { name: /clean/ })
        .waitFor({ timeout: 30_000 });
    const question = /clean \(shared\) wants to run: rm -rf/;
    await until(
      "a message tells",
      async () =>
        (await this.toast(this.first, question).count()) + (await this.toast(this.second, question).count()) > 0,
      30_000,
    );
    const [teller, other] = (await this.toast(this.first, question).count()) > 0 ? both : [this.second, this.first];
    await this.shot("w1-asked");
    await other.run("wsh Orchestrator: Answer Question…");
    await other.page.locator(".monaco-dialog-box").getByRole("button", { name: "Run", exact: true }).click();
    await until(
      "the answer is in the record",
      () => this.count((entry) => entry.kind === "answer" && entry.answer === "run") === 1,
      30_000,
    );
    await until("it has taken effect", () => !existsSync(join(this.first.workspace, "attic")), 30_000);
    if ((await this.toast(other, question).count()) > 0) throw new Error("Both windows told of the question.");
    this.first.say("one window told of the question, and the answer of the other one counts");
    await this.toast(teller, question).getByRole("button", { name: "Skip", exact: true }).click();
    await this.toast(teller, /already answered this question with run/).waitFor();
    await this.shot("w3-second-answer");
    if (this.count((entry) => entry.kind === "answer") !== 1) throw new Error("It was answered twice.");
    this.first.say("whoever is second is told so");
    await this.sameRows();
  }

  /**
   * The window that runs it is closed; a process of its own goes on, and the window takes the project back when it
   * opens.
   */
  async closes(): Promise<Workbench> {
    await this.first.leave();
    await until("another process runs the project", () => this.claims.length === 2, 60_000);
    await this.second
      .row(new RegExp(`^shared, project, .*running in process ${this.claims[1] ?? 0}`))
      .waitFor({ timeout: 30_000 });
    await this.second.shot("w4-handed-over");
    this.first.say("the window that runs it is closed; the other one says which process runs it now");
    const again = await this.second.another();
    await again.showSidebar();
    await until("the window runs the project again", () => this.claims.length === 3, 60_000);
    await again.row(/^shared, project, .*running here/).waitFor({ timeout: 30_000 });
    await this.second
      .row(new RegExp(`^shared, project, .*running in process ${this.claims[2] ?? 0}`))
      .waitFor({ timeout: 30_000 });
    this.first.say("it is opened again and runs the project, and the other one says so");
    return again;
  }

  async ends(): Promise<void> {
    writeFileSync(join(this.first.workspace, "go"), "");
    for (const window of [this.first, this.second])
      await window.row(/^shared, project, done/).waitFor({ timeout: 60_000 });
    await this.shot("w5-done");
    await this.sameRows();
    const log = readFileSync(join(this.first.workspace, "work.log"), "utf8");
    if (log !== "begun\nended\nafter\n") throw new Error(`Its commands ran otherwise: ${log}`);
    for (const input of ["rm -rf ./attic", "echo after >> work.log"]) {
      const typed = this.count((entry) => entry.kind === "command" && entry.input === input);
      if (typed !== 1) throw new Error(`${input} was typed ${typed} times.`);
    }
    const finished = this.count((entry) => entry.kind === "project" && entry.event === "finished");
    if (finished !== 1) throw new Error(`It was finished ${finished} times.`);
    this.first.say("the project is finished once, and each command was typed once");
  }
}

void walk("w", async (first) => {
  await first.showSidebar();
  const second = await first.another();
  await second.showSidebar();
  let windows = new Windows(first, second);
  await windows.starts();
  await windows.asks();
  windows = new Windows(await windows.closes(), second);
  await windows.ends();
});
