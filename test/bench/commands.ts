import { agentCatalog } from "../../src/core/session/agentCatalog";
import { createIds } from "../../src/adapters/ledger/ids";
import { CommandRunner } from "../../src/core/command/commandRunner";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import { SessionOpener } from "../../src/core/session/sessionOpener";
import { SessionPool } from "../../src/core/session/sessionPool";
import { createFolders } from "../../src/adapters/machine/folders";
import { ProjectHarness } from "../support/projectHarness";
import { allowAll, openRoles } from "../support/policies";
import { type RunningServer, serverKinds } from "../support/servers";
import { silentLogger, systemClock } from "../support/systemClock";
import { barePty, bareSockets } from "./bareSession";
import { type Measured, measure, row, verdict } from "./measures";

const runs = 100;

/** The whole loop of the engine: intent on disk, keys, end mark, result on disk; then the screen. */
async function engine(server: RunningServer): Promise<Measured> {
  const client = server.client();
  const harness = await ProjectHarness.create(client, { name: "bench" });
  const record = await ProjectRecord.open(await harness.ledger(), silentLogger, { start: "beginning" });
  const ids = createIds();
  const stop = new AbortController();
  const guard = (): Promise<void> => Promise.resolve();
  const opener = new SessionOpener({
    record,
    server: client,
    info: await client.info(),
    clock: systemClock,
    ids,
    folders: createFolders(),
    logger: silentLogger,
    guard,
    project_id: "bench",
    baseFolder: harness.workspace,
    roles: openRoles(),
    agents: agentCatalog(),
    agentMachine: undefined,
    workspaceTag: "ws-bench",
    defaultShell: "bash",
  });
  const pool = new SessionPool(opener, 1, silentLogger);
  const session = await pool.acquire({ name: "worker", env: {}, count: 1 }, stop.signal);
  const runner = new CommandRunner(record, client, allowAll, systemClock, ids, guard);
  const measured = await measure(runs, 10, async () => {
    const report = await runner.run({
      text: "true",
      session: session.shell,
      mode: session.mode,
      role: "worker",
      cwd: harness.workspace,
      actor: "bench",
    });
    if (report.exit_code !== 0) throw new Error(`true ended with ${report.outcome}`);
    await client.screen(session.shell.identity.wire, "plain");
  });
  await pool.close();
  await record.close();
  return measured;
}

/** What one does without marks: type, wait for half a second of quiet, read the screen. */
async function quiet(server: RunningServer): Promise<Measured> {
  const client = server.client();
  await client.create({ name: "quiet", command: "exec bash --norc --noprofile -i" });
  return measure(5, 1, async () => {
    await client.sendInput("quiet", "true\r");
    await client.waitIdle("quiet", { quietMs: 500, maxWaitMs: 10_000 });
    await client.screen("quiet", "plain");
  });
}

export async function benchCommands(report: (line: string) => void): Promise<void> {
  report("\nCommands: 100 times `true`, one after the other, in bash");
  const pty = await barePty();
  report(row("bare PTY, same marks, nothing written down", await measure(runs, 10, () => pty.run())));
  pty.close();
  for (const kind of serverKinds) {
    if (kind.title.includes("TCP")) continue;
    if (kind.missing) {
      report(`  real wsh: not run, ${kind.missing}`);
      continue;
    }
    const server = await kind.start();
    try {
      const bare = await bareSockets(server.address);
      const floor = await measure(runs, 10, () => bare.run());
      bare.close();
      const ours = await engine(server);
      const slow = await quiet(server);
      report(row(`${kind.title}: bare sockets, same marks`, floor));
      report(row(`${kind.title}: engine, synced record, screen read`, ours));
      report(row(`${kind.title}: quiet-based loop (500 ms)`, slow));
      report(
        verdict(
          "engine above the bare sockets, p50",
          ours.p50 - floor.p50,
          " ms",
          "<= 3 ms",
          ours.p50 - floor.p50 <= 3,
        ),
      );
      report(
        verdict("quiet-based loop / engine, p50", slow.p50 / ours.p50, "x", ">= 100x", slow.p50 / ours.p50 >= 100),
      );
    } finally {
      await server.stop();
    }
  }
}
