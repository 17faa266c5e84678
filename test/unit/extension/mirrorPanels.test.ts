import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ViewColumn, WebviewPanel } from "vscode";
import { EventEmitter } from "../../../src/core/base/event";
import type { NamedTarget } from "../../../src/extension/commands/targets";
import type { MirrorWorld } from "../../../src/extension/mirrors/mirrorPanel";
import { ShownSessions } from "../../../src/viewing/shownSessions";
import { silentLogger } from "../../support/systemClock";

/** What `when` clauses were told, in order. */
const context: unknown[] = [];

class FakePanel {
  visible = true;
  active = true;
  readonly onDisposed = new EventEmitter<undefined>();
  readonly onDidDispose = this.onDisposed.event;
  /** How it was brought to the front, each time. */
  readonly reveals: boolean[] = [];

  /** Where, each time. */
  readonly columns: unknown[] = [];

  reveal(column: unknown, preserveFocus = false): void {
    this.columns.push(column);
    this.reveals.push(preserveFocus);
  }

  dispose(): void {
    this.onDisposed.fire(undefined);
  }
  readonly onDidChangeViewState = new EventEmitter<undefined>().event;
}
const panels: FakePanel[] = [];

vi.mock("vscode", () => ({
  commands: { executeCommand: (_name: string, _key: string, value: boolean) => context.push(value) },
  l10n: { t: (text: string) => text },
  ViewColumn: { Active: -1 },
  Uri: { joinPath: () => ({}) },
  env: { language: "en" },
  languages: {},
  window: {
    createWebviewPanel: (_type: unknown, _title: unknown, place: { viewColumn: unknown; preserveFocus: boolean }) => {
      const panel = new FakePanel();
      panel.columns.push(place.viewColumn);
      panel.reveals.push(place.preserveFocus);
      // A panel that is opened comes to the front.
      for (const other of panels) other.active = false;
      panels.push(panel);
      return panel;
    },
  },
}));
/** A mirror whose keyboard a test takes. */
class FakeMirror {
  isTyping = false;

  constructor(
    readonly panel: WebviewPanel,
    readonly identity: unknown,
    _world: unknown,
    readonly typingChanged: () => void,
  ) {
    mirrors.push(this);
  }

  types(typing: boolean): void {
    this.isTyping = typing;
    this.typingChanged();
  }

  dispose(): void {
    this.types(false);
  }
}
const mirrors: FakeMirror[] = [];
vi.mock("../../../src/extension/mirrors/mirrorPanel", () => ({ MirrorPanel: FakeMirror }));

const { MirrorPanels } = await import("../../../src/extension/mirrors/mirrorPanels");

function panelsOfAWindow(): InstanceType<typeof MirrorPanels> {
  mirrors.length = 0;
  panels.length = 0;
  const feeds = {
    identityOf: (_followed: unknown, session: string) => ({ session, project_id: "p", folder: "f" }),
    followed: () => undefined,
  };
  return new MirrorPanels(
    { feeds, extensionUri: {} } as unknown as MirrorWorld,
    new ShownSessions(() => true, silentLogger),
  );
}

const target = (name: string): NamedTarget => ({ followed: {}, name }) as unknown as NamedTarget;

describe("a look at one session after the other", () => {
  it("leaves the focus where it is, and one mirror behind", async () => {
    const all = panelsOfAWindow();
    const gone: number[] = [];
    for (const name of ["one", "two", "three"]) await all.show(target(name));
    panels.forEach((panel, index) => panel.onDidDispose(() => gone.push(index)));
    expect(panels.map(({ reveals }) => reveals)).toEqual([[true], [true], [true]]);
    await all.show(target("one"));
    expect(gone).toEqual([2]);
    expect(panels.length).toBe(4);
  });

  it("goes to the mirror when it is asked for again, which stays then", async () => {
    const all = panelsOfAWindow();
    await all.show(target("one"));
    await all.show(target("one"));
    const gone: string[] = [];
    panels[0]?.onDidDispose(() => gone.push("one"));
    await all.show(target("two"));
    expect(panels[0]?.reveals).toEqual([true, false]);
    expect(gone).toEqual([]);
  });

  it("stays when it is kept in the moment in which it opens, as with Enter on a row", async () => {
    const all = panelsOfAWindow();
    await Promise.all([all.show(target("one")), all.open(target("one"))]);
    expect(panels.map(({ reveals }) => reveals)).toEqual([[true, false]]);
    const gone: string[] = [];
    panels[0]?.onDidDispose(() => gone.push("one"));
    await all.show(target("two"));
    expect(gone).toEqual([]);
  });

  it("opens where it is dropped, and moves there when it is open elsewhere", async () => {
    // Of the fake VS Code, which has no enumeration of columns.
    const [first, two] = JSON.parse("[1, 2]") as [ViewColumn, ViewColumn];
    const all = panelsOfAWindow();
    await all.open(target("one"), two);
    await all.open(target("one"), first);
    expect(panels.map(({ columns }) => columns)).toEqual([[two, first]]);
  });

  it("takes the place of no mirror that was opened to stay, or that somebody types in", async () => {
    const all = panelsOfAWindow();
    await all.open(target("opened"));
    await all.show(target("typed"));
    mirrors[1]?.types(true);
    await all.show(target("three"));
    const gone: string[] = [];
    panels.forEach((panel, index) => panel.onDidDispose(() => gone.push(String(index))));
    await all.open(target("three"));
    await all.show(target("four"));
    expect(gone).toEqual([]);
    expect(panels.length).toBe(4);
    mirrors[1]?.types(false);
  });
});

describe("mirrors side by side", () => {
  beforeEach(async () => {
    const all = panelsOfAWindow();
    for (const name of ["one", "two"]) await all.open(target(name));
    context.length = 0;
  });

  it("type as the one in front does, whatever becomes of another", () => {
    mirrors[1]?.types(true);
    expect(context).toEqual([true]);
    mirrors[0]?.types(false);
    expect(context).toEqual([true]);
    panels[0]?.onDisposed.fire(undefined);
    expect(context).toEqual([true]);
    mirrors[1]?.types(false);
    expect(context).toEqual([true, false]);
  });

  it("do not type once another one is in front, and do when they are again", () => {
    mirrors[1]?.types(true);
    const [one, two] = panels;
    if (!one || !two) throw new Error("There are no panels.");
    [one.active, two.active] = [true, false];
    for (const mirror of mirrors) mirror.typingChanged();
    [one.active, two.active] = [false, true];
    for (const mirror of mirrors) mirror.typingChanged();
    expect(context).toEqual([true, false, true]);
    panels[1]?.onDisposed.fire(undefined);
    expect(context).toEqual([true, false, true, false]);
  });
});
