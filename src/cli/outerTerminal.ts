import { isForeground } from "../adapters/machine/processFacts";
import { type Disposable, DisposableStore, toDisposable } from "../core/base/lifecycle";
import type { ProjectRecord } from "../core/record/projectRecord";
import { statusClear, statusReport } from "../core/sense/statusReport";
import type { LiveSession } from "../core/session/liveSessions";
import {
  newsBytes,
  noProgress,
  projectNews,
  type TerminalAbilities,
  type TerminalNews,
  titleBytes,
} from "../protocol/terminalNews";
import { keepTitle, titleKept } from "../protocol/terminalDrawing";
import type { Container } from "./container";
import { knowsStatuses } from "./statusQuestion";
import { terminalAbilities } from "./terminalAbilities";

/** States of sessions change without an entry; what did not change is not told. */
const lookMs = 1000;
/** What happens within this time is told at once: what is over by then is nothing to look at. */
const gatherMs = 150;
/** Ghostty takes progress away that nobody repeats. */
const repeatMs = 10_000;

/** How a project ended, as its terminal keeps it; undefined: there is nothing to keep. */
export type KeptEnd = "done" | "error" | undefined;

/**
 * The terminal around this command, told what runs in it. Whatever it was told is taken back when the command ends,
 * however that comes about, and while it is stopped; a project that is done or has failed stays so until the next prompt.
 */
export class OuterTerminal implements Disposable {
  #told: TerminalNews | undefined;
  #news: TerminalNews | undefined;
  #on = true;
  readonly #onExit = (): void => this.#takeBack(undefined);
  readonly #onStop = (): void => {
    this.#takeBack(undefined);
    // Stopped by the signal itself, as a process is that does not listen to it.
    process.off("SIGTSTP", this.#onStop);
    process.kill(process.pid, "SIGTSTP");
  };
  readonly #onContinue = (): void => {
    process.off("SIGTSTP", this.#onStop).on("SIGTSTP", this.#onStop);
    if (this.#news) this.show(this.#news);
  };

  constructor(
    private readonly stdout: Pick<NodeJS.WriteStream, "write">,
    private readonly abilities: TerminalAbilities,
  ) {
    process.on("exit", this.#onExit).on("SIGTSTP", this.#onStop).on("SIGCONT", this.#onContinue);
  }

  show(news: TerminalNews): void {
    if (!this.#on) return;
    this.#news = news;
    const before = this.#told;
    this.#told = news;
    const keep = before === undefined && this.abilities.title ? keepTitle : "";
    const bytes = `${keep}${newsBytes(before, news, this.abilities)}`;
    if (bytes !== "") this.stdout.write(bytes);
  }

  /** Progress once more. */
  repeat(): void {
    if (!this.#on || !this.#told || !this.abilities.progress) return;
    this.stdout.write(newsBytes(undefined, this.#told, { title: false, progress: true, statuses: false }));
  }

  end(kept: KeptEnd): void {
    if (!this.#on) return;
    this.#takeBack(kept);
    this.#on = false;
    process.off("exit", this.#onExit).off("SIGTSTP", this.#onStop).off("SIGCONT", this.#onContinue);
  }

  dispose(): void {
    this.end(undefined);
  }

  /** A terminal without a stack of titles has at least none of ours any more. */
  #takeBack(kept: KeptEnd): void {
    const told = this.#told;
    if (!told) return;
    this.#told = undefined;
    const { title, progress, statuses } = this.abilities;
    const [root] = told.records;
    const parts = [
      ...(progress ? [noProgress] : []),
      ...(statuses ? [statusClear()] : []),
      ...(statuses && kept && root
        ? [statusReport({ state: kept, id: "", app: root.app ?? "", title: root.title ?? "" })]
        : []),
      ...(title ? [titleBytes(""), titleKept] : []),
    ];
    if (parts.length > 0) this.stdout.write(parts.join(""));
  }
}

/**
 * What the terminal understands that this command is in the foreground of, as far as it is known or says so; undefined
 * where there is none, or where it is to be told nothing.
 */
export async function askedAbilities(container: Container): Promise<TerminalAbilities | undefined> {
  const { output, interrupts } = container;
  if (!container.tellsTerminal || !(await isForeground())) return undefined;
  const { title, progress, canBeAsked } = terminalAbilities(container.env);
  const { stdin, stdout } = output;
  const statuses =
    canBeAsked && stdin.isTTY && (await knowsStatuses({ stdin, stdout, interrupt: () => interrupts.raise() }));
  return { title, progress, statuses };
}

/** The terminal around this command; undefined where it is told nothing. */
export async function outerTerminal(container: Container): Promise<OuterTerminal | undefined> {
  const abilities = await askedAbilities(container);
  const isAny = abilities && (abilities.title || abilities.progress || abilities.statuses);
  return isAny ? new OuterTerminal(container.output.stdout, abilities) : undefined;
}

/** Tells it of a project until that is disposed of. */
export function tellProject(
  outer: OuterTerminal,
  record: ProjectRecord,
  name: string,
  live: () => readonly LiveSession[],
): Disposable {
  const store = new DisposableStore();
  const tell = (): void => outer.show(projectNews({ name, state: record.state, live: live() }));
  const every = (ms: number, act: () => void): void => {
    const timer = setInterval(act, ms);
    store.add(toDisposable(() => clearInterval(timer)));
  };
  let soon: NodeJS.Timeout | undefined;
  store.add(toDisposable(() => outer.end(keptEnd(record))));
  store.add(toDisposable(() => clearTimeout(soon)));
  store.add(
    record.onEntry(() => {
      soon ??= setTimeout(() => {
        soon = undefined;
        tell();
      }, gatherMs);
    }),
  );
  every(lookMs, tell);
  every(repeatMs, () => outer.repeat());
  tell();
  return store;
}

/** Of one that was stopped, or needs an answer, nobody works any more. */
function keptEnd({ state: { status } }: ProjectRecord): KeptEnd {
  return status === "done" ? "done" : status === "failed" ? "error" : undefined;
}
