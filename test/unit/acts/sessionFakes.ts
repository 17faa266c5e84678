import type { HandOverWorld } from "../../../src/core/acts/handOver";
import type { Hit } from "../../../src/core/ports/targets";
import type { SendWorld } from "../../../src/core/acts/send";
import type { TypingTarget } from "../../../src/core/command/sessionTyping";
import type { PlanRole } from "../../../src/core/model/plan";
import type { SessionMode } from "../../../src/core/model/states";
import type { ConfirmQuestion } from "../../../src/core/ports/people";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { createRedactor } from "../../../src/core/safety/redaction";
import { ownershipTag } from "../../../src/core/session/ownership";
import { type ReachedSession, reachRecorded } from "../../../src/core/session/reachedSession";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { testConsents } from "../../support/testConsents";
import { FakeServer } from "../../support/fakeServer";
import type { FakeTerminal } from "../../support/fakeTerminal";
import { silentLogger } from "../../support/systemClock";
import { ActScene } from "./actingFakes";

/** A project with sessions on a server in memory, and a person who says yes or no. */
export class SessionScene {
  readonly server = new FakeServer();
  readonly asked: ConfirmQuestion[] = [];
  says: boolean | Error = true;
  insideSession: string | undefined;
  /** What there is of what a command would remove. */
  hit: Hit | undefined;
  readonly redactor = createRedactor({ key: "00" });
  #ids = 0;

  private constructor(readonly scene: ActScene) {}

  static async open(): Promise<SessionScene> {
    return new SessionScene(await ActScene.open());
  }

  get world(): SendWorld & Pick<HandOverWorld, "processes" | "runsHere" | "logger"> {
    const { clock, record, by } = this.scene;
    const ids = { next: () => `C${++this.#ids}`, secret: () => `secret${++this.#ids}` };
    const confirm = (question: ConfirmQuestion): Promise<boolean> => {
      this.asked.push(question);
      return this.says instanceof Error ? Promise.reject(this.says) : Promise.resolve(this.says);
    };
    const { actor, processes, runsHere } = by;
    return {
      record,
      clock,
      ids,
      actor,
      processes,
      runsHere,
      insideSession: this.insideSession,
      confirm,
      redactor: this.redactor,
      folders: { hitBy: () => Promise.resolve(this.hit) },
      workspace: "/site",
      policy: createDefaultPolicy(),
      rules: () => Promise.resolve(shippedCatalog),
      consents: testConsents(),
      logger: silentLogger,
    };
  }

  /** A session of the record that is on the server. */
  async session(role: string, mode: SessionMode = "marks", index = 1): Promise<FakeTerminal> {
    const wire = `proj-alpha.${role}.${index}`;
    const k = `key${role}${index}`;
    await this.server.create({ name: wire, env: { WO_K: k }, tags: [ownershipTag(k)], command: 'eval "$WO_START"' });
    this.scene.shared.add({
      kind: "session",
      actor: "engine",
      session_name: `proj-alpha::${role}::${index}`,
      role,
      event: "created",
      state: "idle",
      k,
      wire_name: wire,
      server_id: "fake-1",
      mode,
      text: "It is ready.",
    });
    await this.scene.pass();
    return this.server.terminal(wire);
  }

  /** Somebody else's, by its name on the server. */
  async foreign(name: string, command: string): Promise<ReachedSession> {
    const info = await this.server.create({ name, command });
    return { name, wire: name, chosen: await this.#chosen(), info, context: undefined };
  }

  async reached(name: string): Promise<ReachedSession | undefined> {
    const context = this.scene.record.state.sessions.get(name);
    const reference = { address: this.server.address, server_id: "fake-1" };
    return context && reachRecorded(context, reference, () => this.#chosen());
  }

  async target(name: string, role?: PlanRole): Promise<TypingTarget> {
    const reached = await this.reached(name);
    if (!reached) throw new Error(`There is no ${name}.`);
    return { ...reached, role: () => Promise.resolve(role), cwd: "/site" };
  }

  /** Lets what waits for time go on until `work` is over. */
  async during<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = (): void => void (over = true);
    work.then(done, done);
    for (let turn = 0; !over && turn < 200; turn++) await this.scene.pass(50);
    return work;
  }

  /** What the record has got since, in short. */
  get kinds(): string[] {
    return this.scene.shared.entries.map(({ kind, event }) => (event === undefined ? kind : `${kind} ${event}`));
  }

  async #chosen(): Promise<ReachedSession["chosen"]> {
    return { server: this.server, info: await this.server.info(), builtin: false };
  }

  close(): Promise<void> {
    return this.scene.close();
  }
}
