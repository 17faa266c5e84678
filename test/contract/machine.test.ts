import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFolders } from "../../src/adapters/machine/folders";
import { dataFolder } from "../../src/adapters/machine/dataFolder";
import { userKey } from "../../src/adapters/machine/userKey";
import { isAncestor, isForeground, processFacts } from "../../src/adapters/machine/processFacts";
import { createProcesses } from "../../src/adapters/machine/processes";
import { runProgram } from "../../src/adapters/machine/runProgram";
import { systemClock } from "../../src/adapters/machine/systemClock";
import { places } from "../../src/embedded/launchPlaces";
import { until } from "../support/until";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "machine-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the clock", () => {
  it("calls back once, unless disposed of", async () => {
    const calls: string[] = [];
    systemClock.after(1, () => calls.push("never")).dispose();
    systemClock.after(1, () => calls.push("first"));
    await until("the timer fired", () => calls.length > 0);
    expect(calls).toEqual(["first"]);
  });

  it("does not take a long delay for none", () => {
    let called = false;
    const timer = systemClock.after(2 ** 40, () => (called = true));
    timer.dispose();
    expect(called).toBe(false);
    expect(systemClock.monotonic()).toBeLessThanOrEqual(systemClock.monotonic());
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  it("keeps no process alive", () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const timer = systemClock.after(60_000, () => undefined);
    expect(timers()).toBe(before);
    timer.dispose();
  });
});

describe("processes", () => {
  it("know themselves and tell the living from the dead", async () => {
    const processes = await createProcesses();
    expect(processes).toMatchObject({ host: hostname(), pid: process.pid });
    expect(processes.started_at).not.toBe("");
    const { host, pid, started_at } = processes;
    expect(await processes.isAlive({ host, pid, started_at })).toBe(true);
    expect(await processes.isAlive({ host, pid, started_at: `${started_at}0` })).toBe(false);
    expect(await processes.isAlive({ host: "elsewhere", pid, started_at })).toBeUndefined();
    // Another machine of the same name, or the same one before its last start.
    expect(await processes.isAlive({ host, pid, started_at: "00000000-1" })).toBeUndefined();
    expect(await processes.isAlive({ host, pid: 0, started_at })).toBe(false);
    expect(await processes.isAlive({ host, pid: 2 ** 22 + 1, started_at })).toBe(false);
  });

  it("see another process begin and end", async () => {
    const child = spawn("sleep", ["60"]);
    const processes = await createProcesses();
    const started_at = (await processFacts().of(child.pid ?? 0))?.start ?? "";
    expect(started_at).not.toBe("");
    const other = { host: hostname(), pid: child.pid ?? 0, started_at };
    expect(await processes.isAlive(other)).toBe(true);
    child.kill("SIGSTOP");
    for (const platform of ["linux", "darwin"] as const)
      await until("it is stopped", async () => (await processFacts(platform).of(other.pid))?.stopped);
    expect(await processes.isAlive(other)).toBeUndefined();
    child.kill("SIGKILL");
    await once(child, "close");
    expect(await processes.isAlive(other)).toBe(false);
  });

  it("ask ps where there is no /proc", async () => {
    expect(await processFacts("darwin").of(process.pid)).toMatchObject({
      start: expect.stringMatching(/\d{4}$/) as string,
      stopped: false,
    });
    expect(await processFacts("darwin").of(2 ** 22 + 1)).toBeUndefined();
  });
});

describe("ancestors", () => {
  it.each(["linux", "darwin"] as const)("are found on %s", async (platform) => {
    const facts = processFacts(platform);
    expect(await isAncestor(process.ppid, facts)).toBe(true);
    expect(await isAncestor(2 ** 22 + 1, facts)).toBe(false);
    expect(await isAncestor(process.ppid, processFacts("win32"))).toBe(false);
  });
});

describe("the foreground", () => {
  it("is told the same way by /proc and by ps", async () => {
    expect(await isForeground(processFacts("linux"))).toBe(await isForeground(processFacts("darwin")));
    expect(await isForeground(processFacts("win32"))).toBe(true);
  });
});

