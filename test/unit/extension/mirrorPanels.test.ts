import { beforeEach, describe, expect, it, vi } from "vitest";
import type { WebviewPanel } from "vscode";
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
    createWebviewPanel: () => {
      const panel = new FakePanel();
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

describe("mirrors side by side", () => {
  beforeEach(async () => {
    mirrors.length = 0;
    panels.length = 0;
    const feeds = { identityOf: (_followed: unknown, session: string) => ({ session, project_id: "p", folder: "f" }) };
    const all = new MirrorPanels(
      { feeds, extensionUri: {} } as unknown as MirrorWorld,
      new ShownSessions(() => true, silentLogger),
    );
    for (const name of ["one", "two"]) await all.open({ followed: {}, name } as unknown as NamedTarget);
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
