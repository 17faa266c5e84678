import { AgeTimer } from "../../../src/viewing/ageTimer";
import { describe, expect, it } from "vitest";
import { EventEmitter } from "../../../src/core/base/event";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { ScreenListener, SessionServer } from "../../../src/core/ports/sessions";
import type { TerminalLook } from "../../../src/protocol/mirror";
import type { OverviewRequests, OverviewTexts, Tile, TileScreen } from "../../../src/protocol/overview";
import { type SessionTile, tilesOf } from "../../../src/protocol/tiles";
import { SessionFeed } from "../../../src/viewing/sessionFeed";
import { SessionGrid } from "../../../src/viewing/sessionGrid";
import { FakeClock } from "../../support/fakeClock";
import { silentLogger } from "../../support/systemClock";
import { screenOf } from "./mirrorHarness";
import { ViewedProject } from "./viewedProject";
import { nothingToDo } from "../../../src/core/model/remedy";

interface Posted {
  readonly kind: string;
  readonly id?: number;
  readonly name?: string;
  readonly params?: unknown;
  readonly sentence?: string;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The page with all sessions of two projects, played by a test, and the streams of their screens. */
class World {
  readonly clock = new FakeClock();
  readonly projects = [new ViewedProject("a", this.clock), new ViewedProject("b", this.clock)] as const;
  readonly posted: Posted[] = [];
  readonly opened: string[] = [];
  notice = "";
  /** The streams that somebody looks at, by session. */
  readonly streams = new Map<string, ScreenListener>();
  /** Feeds that the page holds. */
  held = 0;
  looked = 0;
  /** Set: a mirror cannot be opened. */
  refuses: Error | undefined;
  readonly grid: SessionGrid;
  readonly changes = new EventEmitter<undefined>();
  #receive: (message: unknown) => void = () => undefined;
  #asked = 0;