describe("folders", () => {
  const folders = createFolders();

  it("resolve paths", () => {
    expect(folders.resolve("/a/b", "c")).toBe("/a/b/c");
    expect(folders.resolve("/a/b", "../x")).toBe("/a/x");
    expect(folders.resolve("/a/b", "/x")).toBe("/x");
    expect(folders.resolve("/a/b", ".")).toBe("/a/b");
    expect(folders.resolve("/a/b", "~/x")).toBe(join(homedir(), "x"));
  });

  it("tell whether there is one", async () => {
    writeFileSync(join(root, "file"), "");
    expect(await folders.isFolder(root)).toBe(true);
    expect(await folders.isFolder(join(root, "file"))).toBe(false);
    expect(await folders.isFolder(join(root, "missing"))).toBe(false);
    expect(await createFolders({ local: false }).isFolder("/nowhere/at/all")).toBe(true);
  });

  it("read the state of a git work tree", async () => {
    expect(await folders.gitState(root)).toBeUndefined();
    const git = (...args: string[]): void =>
      void execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@example.com", ...args], {
        cwd: root,
        stdio: "pipe",
      });
    git("init", "--quiet", "--initial-branch=main");
    expect(await folders.gitState(root)).toEqual({ head: "0000000", branch: "main", dirty: 0 });
    writeFileSync(join(root, "one"), "1");
    git("add", "one");
    git("commit", "--quiet", "-m", "first");
    writeFileSync(join(root, "one"), "2");
    writeFileSync(join(root, "two"), "2");
    mkdirSync(join(root, "below"));
    expect(await folders.gitState(join(root, "below"))).toMatchObject({ branch: "main", dirty: 2 });
    git("checkout", "--quiet", "--detach");
    const state = await folders.gitState(root);
    expect(state?.branch).toBeNull();
    expect(state?.head).toMatch(/^[0-9a-f]{12}$/);
    expect(await createFolders({ local: false }).gitState(root)).toBeUndefined();
  });
});

describe("programs", () => {
  it("give their output and exit code, and undefined when they cannot be run", async () => {
    expect(await runProgram("sh", ["-c", "echo out; echo err >&2; exit 3"])).toEqual({
      exit_code: 3,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect(await runProgram("no-such-program-anywhere", [])).toBeUndefined();
    expect(await runProgram("sleep", ["30"], { timeoutMs: 50 })).toBeUndefined();
  });
});

describe("a user's key", () => {
  it("is made once, for this user alone", () => {
    const env = { WSH_ORCHESTRATOR_RUNTIME_DIR: root };
    const key = userKey(env, "redaction-key");
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(userKey(env, "redaction-key")).toBe(key);
    expect(statSync(join(root, "data/redaction-key")).mode & 0o777).toBe(0o600);
  });

  it("is not taken from a link", () => {
    mkdirSync(join(root, "data"));
    writeFileSync(join(root, "other"), `${"a".repeat(32)}\n`);
    symlinkSync(join(root, "other"), join(root, "data/redaction-key"));
    expect(userKey({ WSH_ORCHESTRATOR_RUNTIME_DIR: root }, "redaction-key")).toBeUndefined();
  });

  it("is not taken from a file that others may write into", () => {
    mkdirSync(join(root, "data"));
    writeFileSync(join(root, "data/redaction-key"), `${"a".repeat(32)}\n`);
    chmodSync(join(root, "data/redaction-key"), 0o622);
    expect(userKey({ WSH_ORCHESTRATOR_RUNTIME_DIR: root }, "redaction-key")).toBeUndefined();
  });

  it("lies where the system keeps such data", () => {
    expect(dataFolder({ XDG_DATA_HOME: "/data" }, "linux")).toBe("/data/wsh-orchestrator");
    expect(dataFolder({}, "darwin")).toContain("Application Support");
  });

  it("never lies below the folder that somebody stands in, which may be a stranger's", () => {
    const home = join(userInfo().homedir, ".local/share/wsh-orchestrator");
    vi.stubEnv("HOME", "");
    const relative = { XDG_DATA_HOME: ".local/share", WSH_ORCHESTRATOR_RUNTIME_DIR: "run", XDG_RUNTIME_DIR: "run" };
    expect(dataFolder(relative, "linux")).toBe(home);
    if (process.platform === "linux")
      expect(places({ env: relative })).toMatchObject({ data: home, runtime: expect.stringMatching(/^\//) as string });
    vi.unstubAllEnvs();
  });
});
