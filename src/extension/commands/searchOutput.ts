import { commands, l10n } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { messageOf } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { isLiving } from "../../core/model/states";
import type { Redactor } from "../../core/safety/redaction";
import { plainRow } from "../../core/session/styledText";
import { isForPeople, recordText } from "../../protocol/logLines";
import { reachSession } from "../../viewing/followedSessions";
import {
  OutputSearch,
  type PlaceHits,
  mostOfOnePlace,
  searchedLines,
  type SearchedPlace,
  type SearchedText,
  type SearchHit,
  type UnreadPlace,
} from "../../viewing/outputSearch";
import { Pacer } from "../../viewing/pacer";
import { RecordedEntries } from "../../viewing/recordedEntries";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { commandId } from "../identifiers";
import { showError } from "../messages";
import { shown } from "../shownText";
import { type ShownItem, window } from "../shownWindow";

/** Who types on is not shown what was found for the beginning. */
const typedMs = 120;
/** The list is drawn anew this often while more is found. */
const drawnMs = 100;
const mostShown = 500;

interface HitItem extends ShownItem {
  /** What is typed was looked for already: VS Code hides nothing of it. */
  readonly alwaysShow: true;
  readonly hit?: SearchHit;
}

/** Searches the screens and histories of all sessions, and the logs, while somebody types; what they choose is opened. */
export async function searchOutput(world: HostWorld, records: WorkspaceRecords, given?: unknown): Promise<void> {
  const redactor = await world.redactor;
  const hit = await new SearchBox(world, records, redactor).ask(typeof given === "string" ? given : "");
  if (!hit) return;
  const { key, session_name } = hit.place;
  if (session_name === undefined)
    await commands.executeCommand(commandId("openEntry"), { key, entry: { id: hit.entry_id } });
  else
    await commands.executeCommand(
      commandId("openSessionAsText"),
      { kind: "session", key, name: session_name },
      { line: hit.whole, near: hit.line },
    );
}

/** Sessions with what is newest first, then logs. */
function placesOf(records: WorkspaceRecords): SearchedPlace[] {
  const projects = records.all();
  const sessions = projects.flatMap(({ key, record }) =>
    [...record.state.sessions.values()]
      .filter((session) => isLiving(session))
      .map(({ session_name, updated_at }) => ({ key, session_name, updated_at })),
  );
  return [
    ...sessions
      .sort((one, other) => other.updated_at.localeCompare(one.updated_at))
      .map(({ key, session_name }) => ({ key, session_name })),
    ...projects.map(({ key }) => ({ key })),
  ];
}

/** Throws as `reachSession`, and what reading the log throws. */
async function readPlace(
  world: HostWorld,
  records: WorkspaceRecords,
  { key, session_name }: SearchedPlace,
): Promise<SearchedText> {
  if (session_name !== undefined) {
    const { chosen, wire } = await reachSession(world, records, session_name, key);
    const { lines } = await chosen.server.scrollback(wire, searchedLines, "plain");
    return { lines: lines.map((line) => plainRow(line).trimEnd()) };
  }
  const followed = records.get(key);
  if (!followed) return { lines: [] };
  const reading = new RecordedEntries(followed, isForPeople, () => undefined);
  try {
    return logText(await reading.all());
  } finally {
    reading.dispose();
  }
}

function logText(entries: Awaited<ReturnType<RecordedEntries["all"]>>): SearchedText {
  const lines: string[] = [];
  const ids: string[] = [];
  for (const entry of entries)
    for (const line of recordText(entry)) {
      lines.push(line);
      ids.push(entry.id);
    }
  return { lines, entryOf: (line) => ids[line] };
}

class SearchBox {
  readonly #pick = window.createQuickPick<HitItem>();
  readonly #search: OutputSearch;
  readonly #places: readonly SearchedPlace[];
  readonly #drawing: Pacer;
  #found: (PlaceHits | UnreadPlace)[] = [];
  #looking = new AbortController();
  #delay: Disposable | undefined;

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly redactor: Pick<Redactor, "redact">,
  ) {
    this.#places = placesOf(records);
    this.#search = new OutputSearch(this.#places, (place) => readPlace(world, records, place), world.clock);
    this.#drawing = new Pacer(world.clock, drawnMs, () => this.#draw());
    this.#pick.title = shown(l10n.t("Search Output"));
    this.#pick.placeholder = shown(l10n.t("Text on any screen, in any history or log"));
  }

  /** What the person chooses; undefined when they leave. */
  async ask(text: string): Promise<SearchHit | undefined> {
    const pick = this.#pick;
    pick.value = text;
    try {
      return await new Promise((resolve) => {
        pick.onDidChangeValue(() => this.#lookSoon());
        pick.onDidAccept(() => {
          const hit = pick.selectedItems[0]?.hit;
          if (hit) resolve(hit);
        });
        pick.onDidHide(() => resolve(undefined));
        pick.show();
        this.#lookSoon();
      });
    } finally {
      this.#looking.abort();
      this.#delay?.dispose();
      this.#drawing.dispose();
      pick.dispose();
    }
  }

  #lookSoon(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    this.#delay?.dispose();
    this.#delay = this.world.clock.after(typedMs, () => {
      this.#look(this.#looking.signal).catch((error: unknown) => {
        this.#pick.busy = false;
        showError(error, this.world.logger);
      });
    });
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.#found = [];
    this.#pick.busy = true;
    for await (const found of this.#search.find(this.#pick.value, signal, messageOf)) {
      if (signal.aborted) return;
      this.#found.push(found);
      this.#found.sort((one, other) => this.#places.indexOf(one.place) - this.#places.indexOf(other.place));
      this.#drawing.soon();
      if (this.#found.reduce((sum, each) => sum + ("hits" in each ? each.hits.length : 0), 0) >= mostShown) break;
    }
    if (signal.aborted) return;
    this.#pick.busy = false;
    this.#draw();
  }

  #draw(): void {
    const items = this.#found.flatMap((found) => this.#itemsOf(found));
    const hasMore = this.#found.some((found) => "hits" in found && found.more);
    this.#pick.title = shown(
      hasMore
        ? l10n.t("Search Output: the newest {0} lines of each session and log", mostOfOnePlace)
        : l10n.t("Search Output"),
    );
    const nothing = !this.#pick.busy && items.length === 0 && this.#pick.value.trim() !== "";
    const [active] = this.#pick.activeItems;
    this.#pick.items = nothing
      ? [{ label: shown(l10n.t("No screen, history or log has “{0}”.", this.#pick.value)), alwaysShow: true }]
      : items;
    // Who has gone down the list stays there while more is found.
    const same =
      active?.hit && items.find(({ hit }) => hit?.place === active.hit?.place && hit?.line === active.hit?.line);
    if (same) this.#pick.activeItems = [same];
  }

  #itemsOf(found: PlaceHits | UnreadPlace): HitItem[] {
    const name = this.#nameOf(found.place);
    if ("problem" in found)
      return [{ label: shown(l10n.t("{0} cannot be searched: {1}", name, found.problem)), alwaysShow: true }];
    // VS Code leaves out separators and puts items into an order of its own while something is typed.
    return found.hits.map((hit): HitItem => ({
      label: shown(this.redactor.redact(hit.text)),
      description: shown(name),
      alwaysShow: true,
      hit,
    }));
  }

  #nameOf({ key, session_name }: SearchedPlace): string {
    const project = this.records.get(key)?.project.name ?? "";
    return session_name === undefined
      ? l10n.t("Log of {0}", project)
      : l10n.t("{0} of {1}", shortSession(session_name), project);
  }
}
