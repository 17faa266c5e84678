import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import { createIds } from "../../src/adapters/ledger/ids";
import { cliProgram, CliWorld } from "../support/cliWorld";
import { freePort } from "../support/localAddresses";
import { silentLogger, systemClock } from "../support/systemClock";
import { RawHttp } from "../support/rawHttp";
import { until } from "../support/until";

let world: CliWorld;
beforeAll(async () => {
  world = new CliWorld();
  expect(await world.run(["do", "long", "--run", "true"])).toMatchObject({ code: 0 });
  const store = new FileProjectStore(world.workspace, {
    clock: systemClock,
    ids: createIds(),
    sanitize: (text) => text,
    logger: silentLogger,
  });
  const ledger = await store.open("long");
  await Promise.all(
    Array.from({ length: 4000 }, (_, index) =>
      ledger.append(
        { kind: "note", actor: "engine", session_name: null, text: `${index} ${"x".repeat(200)}` },
        "written",
      ),
    ),
  );
  await ledger.close();
});
afterAll(() => world.close());

/** What the first program of `… | head -1`, or of one with another reader, ended with, and what both said. */
function throughHead(args: string, reader = "head -1"): Promise<{ code: string; stderr: string }> {
  const script = `"$0" "$1" ${args} | ${reader} >/dev/null; echo "\${PIPESTATUS[0]}"`;
  return new Promise((resolve, reject) => {
    execFile(
      "bash",
      ["-c", script, process.execPath, cliProgram],
      { cwd: world.workspace, env: world.env(), timeout: 40_000 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(stderr, { cause: error }));
        else resolve({ code: stdout.trim(), stderr });
      },
    );
  });
}

/** What a command printed, and which of Node's streams for that were made meanwhile. */
function madeBy(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const look = join(world.workspace, "look.cjs");
  writeFileSync(
    look,
    `const made = [];
    for (const name of ["stdout", "stderr"]) {
      const { get } = Object.getOwnPropertyDescriptor(process, name);
      Object.defineProperty(process, name, { configurable: true, get() { made.push(name); return get.call(process); } });
    }
    process.on("exit", () => require("node:fs").writeFileSync("made", [...new Set(made)].join(" ")));`,
  );
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--require", look, cliProgram, ...args],
      { cwd: world.workspace, env: { ...world.env(), ...env }, timeout: 40_000 },
      (error, stdout) => {
        if (error) reject(new Error("The command failed.", { cause: error }));
        else resolve(`${stdout.trim()} | ${readFileSync(join(world.workspace, "made"), "utf8")}`);
      },
    );
  });
}

describe("a command with a line to say into a pipe", () => {
  it("needs no stream of Node's, which takes long to make", async () => {
    expect(await madeBy(["note", "long", "hello"], {})).toBe("Note saved. | ");
  });

  it("is painted where colours are asked for", async () => {
    expect(await madeBy(["log", "long", "-n", "1"], { FORCE_COLOR: "1" })).toContain("\u001b[");
  });
});

describe("a reader that has enough", () => {
  it.each(["log long", "log long --json", "log long --follow"])("ends %s quietly", async (args) => {
    expect(await throughHead(args)).toEqual({ code: "0", stderr: "" });
  });

  it.each(["--help", "do --help", "--version"])("ends %s quietly, which it has not read at all", async (args) => {
    expect(await throughHead(args, "true")).toEqual({ code: "0", stderr: "" });
  });

  it("does not end a run, whose exit code stays its own", async () => {
    const good = "do good --json --run 'seq 1 3000' --run 'touch went-on'";
    expect(await throughHead(good)).toEqual({ code: "0", stderr: "" });
    expect(statSync(join(world.workspace, "went-on")).isFile()).toBe(true);
    expect(world.entries("good").findLast((entry) => entry.kind === "project")).toMatchObject({ state: "done" });
    expect((await throughHead("do bad --json --run 'seq 1 3000' --run 'exit 3'")).code).toBe("1");
  });
});

describe("wsh-server run", () => {
  it("makes the folder of its token on a fresh machine", async () => {
    const fresh = join(world.root, "fresh");
    mkdirSync(fresh, { mode: 0o700 });
    const server = world.start(["wsh-server", "run", "--port", String(await freePort()), "--json"], {
      env: { WSH_ORCHESTRATOR_RUNTIME_DIR: join(fresh, "runtime") },
    });
    await until("the server runs", () => server.stdout().includes("\n") || server.stderr() !== "");
    expect(server.stderr()).toBe("");
    expect(statSync(join(fresh, "runtime/data")).mode & 0o777).toBe(0o700);
    expect(statSync(join(fresh, "runtime/data/server-token")).mode & 0o777).toBe(0o600);
    server.child.kill("SIGINT");
    expect((await server.done).code).toBe(130);
  });

  it("has as many sessions as it is told, and says when there are no more", async () => {
    const socket = join(world.root, "few.sock");
    const server = world.start(["wsh-server", "run", "--socket", socket, "--max-sessions", "2", "--json"]);
    await until("the server runs", () => server.stdout().includes("\n") || server.stderr() !== "");
    expect(server.stderr()).toBe("");
    const http = new RawHttp({ socketPath: socket });
    const codes: number[] = [];
    for (const name of ["a", "b", "c"])
      codes.push((await http.post("/sessions", { name, command: "sleep 60" })).status);
    expect([codes.slice(0, 2), codes[2]]).toEqual([[201, 201], 503]);
    http.close();
    server.child.kill("SIGINT");
    await server.done;
  });

  it("points to its own help", async () => {
    const result = await world.run(["wsh-server", "run", "--port", "99999"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/from 0 to 65535/);
    expect(result.stderr).toContain("See: wsh-orchestrator wsh-server run --help");
  });
});
