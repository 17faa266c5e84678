import { afterEach, describe, expect, it } from "vitest";
import { type Deferred, deferred } from "../../../src/core/base/async";
import type { Processes } from "../../../src/core/ports/machine";
import { deliveredDraft, seenDraft, snoozedDraft } from "../../../src/core/people/deliveries";
import type { Question } from "../../../src/protocol/attentionRows";
import { behindMs, checkMs, gatherMs, snoozeMs } from "../../../src/protocol/escalationLadder";
import { QuestionTeller } from "../../../src/viewing/questionTeller";
import { type SessionPlace, ShownSessions } from "../../../src/viewing/shownSessions";
import type { WorkspaceRecords } from "../../../src/viewing/workspaceRecords";
import { FakeClock } from "../../support/fakeClock";
import { silentLogger } from "../../support/systemClock";
import { ViewedProject } from "./viewedProject";

const worlds: World[] = [];
afterEach(() => {
  for (const { teller } of worlds.splice(0)) teller.dispose();
});

/** A window, its projects, and other windows as far as their processes live. This one is process 1. */
class World {
  readonly clock = new FakeClock();
  readonly alive = new Set([1]);
  readonly warned: string[] = [];
  readonly projects = new Map<string, ViewedProject>();
  /** Each message: what its questions ask. */
  readonly told: string[][] = [];
  /** `question, attempt`, as this window said that it tells. */
  readonly claims: string[] = [];
  readonly hushed = new Set<string>();
  readonly visible: SessionPlace[] = [];
  trusted = true;
  focused = true;
  /** Set: the record cannot be written. */
  refuses: Error | undefined;
  /** Set: whether a process lives is known once it is resolved. */
  asking: Deferred<undefined> | undefined;
  readonly teller: QuestionTeller;

  constructor() {
    worlds.push(this);
    const processes: Processes = {
      host: "here",
      pid: 1,
      started_at: "start",
      isAlive: async ({ pid }) => {
        await this.asking?.promise;
        return this.alive.has(pid);
      },
    };
    const shown = new ShownSessions(() => this.focused, silentLogger);
    shown.register(() => this.visible);
    this.teller = new QuestionTeller(
      {
        clock: this.clock,
        logger: { debug: () => undefined, warn: (message) => this.warned.push(message) },
        processes: Promise.resolve(processes),
        isTrusted: () => this.trusted,
      },
      {
        pictures: () => [...this.projects.values()].map(({ picture }) => picture),
        get: (key: string) => this.projects.get(key),
      } as unknown as WorkspaceRecords,
      shown,
      {
        isFocused: () => this.focused,
        isHushed: (key) => this.hushed.has(key),
        claim: (question, attempt) => this.#claim(question, attempt),
        tell: (questions) => this.told.push(questions.map(({ reason }) => reason)),
      },
    );
  }

  project(name: string): ViewedProject {
    const project = this.projects.get(`/w#${name}`) ?? new ViewedProject(name, this.clock);
    if (!this.projects.has(project.key)) project.record.onEntry(() => this.teller.look());
    this.projects.set(project.key, project);
    return project;
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  async #claim(question: Question, attempt: number): Promise<void> {
    if (this.refuses) throw this.refuses;
    this.claims.push(`${question.reason}, ${attempt}`);
    const teller = { host: "here", pid: 1, started_at: "start" };
    await this.projects
      .get(question.key)
      ?.record.append(deliveredDraft({ question: question.entry, actor: "human:x" }, teller, attempt));
  }
}

/** Who is asked here waits for others that come with it; a little more than the time for that. */
const soonMs = gatherMs + 200;

