import {
  type Memento,
  type Tab,
  TabInputTerminal,
  TabInputText,
  type Terminal,
  TerminalExitReason,
  TerminalLocation,
  ThemeIcon,
  ViewColumn,
} from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import { hasCode, messageOf } from "../../core/model/errors";
import { reachSession } from "../../viewing/followedSessions";
import type { SessionPlace } from "../../viewing/shownSessions";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { sessionTitle } from "../../protocol/sessionTitle";
import { shown, type ShownText } from "../shownText";
import { type ShownTerminalOptions, window } from "../shownWindow";
import { SessionTerminal } from "./sessionTerminal";
import {
  type KeptTerminal,
  readKeptTerminals,
  readTerminalPlace,
  type TerminalPlace,
  terminalMemory,
} from "./terminalMemory";

/** VS Code moves a terminal by closing its tab and opening another; what stands still this long is where it is. */
const settledMs = 500;

type AttachedTerminal = Terminal & { readonly creationOptions: { readonly pty: SessionTerminal } };

/**
 * The terminals on sessions of this window: one for each session, where the person had the last one. VS Code brings
 * terminals of extensions back over no reload, so they are made anew.
 */
export class AttachedTerminals implements Disposable {
  readonly #store = new DisposableStore();
  #settling: Disposable | undefined;

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly memory: Memento,
  ) {
    this.#store.add(window.onDidOpenTerminal((terminal) => isOurs(terminal) && this.#lookSoon()));
    this.#store.add(window.onDidCloseTerminal((terminal) => isOurs(terminal) && this.#closed(terminal)));
    this.#store.add(window.tabGroups.onDidChangeTabs(() => this.#lookSoon()));
    this.#store.add(records.onChange(() => this.#retitle()));
  }

  /** The session's terminal comes to the front. A place that is named moves it, and is where the next one opens. */
  async open(session: SessionPlace, named?: TerminalPlace): Promise<void> {
    const there = this.#of(session);
    if (there && (named === undefined || named === placeOf(there))) {
      there.show();
      return;
    }
    if (there) await this.#close(there);
    const place = named ?? readTerminalPlace(this.memory);
    if (named !== undefined) await this.memory.update(terminalMemory.place, named);
    window.createTerminal({ ...this.options(session), location: locations[place] }).show();
    this.#lookSoon();
  }

  /** For a terminal that VS Code makes by itself. The one that the session has goes: the new one has its place. */
  async replace(session: SessionPlace): Promise<ShownTerminalOptions> {
    const there = this.#of(session);
    if (there) await this.#close(there);
    return this.options(session);
  }

  options({ key, name }: SessionPlace): ShownTerminalOptions {
    const title = this.#titleOf({ key, name });
    const pty = new SessionTerminal(
      { key, name },
      () => reachSession(this.world, this.records, name, key),
      this.world.clock,
      this.world.actor,
      this.world.logger,
      () => this.world.processes,
      title,
    );
    return { name: title, pty, iconPath: new ThemeIcon("terminal"), isTransient: true };
  }

  /** Those of the window before its reload, where they were; the focus stays where it is. */
  async restore(): Promise<void> {
    const kept = readKeptTerminals(this.memory);
    if (kept.length === 0) return;
    await this.records.refresh();
    const living: KeptTerminal[] = [];
    for (const each of kept) if (!this.#of(each) && (await this.#lives(each))) living.push(each);
    const before = window.tabGroups.all.flatMap(({ activeTab }) => activeTab ?? []);
    // What was in front comes last: a tab that is made comes to the front.
    for (const each of living.sort((one, other) => Number(one.front) - Number(other.front))) {
      const location = each.column === null ? TerminalLocation.Panel : { viewColumn: each.column, preserveFocus: true };
      window.createTerminal({ ...this.options(each), location });
    }
    const covered = before.filter(
      ({ group: { viewColumn } }) =>
        living.some(({ column }) => column === viewColumn) &&
        !living.some(({ column, front }) => front && column === viewColumn),
    );
    for (const tab of covered) await bringBack(tab);
    this.#lookSoon();
  }

  dispose(): void {
    this.#settling?.dispose();
    this.#store.dispose();
  }

  #titleOf({ key, name }: SessionPlace): ShownText {
    return shown(sessionTitle(this.records.pictures(), key, name).text);
  }

  #retitle(): void {
    for (const { creationOptions } of ours()) creationOptions.pty.retitle(this.#titleOf(creationOptions.pty.session));
  }

  #of({ key, name }: SessionPlace): AttachedTerminal | undefined {
    return ours().find(({ creationOptions: { pty } }) => pty.session.key === key && pty.session.name === name);
  }

  /** Until the session has its size back, which a terminal that comes meanwhile would lose. */
  async #close(terminal: AttachedTerminal): Promise<void> {
    const { pty } = terminal.creationOptions;
    terminal.dispose();
    await pty.detached;
  }

  async #lives({ key, name }: SessionPlace): Promise<boolean> {
    try {
      await reachSession(this.world, this.records, name, key);
      return true;
    } catch (error) {
      this.world.logger.warn(messageOf(error));
      if (hasCode(error, "session_not_found", "project_not_found")) await this.#forget({ key, name });
      return false;
    }
  }

  /** A window that closes takes its terminals along; only what the person closed, or what ended, is forgotten. */
  #closed({ exitStatus, creationOptions: { pty } }: AttachedTerminal): void {
    if (exitStatus?.reason !== TerminalExitReason.Shutdown && !this.#of(pty.session)) void this.#forget(pty.session);
  }

  async #forget({ key, name }: SessionPlace): Promise<void> {
    const kept = readKeptTerminals(this.memory).filter((each) => each.key !== key || each.name !== name);
    await this.memory.update(terminalMemory.attached, kept);
  }

  #lookSoon(): void {
    this.#settling?.dispose();
    this.#settling = this.world.clock.after(settledMs, () => void this.#look());
  }

  /** Remembers what is attached, and where. One that was moved shows where the person wants them. */
  async #look(): Promise<void> {
    const before = readKeptTerminals(this.memory);
    const open = ours();
    const now = open.map((terminal): KeptTerminal => {
      const tab = tabOf(terminal);
      const { session } = terminal.creationOptions.pty;
      return { ...session, column: tab?.group.viewColumn ?? null, front: tab?.isActive ?? false };
    });
    // Of those that are not there yet, or could not be reached, the memory stays.
    const others = before.filter((each) => !this.#of(each));
    const moved = now.find((each) => {
      const former = before.find(({ key, name }) => key === each.key && name === each.name);
      return former && (former.column === null) !== (each.column === null);
    });
    if (moved) await this.memory.update(terminalMemory.place, moved.column === null ? "panel" : "editor");
    const kept = [...others, ...now];
    if (JSON.stringify(kept) !== JSON.stringify(before)) await this.memory.update(terminalMemory.attached, kept);
  }
}

