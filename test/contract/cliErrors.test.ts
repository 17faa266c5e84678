import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { agentCatalog } from "../../src/core/session/agentCatalog";
import { CliWorld } from "../support/cliWorld";
import { testWithShell } from "../support/shellTest";
import { freePort } from "../support/localAddresses";
import { until } from "../support/until";

const errorSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string().min(5), next: z.string().min(5) }),
});

let world: CliWorld;
const servers: Server[] = [];
beforeAll(async () => {
  world = new CliWorld();
  world.write(
    "cycle.yaml",
    "project: p\nroles: { r: {} }\ntasks:\n  - { id: a, role: r, run: ls, needs: [b] }\n  - { id: b, role: r, run: ls, needs: [a] }\n",
  );
  world.write("typo.yaml", "project: p\nroles: { r: {} }\ntasks:\n  - { id: a, role: r, rnu: ls }\n");
  const result = await world.run(["do", "alpha", "--run", "true"]);
  expect(result).toMatchObject({ code: 0 });
});
afterAll(async () => {
  for (const server of servers) server.close();
  await world.close();
});

describe("what goes wrong has an exit code, a sentence, and what to do next", () => {
  it.each([
    ["no such command", ["foo"], 2, "usage"],
    ["a mistyped option", ["do", "x", "--rnu", "ls"], 2, "usage"],
    ["a missing argument", ["do"], 2, "usage"],
    ["nothing to run", ["do", "empty"], 2, "usage"],
    ["a plan and commands", ["do", "x", "--plan", "typo.yaml", "--run", "ls"], 2, "usage"],
    ["a plan that is not there", ["do", "x", "--plan", "missing.yaml"], 2, "usage"],
    ["a plan with a cycle", ["do", "x", "--plan", "cycle.yaml"], 2, "plan_invalid"],
    ["a plan with a typo", ["do", "x", "--plan", "typo.yaml"], 2, "plan_invalid"],
    ["a project without a name", ["do", " ", "--run", "ls"], 2, "name_invalid"],
    ["a role that is no name", ["do", "x", "--role", "a b", "--run", "ls"], 2, "name_invalid"],
    ["a number that is none", ["do", "x", "--run", "ls", "--max-sessions", "many"], 2, "usage"],
    ["a workspace that is none", ["status", "--dir", "/nowhere/at/all"], 2, "usage"],
    ["a time that is none", ["log", "alpha", "--since", "soon"], 2, "usage"],
    ["a shell without completion", ["completion", "tcsh"], 2, "usage"],
    ["an address that is none", ["do", "x", "--run", "ls", "--server", "ftp://x"], 2, "usage"],
    ["an address that is none, also where nothing is asked", ["status", "--server", "nonsense"], 2, "usage"],
    ["an address of another kind", ["projects", "--server", "ftp://x"], 2, "usage"],
    ["a token file that is not there", ["do", "x", "--run", "ls", "--token-file", "missing"], 2, "usage"],
    ["kill without yes", ["kill", "shell::1"], 2, "usage"],
    ["wait without enter", ["send", "shell::1", "ls", "--wait", "--no-enter"], 2, "usage"],
    ["no prompt", ["prompt", "shell::1"], 2, "usage"],
    ["a prompt given twice", ["prompt", "shell::1", "a", "--file", "b"], 2, "usage"],
    ["a prompt of a file that is not there", ["prompt", "shell::1", "--file", "missing"], 2, "usage"],
    ["a prompt of a folder", ["prompt", "shell::1", "--file", "."], 2, "usage"],
    ["a time for a prompt that nobody waits for", ["prompt", "shell::1", "a", "--timeout", "1m"], 2, "usage"],
    ["a prompt for a shell", ["prompt", "shell::1", "Fix it."], 3, "session_busy"],
    ["a prompt for an unknown session", ["prompt", "nobody::9", "Fix it."], 5, "session_not_found"],
    ["an unknown project", ["log", "nobody"], 5, "project_not_found"],
    ["an unknown project in status", ["status", "nobody"], 5, "project_not_found"],
    ["an unknown session", ["pull", "nobody::9"], 5, "session_not_found"],
    ["an unknown session to note about", ["note", "alpha", "x", "--session", "nobody::9"], 5, "session_not_found"],
    ["an unknown role", ["handoff", "alpha", "--from", "shell::1", "--to", "nobody", "x"], 5, "role_not_found"],
    ["an unknown question", ["answer", "01JXXXXXXXXXXXXXXXXXXXXXXX", "run"], 5, "entry_not_found"],
    [
      "a server that is not there",
      ["do", "x", "--run", "ls", "--server", "unix:/nowhere/at.sock"],
      4,
      "server_unreachable",
    ],
    ["a port where nothing listens", ["sessions", "--all", "--server", "http://127.0.0.1:1"], 4, "server_unreachable"],
  ] as const)("%s", async (_what, args, code, name) => {
    const result = await world.run([...args, "--json"]);
    expect(errorSchema.parse(JSON.parse(result.stderr)).error.code).toBe(name);
    expect(result).toMatchObject({ code, stdout: "" });
    const words = await world.run(args);
    expect(words).toMatchObject({ code, stdout: "" });
    expect(words.stderr).toMatch(/^Error: [^\n]+\n(?:[^\n]+\n)+$/);
    expect(words.stderr).not.toMatch(/ {4}at /);
  });

  it("an ambiguous session, with the list", async () => {
    await world.run(["do", "beta", "--run", "true"]);
    const result = await world.run(["pull", "shell::1"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("proj-alpha::shell::1, proj-beta::shell::1");
  });

  it("a wrong token, a missing one, and a port in use", async () => {
    const port = await freePort();
    const token = world.write("token", "0123456789abcdef0123456789abcdef\n");
    chmodSync(token, 0o600);
    const server = world.start(["wsh-server", "run", "--port", String(port), "--token-file", token, "--json"]);
    await until("the server runs", () => server.stdout().includes("\n"));
    expect(JSON.parse(server.stdout())).toMatchObject({ url: `http://127.0.0.1:${port}`, socket: null, sessions: 0 });
    const at = ["--server", `http://127.0.0.1:${port}`];
    const ask = async (env: Record<string, string>): Promise<[number | null, string]> => {
      const result = await world.run(["sessions", "--all", "--json", ...at], { env });
      return [result.code, result.stderr === "" ? "" : errorSchema.parse(JSON.parse(result.stderr)).error.code];
    };
    expect(await ask({})).toEqual([4, "auth_required"]);
    expect(await ask({ WSH_TOKEN: "fedcba9876543210fedcba9876543210" })).toEqual([4, "auth_invalid"]);
    expect(await ask({ WSH_TOKEN: "0123456789abcdef0123456789abcdef" })).toEqual([0, ""]);
    const second = await world.run(["wsh-server", "run", "--port", String(port), "--no-auth", "--json"]);
    expect(errorSchema.parse(JSON.parse(second.stderr)).error.code).toBe("port_in_use");
    expect(second.code).toBe(4);
    server.child.kill("SIGINT");
    expect((await server.done).code).toBe(130);
  });

  it("several wsh servers and none remembered, with the list", async () => {
    mkdirSync(join(world.root, "xdg/wsh"), { recursive: true });
    for (const name of ["one", "two"]) {
      const server = createServer((request, response) => {
        response.setHeader("content-type", "application/json");
        response.end(
          JSON.stringify(
            request.url === "/health" ? { status: "ok" } : { hostname: "h", version: "1.0.0", server_id: name },
          ),
        );
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(join(world.root, "xdg/wsh", `${name}.http.sock`), resolve));
    }
    const result = await world.run(["do", "unsure", "--run", "ls"], { env: { WSH_ORCHESTRATOR_SERVER: undefined } });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("one.http.sock");
    expect(result.stderr).toContain("two.http.sock");
    const asJson = await world.run(["do", "unsure", "--run", "ls", "--json"], {
      env: { WSH_ORCHESTRATOR_SERVER: undefined },
    });
    expect(errorSchema.parse(JSON.parse(asJson.stderr)).error.code).toBe("server_ambiguous");
    // Nobody is asked where the environment names it; these two are no real ones, so it comes to nothing.
    const named = await world.run(["do", "unsure", "--run", "ls", "--json"], {
      env: { WSH_ORCHESTRATOR_SERVER: undefined, WSH_SERVER_NAME: "two" },
    });
    expect(named.code).toBe(1);
    expect((await world.run(["projects", "--json"])).stdout).toContain("two.http.sock");
  });

  it("something that is no wsh server", async () => {
    const server = createServer((_, response) => response.end("<html>hello</html>"));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const result = await world.run(["do", "x", "--run", "ls", "--json", "--server", `http://127.0.0.1:${port}`]);
    expect(errorSchema.parse(JSON.parse(result.stderr)).error.code).toBe("response_invalid");
    expect(result.code).toBe(4);
  });

  it("a record that is a link", async () => {
    const folder = join(world.root, "linked");
    mkdirSync(join(world.root, "elsewhere"));
    mkdirSync(folder);
    symlinkSync(join(world.root, "elsewhere"), join(folder, ".orchestrator"));
    for (const args of [["do", "x", "--run", "ls"], ["status"], ["verify"]]) {
      const result = await world.run([...args, "--json", "--dir", folder]);
      expect(errorSchema.parse(JSON.parse(result.stderr)).error.code).toBe("ledger_unsafe");
      expect(result.code).toBe(1);
    }
    expect((await world.run(["doctor"], { cwd: folder })).code).toBe(1);
  });

  it("a record that is a file, in plain words", async () => {
    const folder = join(world.root, "filed");
    mkdirSync(folder);
    writeFileSync(join(folder, ".orchestrator"), "");
    const result = await world.run(["doctor"], { cwd: folder });
    expect(result.code).toBe(1);
    expect(result.stdout).toContain("is a file, but must be a folder");
    expect(result.stdout).not.toContain("EACCES");
  });

  it("a home folder in which nothing can be written, in one sentence with the way out", async () => {
    const home = join(world.root, "no-home");
    writeFileSync(home, "");
    const env = { HOME: home, WSH_ORCHESTRATOR_RUNTIME_DIR: undefined, XDG_DATA_HOME: undefined };
    const sentence = new RegExp(`^The session server needs the folder ${home}/.*, but ${home} is not a folder\\.$`);
    for (const command of [
      ["do", "x", "--run", "ls"],
      ["wsh-server", "start"],
      ["wsh-server", "run", "--port", "0"],
    ]) {
      const result = await world.run(["--json", ...command], { env });
      const { error } = errorSchema.parse(JSON.parse(result.stderr));
      expect([result.code, error.code]).toEqual([4, "server_unreachable"]);
      expect(error.message).toMatch(sentence);
      expect(error.next).toContain("WSH_ORCHESTRATOR_RUNTIME_DIR");
    }
    expect((await world.run(["projects"], { env })).code).toBe(0);
    const doctor = await world.run(["doctor"], { env });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/✗ data folder +The session server needs the folder/);
  });

  it("a folder that cannot be written", async () => {
    // Root may write into any folder of a disk, but not into this one of the kernel's.
    const folder = process.getuid?.() === 0 ? "/sys" : join(world.root, "readonly");
    mkdirSync(folder, { recursive: true, mode: 0o500 });
    const result = await world.run(["do", "x", "--run", "ls", "--json", "--dir", folder]);
    expect(errorSchema.parse(JSON.parse(result.stderr)).error.code).toBe("ledger_unwritable");
    expect(result.code).toBe(1);
  });
});

describe("help", () => {
  it("names every command, and each has an example", async () => {
    const help = await world.run(["--help"]);
    expect(help.code).toBe(0);
    const names = [...help.stdout.matchAll(/^ {2}([a-z][a-z-]+)(?:, \w+)? {2}/gm)].map((match) => match[1] ?? "");
    for (const name of [
      "do",
      "assign",
      "send",
      "status",
      "projects",
      "sessions",
      "pull",
      "log",
      "note",
      "handoff",
      "attention",
      "answer",
      "kill",
      "verify",
      "doctor",
      "wsh-server",
      "tour",
      "completion",
    ]) {
      expect(names).toContain(name);
      const own = await world.run([name, "--help"]);
      expect(own.code).toBe(0);
      expect(own.stdout).toContain(`$ wsh-orchestrator ${name}`);
      expect(own.stdout).toContain("--json");
    }
  }, 60_000);

  it("tells its version", async () => expect((await world.run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/));

  for (const shell of ["bash", "zsh", "fish"]) {
    testWithShell(shell, `the completion script is good ${shell}`, async () => {
      const result = await world.run(["completion", shell]);
      expect(result.code).toBe(0);
      const file = join(world.root, `completion.${shell}`);
      writeFileSync(file, result.stdout);
      expect(() => execFileSync(shell, ["-n", file], { stdio: "pipe" })).not.toThrow();
    });
  }

  it("bash completes commands, options and projects", async () => {
    const { stdout } = await world.run(["completion", "bash"]);
    const complete = (...words: string[]): string[] => {
      const script = `wsh-orchestrator() { echo "alpha\tdone"; }\n${stdout}\nCOMP_WORDS=(wsh-orchestrator ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; __wsh_orchestrator; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8" })
        .split("\n")
        .filter((word) => word !== "");
    };
    expect(complete("sta")).toEqual(["status", "stats"]);
    expect(complete("log", "al")).toEqual(["alpha"]);
    expect(complete("do", "alpha", "--max")).toEqual(["--max-sessions"]);
    expect(complete("wsh-server", "sto")).toEqual(["stop"]);
  });
});

it("doctor looks at everything and finds nothing wrong", async () => {
  const checks = z
    .array(
      z.strictObject({
        name: z.string(),
        status: z.enum(["ok", "missing", "bad"]),
        text: z.string(),
        next: z.string(),
        remedy: z.looseObject({ kind: z.string() }).optional(),
        agent: z.looseObject({ name: z.string() }).optional(),
      }),
    )
    .parse(await world.json(["doctor"]));
  expect(checks.filter((check) => check.status === "bad")).toEqual([]);
  expect(checks.map((check) => check.name)).toEqual([
    "node",
    "platform",
    "terminals",
    "workspace",
    "data folder",
    "shell",
    "bash",
    "zsh",
    "fish",
    "git",
    "built-in server",
    "wsh server",
    "wsh server",
    "record",
    "environment",
    "own rules",
    ...agentCatalog().names.map((name) => `agent ${name}`),
  ]);
});

it("doctor says that it took the record from others", async () => {
  chmodSync(join(world.workspace, ".orchestrator"), 0o755);
  expect((await world.run(["doctor"])).stdout).toMatch(
    /projects +\d+ projects; other users could read .*, so its mode is 0700 now/,
  );
  expect((await world.run(["doctor"])).stdout).toContain("only you can read their files");
});

it("reads --dir, its environment, and the nearest parent with a record", async () => {
  const below = join(world.workspace, "deep/down");
  mkdirSync(below, { recursive: true });
  const ids = async (args: readonly string[], options: Parameters<CliWorld["run"]>[1]): Promise<string> =>
    (await world.run(["projects", ...args], options)).stdout;
  expect(await ids([], { cwd: below })).toContain("alpha");
  expect(await ids(["--dir", world.workspace], { cwd: "/" })).toContain("alpha");
  expect(await ids([], { cwd: "/", env: { WSH_ORCHESTRATOR_DIR: world.workspace } })).toContain("alpha");
  rmSync(join(world.workspace, "deep"), { recursive: true });
});
