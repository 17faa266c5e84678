import { existsSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { type CliResult, CliWorld, type RunningCli } from "./cliWorld";
import type { RunningServer, serverKinds } from "./servers";

/** The command line in a workspace of its own on a server of a kind. */
export interface CliOnServer {
  readonly world: CliWorld;
  readonly running: RunningServer;
  readonly server: WshServer;
  readonly run: (...args: string[]) => Promise<CliResult>;
  readonly begin: (...args: string[]) => RunningCli;
  /** What a command answers as JSON, with exit code 0. */
  json(...args: string[]): Promise<unknown>;
  /** What commands wait for with `untilGate`; it is gone again after each test. */
  readonly openGate: () => string;
  closeGate(): void;
  /** The server after a crash; its sessions are gone. */
  restart(): Promise<void>;
}

/** A command that ends once the gate is open. */
export const untilGate = "until [ -e gate ]; do sleep 0.05; done";

/** Both are started for the tests of a `describe`, where the server is not missing, and ended behind them. */
export function cliOnServer({ missing, start }: Pick<(typeof serverKinds)[number], "missing" | "start">): CliOnServer {
  let world: CliWorld | undefined;
  let running: RunningServer | undefined;
  let server: WshServer | undefined;
  beforeAll(async () => {
    if (missing !== undefined) return;
    world = new CliWorld();
    running = await start();
    server = running.client();
  });
  const closeGate = (): void => {
    const gate = world && join(world.workspace, "gate");
    if (gate !== undefined && existsSync(gate)) unlinkSync(gate);
  };
  afterEach(closeGate);
  afterAll(async () => {
    await world?.close();
    await running?.stop();
  });
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error("It has not started.");
    return part;
  };
  const options = (): { env: Record<string, string> } => ({
    env: { WSH_ORCHESTRATOR_SERVER: there(running).address },
  });
  return {
    get world() {
      return there(world);
    },
    get running() {
      return there(running);
    },
    get server() {
      return there(server);
    },
    run: (...args) => there(world).run(args, options()),
    begin: (...args) => there(world).start(args, options()),
    json: (...args) => there(world).json(args, 0, options()),
    openGate: () => there(world).write("gate", ""),
    closeGate,
    restart: async () => {
      await there(running).restart();
      server = there(running).client();
    },
  };
}