describe("a person is told of open questions", () => {
  it("in one message for those that come together, once the record says who tells", async () => {
    const world = new World();
    await world.project("a").asks("First?");
    await world.project("b").asks("Second?");
    await world.pass(gatherMs - 100);
    expect([world.claims, world.told]).toEqual([[], []]);
    await world.pass(300);
    expect(world.claims).toEqual(["First?, 1", "Second?, 1"]);
    expect(world.told).toEqual([["First?", "Second?"]]);
    await world.pass(60_000);
    expect(world.told).toHaveLength(1);
  });

  it("later by the window that they do not look at", async () => {
    const world = new World();
    world.focused = false;
    await world.project("a").asks("Who is there?");
    await world.pass(behindMs);
    expect(world.told).toEqual([]);
    await world.pass(soonMs);
    expect(world.told).toEqual([["Who is there?"]]);
  });

  it("not of a stranger's record, nor of a project that is muted, until that changes; and nothing is written", async () => {
    for (const quiet of ["stranger", "muted"] as const) {
      const world = new World();
      const project = world.project("a");
      world.trusted = quiet !== "stranger";
      if (quiet === "muted") world.hushed.add(project.key);
      await project.asks("Quiet?");
      await world.pass(60_000);
      expect([world.claims, world.told]).toEqual([[], []]);
      world.trusted = true;
      world.hushed.clear();
      world.teller.look();
      await world.pass(soonMs);
      expect(world.told).toEqual([["Quiet?"]]);
    }
  });

  it("not while they have its session in front of them, and when they have not any more", async () => {
    const world = new World();
    const project = world.project("a");
    world.visible.push({ key: project.key, name: project.session() });
    await project.asks("Do you see it?");
    await world.pass(5000);
    expect([world.claims, world.told]).toEqual([["Do you see it?, 1"], []]);
    world.visible.splice(0);
    world.teller.look();
    await world.pass(100);
    expect(world.told).toEqual([["Do you see it?"]]);
  });

  it("by the window that said so first; when that one is gone, by another", async () => {
    const world = new World();
    world.alive.add(2);
    const project = world.project("a");
    const id = await project.asks("Whose is it?");
    const question = project.record.state.escalations.get(id)?.entry;
    if (!question) throw new Error("There is no question.");
    const other = { host: "here", pid: 2, started_at: "then" };
    await project.record.append(deliveredDraft({ question, actor: "human:y" }, other, 1));
    await world.pass(10 * checkMs);
    expect([world.claims, world.told]).toEqual([[], []]);
    world.alive.delete(2);
    await world.pass(checkMs + soonMs);
    expect([world.claims, world.told]).toEqual([["Whose is it?, 2"], [["Whose is it?"]]]);
  });

  it("once, where they know of it; and again when they put it off and the time is over", async () => {
    const world = new World();
    const project = world.project("a");
    const id = await project.asks("Later?");
    const question = project.record.state.escalations.get(id)?.entry;
    if (!question) throw new Error("There is no question.");
    await world.pass(soonMs);
    const until = new Date(world.clock.now() + snoozeMs).toISOString();
    await project.record.append(snoozedDraft({ question, actor: "human:x" }, until, snoozeMs));
    await world.pass(snoozeMs - 1000);
    expect(world.told).toEqual([["Later?"]]);
    await world.pass(2000);
    expect(world.told).toEqual([["Later?"], ["Later?"]]);
    await project.record.append(seenDraft({ question, actor: "human:x" }));
    await world.pass(2 * snoozeMs);
    expect(world.told).toHaveLength(2);
  });

  it("all the same where the record cannot be written, which is logged, and once", async () => {
    const world = new World();
    world.refuses = new Error("The folder is read-only.");
    await world.project("a").asks("Can you hear me?");
    await world.pass(60_000);
    expect(world.told).toEqual([["Can you hear me?"]]);
    expect(world.warned).toEqual(["The folder is read-only."]);
  });

  it("no more once nobody shows messages, also when a look was under way", async () => {
    const world = new World();
    world.alive.add(2);
    const project = world.project("a");
    const id = await project.asks("Too late?");
    const question = project.record.state.escalations.get(id)?.entry;
    if (!question) throw new Error("There is no question.");
    const other = { host: "here", pid: 3, started_at: "then" };
    await project.record.append(deliveredDraft({ question, actor: "human:y" }, other, 1));
    await world.pass(200);
    world.asking = deferred();
    await world.pass(gatherMs);
    world.teller.dispose();
    world.asking.resolve(undefined);
    await world.pass(60_000);
    expect([world.claims, world.told, world.clock.pending]).toEqual([[], [], 0]);
  });
});
