import { type ProgramStatus, ProgramStatusTree } from "./programStatus";
import type { TerminalMode } from "./streamScanner";
import type { TerminalFacts } from "./terminalFacts";

/** A title longer than this is no title that anybody reads; the rest is cut off. */
const titleLimit = 500;
const notificationLimit = 500;

/** Codex and Claude Code turn a sign at the begin of their title ten times a second: which one stands there says nothing. */
function withoutSpinner(title: string): string {
  return title.replace(/^[\u2800-\u28ff◐◑◒◓]/u, "⠿");
}

/** What a program asked a terminal to tell its person: OSC 9, 99, 777, or a bell without words. */
export interface TerminalNotification {
  readonly by: "osc9" | "osc99" | "osc777" | "bell";
  readonly text: string;
}

/**
 * What programs tell their terminal beside what they draw, as it stands now: title, progress, program status, modes,
 * the last notification. Fed by a `StreamScanner`; whoever shows or keeps a text of it redacts it first.
 */
export class TerminalSignals {
  readonly #statuses = new ProgramStatusTree();
  #title: string | undefined;
  #progress: TerminalFacts["progress"];
  #alternate = false;
  #cursorVisible = true;
  #mouse: boolean | undefined;
  #paste: boolean | undefined;
  #notification: TerminalNotification | undefined;
  #notifications = 0;
  #changes = 0;

  /** Raised with each change that may make another state. */
  get changes(): number {
    return this.#changes;
  }

  /** The last one, and how many there were. */
  get notified(): { readonly last: TerminalNotification | undefined; readonly count: number } {
    return { last: this.#notification, count: this.#notifications };
  }

  get statuses(): ProgramStatus[] {
    return this.#statuses.records;
  }

  /** The reports behind the statuses, as they came: what stands behind `7501;`. */
  get reports(): string[] {
    return this.#statuses.reports;
  }

  /** As far as it was told since the stream was read. */
  get facts(): Pick<TerminalFacts, "title" | "progress" | "statuses" | "mouse" | "paste"> & {
    readonly alternate: boolean;
    readonly cursorVisible: boolean;
  } {
    return {
      alternate: this.#alternate,
      cursorVisible: this.#cursorVisible,
      ...(this.#title === undefined ? {} : { title: this.#title }),
      ...(this.#progress === undefined ? {} : { progress: this.#progress }),
      ...(this.#mouse === undefined ? {} : { mouse: this.#mouse }),
      ...(this.#paste === undefined ? {} : { paste: this.#paste }),
      ...(this.#statuses.isEmpty ? {} : { statuses: this.#statuses.records }),
    };
  }

  title(text: string): void {
    const title = text.slice(0, titleLimit);
    if (title === this.#title) return;
    if (withoutSpinner(title) !== withoutSpinner(this.#title ?? "")) this.#changes++;
    this.#title = title;
  }

  mode({ alternateScreen, cursorVisible, mouse, bracketedPaste }: TerminalMode): void {
    if (alternateScreen !== undefined) this.#alternate = alternateScreen;
    if (cursorVisible !== undefined) this.#cursorVisible = cursorVisible;
    if (mouse !== undefined) this.#mouse = mouse;
    if (bracketedPaste !== undefined) this.#paste = bracketedPaste;
    if (alternateScreen !== undefined) this.#changes++;
  }

  bell(): void {
    this.#notify({ by: "bell", text: "" });
  }

  osc(code: number, data: string): void {
    switch (code) {
      case 7501:
        if (this.#statuses.report(data)) this.#changes++;
        break;
      case 133:
      case 633:
        if (/^A(?:;|$)/.test(data)) this.prompt();
        break;
      case 9:
        this.#nine(data);
        break;
      case 99:
        this.#notify({ by: "osc99", text: data.slice(data.indexOf(";") + 1) });
        break;
      case 777:
        if (data.startsWith("notify;"))
          this.#notify({ by: "osc777", text: data.slice("notify;".length).replace(";", ": ") });
        break;
    }
  }

  /** A shell's prompt begins (133;A or 633;A): the program that was in front is not any more. */
  prompt(): void {
    if (this.#statuses.programLeft()) this.#changes++;
    if (this.#progress !== undefined && this.#progress !== "none") this.#setProgress("none");
  }

  /** Output was lost, and with it what may have been told: nothing of it is known any more, except the modes. */
  gap(): void {
    this.#title = undefined;
    this.reset();
  }

  /** The terminal was reset (RIS). */
  reset(): void {
    this.#statuses.reset();
    this.#progress = undefined;
    this.#mouse = undefined;
    this.#changes++;
  }

  /** `9;4;state;percent` is progress (ConEmu's), `9;text` a notification; other numbers are ConEmu's own. */
  #nine(data: string): void {
    const [number, state] = data.split(";");
    if (number === "4" && data.includes(";")) {
      const progress = ({ 0: "none", 1: "busy", 2: "error", 3: "busy", 4: "paused" } as const)[state ?? ""];
      if (progress && progress !== this.#progress) this.#setProgress(progress);
    } else if (!/^\d{1,2}(?:;|$)/.test(data)) this.#notify({ by: "osc9", text: data });
  }

  #setProgress(progress: NonNullable<TerminalFacts["progress"]>): void {
    this.#progress = progress;
    this.#changes++;
  }

  #notify(notification: TerminalNotification): void {
    this.#notification = { ...notification, text: notification.text.slice(0, notificationLimit) };
    this.#notifications++;
    this.#changes++;
  }
}
