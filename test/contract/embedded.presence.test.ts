import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  findBuiltinServer,
  lostServers,
  startBuiltinServer,
  stopBuiltinServer,
  stopServerProcess,
} from "../../src/embedded/launch";
import type { RunningServer } from "../../src/embedded/launchPublished";
import { type FindOptions, fallbackPlace } from "../../src/embedded/launchPlaces";
import { readDiscovery } from "../../src/embedded/launchDiscovery";
import { endProcess } from "../support/builtinServer";
import { temporaryFolder } from "../support/localAddresses";
import { RawHttp } from "../support/rawHttp";
import { serverBundle } from "../support/serverBundle";
import { until } from "../support/until";

let folder: string;
let options: FindOptions & { bundle: string };

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv("TMPDIR", join(folder, "tmp"));
  await mkdir(join(folder, "tmp"));
  options = { bundle: await serverBundle(), env: { ...process.env, WSH_ORCHESTRATOR_RUNTIME_DIR: folder } };
});
afterEach(async () => {
  await stopBuiltinServer(options);
  for (const lost of await lostServers(options)) await stopServerProcess(lost);
  vi.unstubAllEnvs();
});

const httpOf = (server: RunningServer): RawHttp => new RawHttp({ socketPath: server.socket ?? "" });

async function startedWithSession(): Promise<RunningServer> {
  const server = await startBuiltinServer(options);
  expect((await httpOf(server).post("/sessions", { name: "kept", command: "sleep 1000" })).status).toBe(201);
  return server;
}

async function isBack(before: RunningServer): Promise<RunningServer> {
  const found = await until("the server is back", () => findBuiltinServer(options));
  expect(found).toMatchObject({ pid: before.pid, server_id: before.server_id });
  expect((await httpOf(found).get("/sessions")).json).toMatchObject([{ name: "kept" }]);
  return found;
}

describe("a server whose folder is emptied", () => {
  it("comes back by itself, with its sessions", async () => {
    const server = await startedWithSession();
    await rm(join(folder, "runtime"), { recursive: true });
    await isBack(server);
    await rm(server.socket ?? "");
    await isBack(server);
  });

  it("is found by all who start one at that moment", async () => {
    const server = await startedWithSession();
    await rm(join(folder, "runtime"), { recursive: true });
    const started = await Promise.all([1, 2, 3].map(() => startBuiltinServer(options)));
    expect(started.map(({ pid }) => pid)).toEqual([server.pid, server.pid, server.pid]);
    expect(await lostServers(options)).toEqual([]);
  });

  it("still makes sessions when its copy on disk is deleted too", async () => {
    const server = await startedWithSession();
    await rm(join(folder, "runtime"), { recursive: true });
    await rm(join(folder, "data"), { recursive: true });
    const back = await isBack(server);
    const made = await httpOf(back).post("/sessions", { name: "later", command: "sleep 1000" });
    expect([made.status, made.json]).toMatchObject([201, { name: "later" }]);
  });

  it("moves where its folder cannot be made, is found there, and moves back", async () => {
    const run = join(folder, "run");
    await mkdir(run);
    const { WSH_ORCHESTRATOR_RUNTIME_DIR: _, ...env } = options.env ?? {};
    options = { ...options, env: { ...env, XDG_RUNTIME_DIR: run, XDG_DATA_HOME: join(folder, "share") } };
    const server = await startedWithSession();
    expect(server.socket).toBe(join(run, "wsh-orchestrator/server.sock"));
    await rm(run, { recursive: true });
    await writeFile(run, "no folder can be here");
    expect((await isBack(server)).socket).toBe(fallbackPlace(join(run, "wsh-orchestrator")).socket);
    expect((await startBuiltinServer(options)).pid).toBe(server.pid);
    await rm(run);
    await mkdir(run);
    expect((await startBuiltinServer(options)).pid).toBe(server.pid);
    process.kill(server.pid, "SIGUSR2");
    await until("it is where it was", async () => (await isBack(server)).socket === server.socket);
  });

  it("says that it runs where it can be nowhere, and is back as soon as it can", async () => {
    const server = await startedWithSession();
    const socket = server.socket ?? "";
    await writeFile(fallbackPlace(dirname(socket)).runtime, "no folder can be here");
    await rm(socket);
    await mkdir(socket);
    await expect(startBuiltinServer(options)).rejects.toThrow(
      `The session server runs in process ${server.pid}, but it cannot make its socket ${socket} again.`,
    );
    expect(await lostServers(options)).toMatchObject([{ pid: server.pid, sessions: 1 }]);
    await rm(socket, { recursive: true });
    expect((await startBuiltinServer(options)).pid).toBe(server.pid);
  });

  it("is not lost where another runtime folder leads to it", async () => {
    const launched = await startBuiltinServer(options);
    const away = join(folder, "away");
    await mkdir(away, { mode: 0o700 });
    const [socket, flag] = [join(away, "server.sock"), "--keep-place"];
    const other = spawn(process.execPath, [launched.program, "run", "--socket", socket, "--discovery", away, flag], {
      stdio: "ignore",
    });
    try {
      await until("it runs", () => Promise.resolve(readDiscovery(away)));
      expect(await lostServers(options)).toEqual([]);
      // Stopped, it cannot come back before somebody has looked.
      other.kill("SIGSTOP");
      await rm(away, { recursive: true });
      expect((await lostServers(options)).map(({ pid }) => pid)).toEqual([other.pid]);
      await writeFile(away, "no folder can be here");
      other.kill("SIGCONT");
      await until("it is where it can be", async () => (await lostServers(options)).length === 0);
      expect(readDiscovery(fallbackPlace(away).runtime)?.pid).toBe(other.pid);
    } finally {
      other.kill("SIGCONT");
      await endProcess(other, "SIGTERM");
    }
  });

  it("is found and can be stopped when it is of an older build, which does not come back", async () => {
    const now = await startBuiltinServer(options);
    const { program } = now;
    const [socket, runtime] = [now.socket ?? "", dirname(now.socket ?? "")];
    await stopBuiltinServer(options);
    const older = spawnOlder(program, socket, runtime);
    try {
      const first = await until("it runs", () => findBuiltinServer(options));
      await httpOf(first).post("/sessions", { name: "kept", command: "sleep 1000" });
      await rm(runtime, { recursive: true });
      const second = await startBuiltinServer(options);
      expect(second.pid).not.toBe(older.pid);
      const [lost, ...others] = await lostServers(options);
      expect(lost).toMatchObject({ pid: older.pid, sessions: 1, returns: false });
      expect(others).toEqual([]);
      expect(lost && (await stopServerProcess(lost))).toBe(true);
      expect(await lostServers(options)).toEqual([]);
      // Its end takes nothing away from the one that has its place.
      expect((await findBuiltinServer(options))?.pid).toBe(second.pid);
    } finally {
      await endProcess(older, "SIGKILL");
    }
  });
});

function spawnOlder(program: string, socket: string, runtime: string): ChildProcess {
  const args = [program, "run", "--socket", socket, "--discovery", runtime, "--idle-exit"];
  return spawn(process.execPath, args, { stdio: "ignore" });
}
