import { type ChildProcess, execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processFacts } from "../../src/adapters/machine/processFacts";
import { findBuiltinServer, startBuiltinServer, stopBuiltinServer } from "../../src/embedded/launch";
import type { RunningServer } from "../../src/embedded/launchPublished";
import { writeDiscovery } from "../../src/embedded/launchDiscovery";
import type { FindOptions } from "../../src/embedded/launchPlaces";
import { BuiltinServer, endProcess, spawnServer } from "../support/builtinServer";
import { serverBundle } from "../support/serverBundle";
import { temporaryFolder } from "../support/localAddresses";
import { RawHttp } from "../support/rawHttp";
import { until } from "../support/until";
import { isAlive, untilRow } from "../support/wireSessions";

let folder: string;
let options: FindOptions & { bundle: string };

beforeEach(async () => {
  folder = await temporaryFolder();
  options = {
    bundle: await serverBundle(),
    env: {
      ...process.env,
      WSH_ORCHESTRATOR_RUNTIME_DIR: folder,
      VSCODE_PID: "1",
      ELECTRON_RUN_AS_NODE: "1",
    },
  };
});
afterEach(async () => {
  await stopBuiltinServer(options);
});

const httpOf = (server: RunningServer): RawHttp => new RawHttp({ socketPath: server.socket ?? "" });