const locations: Readonly<Record<TerminalPlace, NonNullable<ShownTerminalOptions["location"]>>> = {
  panel: TerminalLocation.Panel,
  editor: { viewColumn: ViewColumn.Active },
  beside: { viewColumn: ViewColumn.Beside },
};

function isOurs(terminal: Terminal): terminal is AttachedTerminal {
  return "pty" in terminal.creationOptions && terminal.creationOptions.pty instanceof SessionTerminal;
}

function ours(): AttachedTerminal[] {
  return window.terminals.filter(isOurs).filter(({ exitStatus }) => exitStatus === undefined);
}

/** Undefined: it is in the panel. VS Code tells of a tab with a terminal no more than the terminal's name. */
function tabOf({ name }: Terminal): Tab | undefined {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find((tab) => tab.input instanceof TabInputTerminal && tab.label === name);
}

function placeOf(terminal: Terminal): Exclude<TerminalPlace, "beside"> {
  return tabOf(terminal) ? "editor" : "panel";
}

/** An editor that a terminal was put in front of; VS Code shows no other kind of tab again for an extension. */
async function bringBack({ input, group: { viewColumn }, isPreview }: Tab): Promise<void> {
  if (input instanceof TabInputText)
    await window.showTextDocument(input.uri, { viewColumn, preserveFocus: true, preview: isPreview });
}

/** The session of the terminal that was used last, unless that is an editor behind another one. */
export function attachedSession(): SessionPlace[] {
  const terminal = window.activeTerminal;
  if (!terminal || !isOurs(terminal)) return [];
  const tab = tabOf(terminal);
  return tab && !tab.isActive ? [] : [terminal.creationOptions.pty.session];
}