  constructor() {
    this.grid = new SessionGrid(
      {
        postMessage: (message) => this.posted.push(message),
        onDidReceiveMessage: (listener) => {
          this.#receive = listener;
          return { dispose: () => (this.#receive = () => undefined) };
        },
      },
      {
        onChange: this.changes.event,
        notice: () => this.notice,
        pictures: () => {
          this.looked++;
          return this.projects.map(({ picture }) => picture);
        },
        hold: (tile) => this.#hold(tile),
      },
      {
        clock: this.clock,
        ages: new AgeTimer(this.clock),
        logger: silentLogger,
        texts: () => ({ some: "", sessions: { one: "", many: "" }, groups: {} as OverviewTexts["groups"] }),
        look: () => ({}) as TerminalLook,
        open: ({ session }) => {
          if (this.refuses) return Promise.reject(this.refuses);
          this.opened.push(session);
          return Promise.resolve();
        },
      },
    );
  }

  #hold({ session }: SessionTile): { readonly feed: SessionFeed; dispose(): void } {
    const server = {
      address: "unix:/s",
      info: () => Promise.resolve({ server_id: "1" }),
      watch: () => ({ dispose: () => undefined }),
      openScreen: (_wire: string, _format: string, listener: ScreenListener) => {
        this.streams.set(session, listener);
        return { opened: Promise.resolve(), dispose: () => this.streams.delete(session) };
      },
    } as unknown as SessionServer;
    const feed = new SessionFeed({
      clock: this.clock,
      logger: silentLogger,
      reach: () =>
        Promise.resolve({ wire: session, chosen: { server, info: { server_id: "1" } as never, builtin: true } }),
      endSentence: () => "It has ended.",
    });
    this.held++;
    return { feed, dispose: () => (this.held -= 1) };
  }

  /** The ids that the page knows the sessions by, as they stand there. */
  get ids(): string[] {
    return tilesOf(
      this.projects.map(({ picture }) => picture),
      this.clock.now(),
    ).map(({ id }) => id);
  }

  /** The page asks; gives its answer. */
  async ask<N extends keyof OverviewRequests>(name: N, params: OverviewRequests[N]["params"]): Promise<Posted> {
    const id = ++this.#asked;
    this.#receive({ kind: "request", id, name, params });
    await settle();
    const answer = this.posted.find((message) => message.id === id);
    if (!answer) throw new Error(`${name} has no answer.`);
    return answer;
  }

  /** The page is seen, and says that it can hear. */
  async show(): Promise<void> {
    this.grid.visible = true;
    await this.ask("ready", {});
    this.clock.advance(0);
  }

  /** What the page was told last of its tiles. */
  tiles(): readonly Tile[] {
    const told = this.posted.findLast(({ kind, name }) => kind === "event" && name === "tiles");
    return (told?.params as { readonly tiles: readonly Tile[] } | undefined)?.tiles ?? [];
  }

  screen(session: string, text: string): void {
    this.streams.get(session)?.screen(screenOf(text));
  }

  /** What the page was told since the last call; of screens whose they are, and whether all of them came. */
  told(): string[] {
    return this.posted
      .splice(0)
      .filter(({ kind }) => kind === "event")
      .map(({ name, params }) =>
        name === "screens"
          ? (params as { screens: readonly TileScreen[] }).screens
              .map((each) => `${"picture" in each ? "picture" : "change"} ${this.ids.indexOf(each.id)}`)
              .join(", ")
          : (name ?? ""),
      );
  }
}

/** Two sessions that live, one in each project. */
async function twoSessions(): Promise<World> {
  const world = new World();
  for (const project of world.projects) await project.does("working");
  await world.show();
  return world;
}

describe("the page with all sessions", () => {
  it("gets the sessions that live once it can hear, and again when one is another", async () => {
    const world = await twoSessions();
    expect(world.told()).toEqual(["tiles"]);
    world.changes.fire(undefined);
    expect(world.told()).toEqual([]);
    await world.projects[0].does("idle");
    world.changes.fire(undefined);
    expect(world.told()).toEqual(["tiles"]);
  });

  it("is told when a server is gone that had others", async () => {
    const world = await twoSessions();
    world.told();
    world.notice = "The session server ended.";
    world.changes.fire(undefined);
    expect(JSON.stringify(world.posted)).toContain('"notice":"The session server ended."');
    expect(world.told()).toEqual(["tiles"]);
    world.changes.fire(undefined);
    expect(world.told()).toEqual([]);
  });

  it("gets those that are over only where it wants them, and no screens of these", async () => {
    const world = await twoSessions();
    await world.projects[0].does("exited");
    world.changes.fire(undefined);
    expect(world.tiles().map(({ group }) => group)).toEqual(["working"]);
    await world.ask("include", { ended: true });
    const tiles = world.tiles();
    expect(tiles.map(({ group }) => group)).toEqual(["working", "ended"]);
    await world.ask("watch", { ids: tiles.map(({ id }) => id) });
    expect(world.held).toBe(1);
    await world.ask("open", { id: tiles[1]?.id ?? "" });
    expect(world.opened).toEqual([world.projects[0].session()]);
    await world.ask("include", { ended: false });
    expect(world.tiles()).toHaveLength(1);
  });

  it("has their ages renewed while it is seen", async () => {
    const world = await twoSessions();
    world.told();
    world.clock.advance(60_000);
    expect(world.told().length).toBeGreaterThan(0);
    world.grid.visible = false;
    expect(world.clock.pending).toBe(0);
  });

  it("gets the screens of the tiles that somebody can see, together, and of no others", async () => {
    const world = await twoSessions();
    const [first, second] = world.projects.map((project) => project.session());
    await world.ask("watch", { ids: world.ids });
    world.clock.advance(100);
    world.told();
    world.screen(first ?? "", "one");
    world.screen(second ?? "", "two");
    world.screen(second ?? "", "two and more");
    expect(world.told()).toEqual([]);
    world.clock.advance(50);
    expect(world.told()).toEqual(["picture 0, picture 1"]);
    world.screen(first ?? "", "one more");
    world.clock.advance(50);
    expect(world.told()).toEqual(["change 0"]);
    await world.ask("watch", { ids: world.ids.slice(1) });
    expect([world.held, [...world.streams.keys()]]).toEqual([1, [second]]);
  });

  it("gets a whole picture of a tile whose changes it missed", async () => {
    const world = await twoSessions();
    await world.ask("watch", { ids: world.ids });
    world.screen(world.projects[0].session(), "one");
    world.clock.advance(50);
    world.told();
    await world.ask("resync", { ids: world.ids });
    world.clock.advance(50);
    expect(world.told()).toEqual(["picture 0"]);
  });

  it("costs nothing while nobody sees it: no stream, no timer, no look at the record", async () => {
    const world = await twoSessions();
    await world.ask("watch", { ids: world.ids });
    world.screen(world.projects[0].session(), "one");
    world.grid.visible = false;
    world.told();
    const looked = world.looked;
    world.changes.fire(undefined);
    world.grid.tellLook();
    world.clock.advance(60_000);
    expect(world.told()).toEqual([]);
    expect([world.held, world.streams.size, world.clock.pending, world.looked - looked]).toEqual([0, 0, 0, 0]);
  });

  it("watches nothing by a request that was on its way when it was hidden", async () => {
    const world = await twoSessions();
    const { ids } = world;
    world.grid.visible = false;
    await world.ask("watch", { ids });
    expect(world.held).toBe(0);
  });

  it("begins anew when it is seen again, and one that was hidden before it could hear is told nothing", async () => {
    const world = await twoSessions();
    world.told();
    world.grid.visible = false;
    world.grid.visible = true;
    await world.ask("ready", {});
    world.grid.visible = false;
    world.clock.advance(0);
    expect(world.told()).toEqual([]);
    await world.show();
    expect(world.told()).toEqual(["tiles"]);
  });

  it("opens the mirror of a session, and says why when it cannot", async () => {
    const world = await twoSessions();
    const [id = ""] = world.ids;
    expect(await world.ask("open", { id })).toMatchObject({ kind: "answer" });
    expect(await world.ask("open", { id: "nobody's" })).toMatchObject({ kind: "answer" });
    expect(world.opened).toEqual([world.projects[0].session()]);
    world.refuses = new OrchestratorError("internal", "It cannot be opened.", nothingToDo);
    expect(await world.ask("open", { id })).toMatchObject({ kind: "refusal", sentence: "It cannot be opened." });
  });

  it("leaves nothing behind when it is closed", async () => {
    const world = await twoSessions();
    await world.ask("watch", { ids: world.ids });
    world.grid.dispose();
    world.told();
    world.changes.fire(undefined);
    world.clock.advance(60_000);
    expect([world.told(), world.held, world.clock.pending]).toEqual([[], 0, 0]);
  });
});
