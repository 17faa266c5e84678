import { type ChildProcess, spawn } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createServerProcesses } from "../../src/adapters/machine/serverProcesses";
import type { ServerPlace } from "../../src/core/ports/servers";
import { endProcess } from "../support/builtinServer";
import { freePort, temporaryFolder } from "../support/localAddresses";
import { until } from "../support/until";

const processes = createServerProcesses();

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  if (child) await endProcess(child, "SIGKILL");
});

/** A program of that name that listens there. */
async function listens(name: string, place: ServerPlace): Promise<ChildProcess> {
  const program = join(folder, name);
  symlinkSync(process.execPath, program);
  const at = JSON.stringify("port" in place ? place.port : place.socket);
  child = spawn(program, ["-e", `require("net").createServer().listen(${at}, () => console.log("listens"))`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { stdout } = child;
  await new Promise((resolve) => stdout?.once("data", resolve));
  return child;
}

describe.runIf(process.platform === "linux" || process.platform === "darwin")("the process of a wsh", () => {
  it.each(["a port", "a socket"])("is known by %s where it listens, and when it has ended", async (where) => {
    const place = where === "a port" ? { port: await freePort() } : { socket: join(folder, "default.http.sock") };
    expect(await processes.listening(place)).toBeUndefined();
    const wsh = await listens("wsh", place);
    const found = await processes.listening(place);
    expect(found).toMatchObject({ pid: wsh.pid });
    if (!found) throw new Error("It was found.");
    expect(await processes.hasEnded(found)).toBe(false);
    await endProcess(wsh, "SIGKILL");
    await until("its end", () => processes.hasEnded(found));
    expect(await processes.hasEnded({ ...found, host: "another" })).toBe(false);
    expect(await processes.hasEnded({ ...found, started_at: "" })).toBe(false);
  });

  it("is none where another program listens, behind which the server may be elsewhere", async () => {
    const place = { port: await freePort() };
    await listens("ssh", place);
    expect(await processes.listening(place)).toBeUndefined();
  });
});

it("is not known on Windows", async () => {
  expect(await createServerProcesses("win32").listening({ port: 80 })).toBeUndefined();
});
