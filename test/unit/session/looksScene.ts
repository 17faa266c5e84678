import type { ProjectContext } from "../../../src/core/model/project";
import type { SessionContext } from "../../../src/core/model/session";
import type { ChosenServer, Screen, SessionInfo, TerminalMode } from "../../../src/core/ports/sessions";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { ownershipTag } from "../../../src/core/session/ownership";
import { SessionLooks } from "../../../src/core/session/sessionLooks";
import { askServers, trueSessions } from "../../../src/core/session/trueSessions";
import { FakeClock } from "../../support/fakeClock";
import { FakeServer } from "../../support/fakeServer";
import { MemoryRecord } from "../../support/memoryRecord";
import { silentLogger } from "../../support/systemClock";

export const name = "proj-alpha::worker::1";
export const wire = "proj-alpha.worker.1";
const project = { project_id: "alpha", name: "alpha", server: { address: "unix:/fake", server_id: "fake-1" } };
export const minuteMs = 60_000;
export const atPrompt = { echo: false, canonical: false, foreground: "bash" };
export const inFront = (foreground: string): TerminalMode => ({ echo: true, canonical: true, foreground });

/** A server whose terminal shows what a test says, and tells how long it has been silent. */
class SilentServer extends FakeServer {
  lines: string[] = ["$"];
  alternate = false;
  mode: TerminalMode | undefined = undefined;
  heard = 0;
  looks = 0;

  constructor(private readonly clock: FakeClock) {
    super();
    this.heard = clock.now();
  }

  /** Set: it tells output from input, which came then. */
  typed: number | undefined;
  /** So long the machine slept since then; its own clock stood still meanwhile. */
  slept = 0;

  override async list(tags?: readonly string[]): Promise<SessionInfo[]> {
    const since = (at: number): number => this.clock.now() - this.slept - at;
    return (await super.list(tags)).map((info) => ({
      ...info,
      last_activity_ms: since(Math.max(this.heard, this.typed ?? 0)),
      ...(this.typed === undefined ? {} : { last_output_ms: since(this.heard) }),
    }));
  }

  override screen(): Promise<Screen> {
    this.looks++;
    const row = this.lines.length - 1;
    const cursor = { row, col: (this.lines[row] ?? "").length + 1, visible: true };
    return Promise.resolve({
      lines: this.lines,
      cursor,
      rows: 24,
      cols: 80,
      total_lines: 24,
      alternate_active: this.alternate,
    });
  }

  override terminalMode(): Promise<TerminalMode | undefined> {
    return Promise.resolve(this.mode);
  }
}

export async function scene(quietAfterMs = 10 * minuteMs): Promise<{
  clock: FakeClock;
  server: SilentServer;
  record: MemoryRecord;
  shows: (lines: string[], mode?: TerminalMode) => void;
  look: () => Promise<SessionContext>;
  typed: (command_id: string, text: string) => Promise<void>;
}> {
  const clock = new FakeClock();
  const record = new MemoryRecord(clock);
  const server = new SilentServer(clock);
  await server.create({ name: wire, tags: [ownershipTag("key")] });
  await record.append({
    ...{ kind: "session", actor: "engine", session_name: name, role: "worker", wire_name: wire, mode: "marks" },
    ...{ event: "created", state: "idle", k: "key", server_id: "fake-1", text: "It is ready." },
  });
  const looks = new SessionLooks({
    clock,
    logger: silentLogger,
    quietAfterMs: () => quietAfterMs,
    redact: (line) => line.replaceAll("hunter2", "‹redacted›"),
    rules: () => Promise.resolve(shippedCatalog),
  });
  const recorded = { project: project as ProjectContext, state: record.state };
  const chosen = async (): Promise<ChosenServer> => ({ server, info: await server.info(), builtin: true });
  return {
    clock,
    server,
    record,
    shows: (lines, mode) => {
      server.lines = lines;
      server.mode = mode;
      server.heard = clock.now();
    },
    look: async () => {
      const [session] = trueSessions(recorded, await askServers(chosen, [recorded], looks));
      if (!session) throw new Error("There is no session.");
      return session;
    },
    // As `send` without waiting leaves it.
    typed: async (command_id, input) => {
      const about = { actor: "human:ada", session_name: name, command_id } as const;
      await record.append({ ...about, kind: "command", input, typed_as: "keys", text: `Sent: ${input}` });
      await record.append({ ...about, kind: "result", outcome: "unknown", known_by: "none", text: "Sent." });
    },
  };
}
