import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findProcess, ownStart, processFacts } from "../../src/adapters/machine/processFacts";
import { readDiscovery, writeDiscovery } from "../../src/embedded/launchDiscovery";
import { withLock } from "../../src/embedded/launchLock";
import { temporaryFolder } from "../support/localAddresses";
import { runProgram } from "../../src/adapters/machine/runProgram";

const server = { socket: "/nowhere", url: null, token_file: null, version: "1", server_id: "s", program: "server.js" };

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** As on a system whose facts come from `ps`. */
const withoutProc = (): void => void vi.spyOn(process, "platform", "get").mockReturnValue("darwin");

describe.each(["linux", "darwin"] as const)("the start of a process on %s", (platform) => {
  const facts = processFacts(platform);

  it("is the same in every time zone", async () => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    const inTokyo = await ownStart(facts);
    expect(inTokyo).not.toBe("");
    vi.stubEnv("TZ", "America/Lima");
    expect(await ownStart(facts)).toBe(inTokyo);
    expect(await findProcess({ pid: process.pid, started_at: inTokyo }, facts)).toBe("running");
  });

  it("tells a reused pid", async () => {
    const parents = (await facts.of(process.ppid))?.start ?? "";
    expect(await findProcess({ pid: process.ppid, started_at: parents }, facts)).toBe("running");
    expect(await findProcess({ pid: process.ppid, started_at: "1" }, facts)).toBe("gone");
    expect(await findProcess({ pid: process.ppid, started_at: "Mon Nov 23 12:00:00 2026" }, facts)).toBe("gone");
  });

  it("is done without where the system does not tell it", async () => {
    const mute = { of: () => Promise.resolve(undefined) };
    expect(await findProcess({ pid: process.pid, started_at: "1" }, mute)).toBe("running");
    expect(await findProcess({ pid: 2 ** 22 + 1, started_at: "1" }, mute)).toBe("gone");
  });
});

describe("what was written before", () => {
  it("is known again: ticks behind a dot, and the time of the server's own zone", async () => {
    const onLinux = (await ownStart(processFacts("linux"))).replace("-", ".");
    expect(await findProcess({ pid: process.pid, started_at: onLinux }, processFacts("linux"))).toBe("running");
    vi.stubEnv("TZ", "Asia/Tokyo");
    const local = await runProgram("ps", ["-o", "lstart=", "-p", String(process.pid)], { env: { LC_ALL: "C" } });
    const started_at = local?.stdout.trim() ?? "";
    expect(started_at).not.toBe(await ownStart(processFacts("darwin")));
    expect(await findProcess({ pid: process.pid, started_at }, processFacts("darwin"))).toBe("running");
    expect(await findProcess({ pid: process.pid, started_at: "" }, processFacts("darwin"))).toBe("running");
  });
});

describe("without /proc", () => {
  it("finds a published server from another time zone", async () => {
    withoutProc();
    vi.stubEnv("TZ", "Asia/Tokyo");
    await writeDiscovery(folder, server);
    vi.stubEnv("TZ", "America/Lima");
    const record = readDiscovery(folder);
    expect(record).toMatchObject({ ...server, pid: process.pid });
    expect(record && (await findProcess(record))).toBe("running");
  });

  it("takes no lock from a process that lives", async () => {
    withoutProc();
    const lock = join(folder, "start.lock");
    let inside = 0;
    let most = 0;
    const enter = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      // As long as others need to look at the lock more than once.
      await Promise.all([ownStart(), ownStart()]);
      inside--;
    };
    await Promise.all([withLock(lock, enter), withLock(lock, enter), withLock(lock, enter)]);
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it("takes over the lock of a process that is gone or whose pid was given out anew", async () => {
    withoutProc();
    const lock = join(folder, "start.lock");
    for (const content of [`${2 ** 22 + 1} x`, `${process.pid} Mon Nov 23 12:00:00 2026`]) {
      writeFileSync(lock, content);
      expect(await withLock(lock, () => Promise.resolve(readFileSync(lock, "utf8")))).not.toBe(content);
    }
  });
});