describe("the launcher of the built-in server", () => {
  it("starts one server for two callers at once, and finds it again", async () => {
    expect(await findBuiltinServer(options)).toBeUndefined();
    const [one, other] = await Promise.all([startBuiltinServer(options), startBuiltinServer(options)]);
    expect(other).toEqual(one);
    expect(await findBuiltinServer(options)).toEqual(one);
    expect(await startBuiltinServer(options)).toEqual(one);
    expect(one.address).toBe(`unix:${one.socket ?? ""}`);
    expect((await httpOf(one).get("/server/info")).json).toMatchObject({
      server_id: one.server_id,
      implementation: "wsh-orchestrator",
    });
    expect(one.started_at).toBe((await processFacts().of(one.pid))?.start);
  });

  it("says in the server's own words why it did not start", async () => {
    const runtime = join(folder, "runtime");
    await mkdir(runtime, { recursive: true, mode: 0o700 });
    await writeFile(join(runtime, "server.sock"), "no socket");
    await expect(startBuiltinServer(options)).rejects.toThrow(/It said: .*server\.sock exists and is not a socket\.$/);
  });

  it("runs from a complete copy of its own, in a process group of its own, with files for the user alone", async () => {
    const server = await startBuiltinServer(options);
    expect(server.program).toMatch(/\/data\/server\/[^/]+-[0-9a-f]{12}\/server\.js$/);
    expect(server.version).toBe(
      (JSON.parse(await readFile(join(server.program, "..", "package.json"), "utf8")) as { version: string }).version,
    );
    const group = execFileSync("ps", ["-o", "pgid=", "-p", String(server.pid)], { encoding: "utf8" }).trim();
    expect(group).toBe(String(server.pid));
    for (const path of [join(folder, "runtime"), join(folder, "data"), join(folder, "data", "server")])
      expect((await stat(path)).mode & 0o777).toBe(0o700);
    for (const path of [
      server.socket ?? "",
      join(folder, "runtime", "server.json"),
      join(folder, "data", "server.log"),
    ])
      expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("gives sessions an environment without the editor's variables", async () => {
    const server = await startBuiltinServer(options);
    const http = httpOf(server);
    await http.post("/sessions", {
      name: "env",
      command: "env | grep -c '^VSCODE_\\|^ELECTRON_\\|^npm_'; echo $TERM; sleep 100",
    });
    await untilRow(http, "env", "xterm-256color");
    await untilRow(http, "env", "0");
  });

  it("stops it with all sessions, and leaves no process and no socket", async () => {
    const server = await startBuiltinServer(options);
    const session = (await httpOf(server).post("/sessions", { command: "trap '' HUP TERM; sleep 1000; sleep 1000" }))
      .json as { pid: number };
    const start = performance.now();
    expect(await stopBuiltinServer(options)).toBe(true);
    expect(performance.now() - start).toBeLessThan(2_500);
    expect([isAlive(server.pid), isAlive(session.pid)]).toEqual([false, false]);
    await expect(stat(server.socket ?? "")).rejects.toThrow("ENOENT");
    await expect(stat(join(folder, "runtime", "server.json"))).rejects.toThrow("ENOENT");
    expect(await stopBuiltinServer(options)).toBe(false);
  });

  it("takes neither a dead server nor another process of its pid for a running one", async () => {
    const first = await startBuiltinServer(options);
    process.kill(first.pid, "SIGKILL");
    await until("it is dead", () => !isAlive(first.pid));
    const second = await startBuiltinServer(options);
    expect(second.pid).not.toBe(first.pid);
    const path = join(folder, "runtime", "server.json");
    // It would put its own record back.
    process.kill(second.pid, "SIGSTOP");
    await writeFile(path, JSON.stringify({ ...second, started_at: "1" }));
    expect(await findBuiltinServer(options)).toBeUndefined();
    expect(await stopBuiltinServer(options)).toBe(false);
    if (process.platform === "linux") {
      // The same pid and time since the start of the machine, but another start of it.
      await writeFile(path, JSON.stringify({ ...second, started_at: second.started_at.replace(/^[^-]+/, "00000000") }));
      expect(await stopBuiltinServer(options)).toBe(false);
    }
    await writeFile(path, JSON.stringify(second));
    process.kill(second.pid, "SIGCONT");
  });

  it("takes over the lock of a process that is gone", async () => {
    const ended = await spawnServer(folder, []);
    await endProcess(ended, "SIGKILL");
    await mkdir(join(folder, "data"), { mode: 0o700 });
    await writeFile(join(folder, "data", "start.lock"), `${ended.pid ?? 0} 1 x`);
    expect((await startBuiltinServer(options)).pid).toBeGreaterThan(0);
  });

  it("takes over a lock that a power cut left without its content, and a record that was not put in place", async () => {
    await mkdir(join(folder, "data"), { mode: 0o700 });
    const lock = join(folder, "data", "start.lock");
    await writeFile(lock, "");
    await utimes(lock, 1, 1);
    await writeFile(join(folder, `server.json.${process.pid}`), "half");
    const server = await startBuiltinServer(options);
    expect(server.pid).toBeGreaterThan(0);
    const { address: _, ...record } = server;
    await writeDiscovery(folder, record);
    expect(JSON.parse(await readFile(join(folder, "server.json"), "utf8"))).toEqual(record);
  });

  it("keeps a server of another build as long as it has sessions, and replaces it then", async () => {
    const old = await startBuiltinServer(options);
    const http = httpOf(old);
    await http.post("/sessions", { name: "busy", command: "sleep 1000" });
    const bundle = join(options.bundle, "..", `newer.${process.pid}.js`);
    await writeFile(bundle, `${await readFile(options.bundle, "utf8")}\n// another build\n`);
    const newer = { ...options, bundle };
    expect((await startBuiltinServer(newer)).pid).toBe(old.pid);
    await http.send("DELETE", "/sessions/busy");
    const replaced = await startBuiltinServer(newer);
    expect(replaced.pid).not.toBe(old.pid);
    expect(isAlive(old.pid)).toBe(false);
  });

  it("uses a short path for the socket when the folder's is too long", async () => {
    const deep = join(folder, "x".repeat(90));
    await mkdir(deep, { mode: 0o700 });
    const long = { ...options, env: { ...options.env, WSH_ORCHESTRATOR_RUNTIME_DIR: deep } };
    const server = await startBuiltinServer(long);
    expect(Buffer.byteLength(server.socket ?? "")).toBeLessThanOrEqual(100);
    expect((await stat(join(server.socket ?? "", ".."))).mode & 0o777).toBe(0o700);
    await stopBuiltinServer(long);
  });

  it("does not use a folder that others may write to", async () => {
    await mkdir(join(folder, "runtime"));
    await chmod(join(folder, "runtime"), 0o777);
    await expect(startBuiltinServer(options)).rejects.toThrow(/must belong to you and be closed to other users/);
  });

  it("names the folder of data and the way out where a file stands in its place", async () => {
    await writeFile(join(folder, "file"), "");
    for (const dataDirectory of [join(folder, "file"), join(folder, "file/deep/down")])
      await expect(startBuiltinServer({ ...options, dataDirectory })).rejects.toMatchObject({
        message: `The session server needs the folder ${dataDirectory}, but ${join(folder, "file")} is not a folder.`,
        next: expect.stringContaining("WSH_ORCHESTRATOR_RUNTIME_DIR") as string,
      });
  });

  const isRoot = process.getuid?.() === 0;
  const whyNot = isRoot ? " [not run: needs another user than root, who may write anywhere]" : "";
  it.skipIf(isRoot)(`and where nobody may write${whyNot}`, async () => {
    await mkdir(join(folder, "closed"), { mode: 0o500 });
    for (const dataDirectory of [join(folder, "closed"), join(folder, "closed/deep/down")])
      await expect(startBuiltinServer({ ...options, dataDirectory })).rejects.toMatchObject({
        message: `The session server needs the folder ${dataDirectory}, but you may not write there.`,
      });
  });

  it("says where to look when the server does not start", async () => {
    const bundle = join(options.bundle, "..", `broken.${process.pid}.js`);
    await writeFile(bundle, "throw new Error('broken on purpose')");
    await expect(startBuiltinServer({ ...options, bundle })).rejects.toMatchObject({
      message: expect.stringContaining("ended with exit code 1") as string,
      next: expect.stringContaining("server.log") as string,
    });
  });
});

describe("the server's own end", () => {
  const exited = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once("exit", (code) => resolve(code)));

  it("comes by itself when nobody needs it, and not before", async () => {
    const server = await BuiltinServer.start("--idle-exit", "--idle-seconds", "1");
    const end = exited(server.child);
    await server.unix.post("/sessions", { name: "one", command: "sleep 1.5" });
    const start = performance.now();
    expect(await end).toBe(0);
    expect(performance.now() - start).toBeGreaterThan(2_000);
    await server.stop();
  });

  it("comes quickly on a signal, with everything that ran in it", async () => {
    const server = await BuiltinServer.start();
    const raw = (
      await server.unix.post("/sessions", { name: "one", command: "trap '' HUP TERM INT; sleep 1000; sleep 1000" })
    ).json as { pid: number };
    const socket = await server.unix.open("/sessions/one/ws/raw");
    const end = exited(server.child);
    const start = performance.now();
    server.child.kill("SIGINT");
    expect(await socket.untilClosed()).toEqual({ code: 1000, reason: "session ended" });
    expect(await end).toBe(0);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(isAlive(raw.pid)).toBe(false);
    await server.stop();
  });
});
