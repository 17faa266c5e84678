import { afterEach, beforeEach } from "mocha";
import {
  type InputBox,
  type InputBoxOptions,
  type MessageItem,
  type MessageOptions,
  type QuickPick,
  type QuickPickItem,
  type QuickPickOptions,
  commands,
  window,
} from "vscode";
import { until } from "../../support/until";

export interface Told {
  readonly kind: "info" | "warning" | "error";
  readonly message: string;
  readonly detail: string | undefined;
  readonly modal: boolean;
  readonly buttons: readonly string[];
}

export interface Picking {
  readonly placeholder: string;
  readonly items: readonly QuickPickItem[];
}

type Item = string | MessageItem;
type Show = (message: string, ...rest: (MessageOptions | Item)[]) => Promise<Item | undefined>;

/** An answer waits for the question that it fits; each is given once. */
interface Intention {
  readonly to: RegExp;
  readonly say: string;
  /** What the person does first. */
  readonly after: Promise<unknown>;
}

/**
 * The person at the window. Messages and one-line dialogs, which a host refuses or leaves open in tests, are heard and
 * answered here; the dialogs of several steps are the real ones, led by the commands that their keys have.
 */
export class Person {
  readonly told: Told[] = [];
  readonly asked: InputBoxOptions[] = [];
  readonly picked: Picking[] = [];
  readonly #intentions: Intention[] = [];
  readonly #original = { ...window };
  #widget: InputBox | QuickPick<QuickPickItem> | undefined;

  constructor() {
    const message =
      (kind: Told["kind"]): Show =>
      (text, ...rest) =>
        this.#hear(kind, text, rest);
    Object.assign(window, {
      showInformationMessage: message("info"),
      showWarningMessage: message("warning"),
      showErrorMessage: message("error"),
      showInputBox: (options: InputBoxOptions) => {
        this.asked.push(options);
        return Promise.resolve(this.#answer(`${options.title ?? ""} ${options.prompt ?? ""}`)?.say);
      },
      showQuickPick: (items: readonly QuickPickItem[], options: QuickPickOptions) => {
        const placeholder = `${options.title ?? ""} ${options.placeHolder ?? ""}`.trim();
        this.picked.push({ placeholder, items });
        const label = this.#answer(placeholder)?.say;
        return Promise.resolve(
          items.find((item) => item.label === label || item.description === label || item.detail === label),
        );
      },
      createInputBox: () => this.#see(this.#original.createInputBox()),
      createQuickPick: () => this.#see(this.#original.createQuickPick()),
    });
  }

  /**
   * Says that to the next question (message, text or choice) that fits; to a message only when `after` has happened.
   */
  answers(to: RegExp, say: string, after: Promise<unknown> = Promise.resolve()): void {
    this.#intentions.push({ to, say, after });
  }

  /** Waits for a message that fits. */
  hears(what: RegExp): Promise<Told> {
    return until(
      () => `a message ${what.source}; there were: ${this.told.map(({ message }) => message).join(" | ")}`,
      () => this.told.find(({ message, detail }) => what.test(`${message} ${detail ?? ""}`.trim())),
    );
  }

  errors(): string[] {
    return this.told.filter(({ kind }) => kind === "error").map(({ message }) => message);
  }

  /** Waits for the step of a dialog whose prompt, or placeholder, fits. */
  step(prompt: RegExp): Promise<InputBox | QuickPick<QuickPickItem>> {
    return until(`a step ${prompt.source}`, () =>
      this.#widget !== undefined && prompt.test(textOf(this.#widget)) ? this.#widget : undefined,
    );
  }

  /** Types into that step, and presses Enter. */
  async types(prompt: RegExp, text: string): Promise<void> {
    const widget = await this.step(prompt);
    widget.value = text;
    await this.#press("workbench.action.acceptSelectedQuickOpenItem", widget);
  }

  /** Moves down to the item with that label, and presses Enter. */
  async chooses(prompt: RegExp, label: RegExp): Promise<void> {
    const widget = await this.step(prompt);
    if (!("activeItems" in widget)) throw new Error(`Nothing can be chosen: ${prompt.source}`);
    await until(
      `${label.source} is the active item of ${widget.items.map((item) => item.label).join(", ")}`,
      async () => {
        if (label.test(widget.activeItems[0]?.label ?? "")) return true;
        await commands.executeCommand("workbench.action.quickOpenSelectNext");
        return false;
      },
    );
    await this.#press("workbench.action.acceptSelectedQuickOpenItem", widget);
  }

  /** Presses Enter, with what is chosen. */
  async accepts(prompt: RegExp): Promise<void> {
    await this.#press("workbench.action.acceptSelectedQuickOpenItem", await this.step(prompt));
  }

  async goesBack(prompt: RegExp): Promise<void> {
    await this.#press("workbench.action.quickInputBack", await this.step(prompt));
  }

  async leaves(prompt: RegExp): Promise<void> {
    await this.#press("workbench.action.closeQuickOpen", await this.step(prompt));
  }

  /** The window is as it was. */
  go(): void {
    const {
      showInformationMessage,
      showWarningMessage,
      showErrorMessage,
      showInputBox,
      showQuickPick,
      createInputBox,
      createQuickPick,
    } = this.#original;
    Object.assign(window, {
      showInformationMessage,
      showWarningMessage,
      showErrorMessage,
      showInputBox,
      showQuickPick,
      createInputBox,
      createQuickPick,
    });
  }

  async #hear(
    kind: Told["kind"],
    message: string,
    rest: readonly (MessageOptions | Item)[],
  ): Promise<Item | undefined> {
    const items = rest.filter((each): each is Item => typeof each === "string" || "title" in each);
    const options = rest.find((each): each is MessageOptions => typeof each === "object" && !("title" in each)) ?? {};
    const buttons = items.map(titleOf);
    this.told.push({ kind, message, detail: options.detail, modal: options.modal === true, buttons });
    const intention = this.#answer(message);
    await intention?.after;
    return items.find((item) => titleOf(item) === intention?.say);
  }

  #answer(question: string): Intention | undefined {
    const index = this.#intentions.findIndex(({ to }) => to.test(question));
    return index < 0 ? undefined : this.#intentions.splice(index, 1)[0];
  }

  #see<W extends InputBox | QuickPick<QuickPickItem>>(widget: W): W {
    this.#widget = widget;
    widget.onDidHide(() => this.#widget === widget && (this.#widget = undefined));
    return widget;
  }

  /** A key that comes before the dialog is on the screen is lost, so it is pressed until the dialog has gone. */
  async #press(command: string, widget: InputBox | QuickPick<QuickPickItem>): Promise<void> {
    await until(`${textOf(widget)} goes at ${command}`, async () => {
      if (this.#widget !== widget) return true;
      await commands.executeCommand(command);
      return this.#widget !== widget;
    });
  }
}

function titleOf(item: Item): string {
  return typeof item === "string" ? item : item.title;
}

function textOf(widget: InputBox | QuickPick<QuickPickItem>): string {
  return "items" in widget ? (widget.placeholder ?? "") : (widget.prompt ?? "");
}

/**
 * A person for each test of the suite that this is called in; not at the top of a file, where it would hold for all
 * files.
 */
export function personAtTheWindow(): () => Person {
  let person: Person | undefined;
  beforeEach(() => {
    person = new Person();
  });
  afterEach(() => person?.go());
  return () => {
    if (!person) throw new Error("Outside of a test.");
    return person;
  };
}
