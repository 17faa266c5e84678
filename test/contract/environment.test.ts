import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { endProcess } from "../support/builtinServer";
import { CliWorld, cliProgram } from "../support/cliWorld";
import { freePort } from "../support/localAddresses";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";
import { wshBinaries } from "../support/wshBinaries";

let world: CliWorld;
beforeEach(() => {
  world = new CliWorld();
});
afterEach(() => world.close());

/** What a session of that project has, as its own command prints it. */
async function environmentOf(
  project: string,
  env: Record<string, string | undefined>,
  role = "shell",
): Promise<Map<string, string>> {
  const file = `${project}-${role}.env`;
  const result = await world.run(["do", project, "--role", role, "--run", `env -0 > ${file}`], { env });
  expect(result).toMatchObject({ code: 0 });
  return variablesIn(readFileSync(join(world.workspace, file), "utf8"));
}

function variablesIn(text: string): Map<string, string> {
  const lines = text.split("\0").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

/** Everything that the product has written about the workspace. */
function recorded(project: string): string {
  const folder = world.projectFolder(project);
  return ["events-000001.jsonl", "sessions.json", "snapshot.json", "SNAPSHOT.md", "project.json"]
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}

describe("the environment of new sessions", () => {
  const first = { VIRTUAL_ENV: "/first/venv", AWS_PROFILE: "first", ONLY_FIRST: "1", WSH_TOKEN: "first-secret-token" };

  it("is that of who asks, whoever started the server", async () => {
    expect((await environmentOf("one", first)).get("AWS_PROFILE")).toBe("first");
    const bin = join(world.root, "bin");
    mkdirSync(bin);
    const second = {
      PATH: `${bin}:${process.env.PATH ?? ""}`,
      AWS_PROFILE: "second",
      SSH_AUTH_SOCK: "/second/agent",
      LINES_OF_TEXT: "one\ntwo=2\nexport three=3",
      LANG: "C",
    };
    const got = await environmentOf("two", second);
    expect(got.get("PATH")).toContain(`${bin}:`);
    expect(Object.fromEntries(got)).toMatchObject({ ...second, PATH: expect.any(String) as string });
    for (const name of ["VIRTUAL_ENV", "ONLY_FIRST"]) expect(got.has(name), name).toBe(false);
  });

  it("has no secret or address of ours, nor the marks of an editor, an agent, a hook or another terminal", async () => {
    const marks = {
      WSH_TOKEN: "secret-token-value",
      VSCODE_IPC_HOOK_CLI: "/x",
      ELECTRON_NO_ATTACH_CONSOLE: "1",
      TERM_PROGRAM: "vscode",
      GIT_ASKPASS: "/app/extensions/git/dist/askpass.sh",
      CLAUDECODE: "1",
      CLAUDE_CODE_ENTRYPOINT: "cli",
      CODEX_SANDBOX: "seatbelt",
      GEMINI_CLI: "1",
      GIT_DIR: "/elsewhere/.git",
      GIT_INDEX_FILE: "/elsewhere/.git/index",
      npm_lifecycle_event: "test",
      INIT_CWD: "/x",
      TMUX: "/tmp/tmux,1,0",
      MAKEFLAGS: "-j",
      SUDO_USER: "root",
      VITEST: "true",
    };
    const own = {
      ANTHROPIC_API_KEY: "sk-of-the-person-1",
      CLAUDE_CODE_USE_BEDROCK: "1",
      GIT_SSH_COMMAND: "ssh -v",
      GIT_CONFIG_GLOBAL: "/dev/null",
      NPM_TOKEN: "npm-of-the-person",
      EDITOR: "vi",
    };
    const got = await environmentOf("one", { ...marks, ...own });
    for (const name of [...Object.keys(marks), "WSH_ORCHESTRATOR_SERVER"]) expect(got.has(name), name).toBe(false);
    expect(Object.fromEntries(got)).toMatchObject({
      ...own,
      WSH_ORCHESTRATOR_DIR: world.workspace,
      WSH_ORCHESTRATOR_SESSION: "proj-one::shell::1",
      TERM: "xterm-256color",
    });
  });

  it("finds the program of a role where the caller's PATH has it", async () => {
    await environmentOf("one", {});
    const bin = join(world.root, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "my-program"), "#!/bin/sh\necho ready\nwhile read -r line; do echo got; done\n");
    chmodSync(join(bin, "my-program"), 0o755);
    world.write(
      "p.yaml",
      "project: two\ngoal: g\nroles: { p: { program: my-program } }\ntasks: [{ id: a, role: p, run: hello }]\n",
    );
    await world.run(["do", "two", "--plan", "p.yaml", "--max-sessions", "1"], {
      env: { PATH: `${bin}:${process.env.PATH ?? ""}` },
    });
    const texts = world.entries("two").map((entry) => entry.text);
    expect(texts.join("\n")).not.toContain("no such session");
    expect(texts).toContainEqual(expect.stringContaining("started (my-program"));
  });

  it("starts the caller's shell", async () => {
    await environmentOf("one", { SHELL: "/bin/bash" });
    const got = await environmentOf("two", { SHELL: "/bin/sh" });
    expect(got.get("SHELL")).toBe("/bin/sh");
  });

  it("cannot be told by a role where the session belongs", async () => {
    world.write(
      "p.yaml",
      "project: one\ngoal: g\nroles: { w: { env: { WSH_ORCHESTRATOR_SESSION: other, WSH_ORCHESTRATOR_DIR: /other, MINE: '1' } } }\n" +
        "tasks: [{ id: a, role: w, run: env -0 > got.env }]\n",
    );
    expect(await world.run(["do", "one", "--plan", "p.yaml"])).toMatchObject({ code: 0 });
    const got = variablesIn(readFileSync(join(world.workspace, "got.env"), "utf8"));
    expect(Object.fromEntries(got)).toMatchObject({
      MINE: "1",
      WSH_ORCHESTRATOR_SESSION: "proj-one::w::1",
      WSH_ORCHESTRATOR_DIR: world.workspace,
    });
  });

  it("is that of the person when a Git hook asks", () => {
    const git = (...args: string[]): string =>
      execFileSync("git", args, {
        cwd: world.workspace,
        env: world.env({ GIT_CONFIG_GLOBAL: "/dev/null" }),
        encoding: "utf8",
      });
    git("init", "-q");
    git("config", "user.name", "Test");
    git("config", "user.email", "test@example.com");
    const hook = join(world.workspace, ".git/hooks/pre-commit");
    writeFileSync(
      hook,
      `#!/bin/sh\n'${process.execPath}' '${cliProgram}' do hooked --run 'env -0 > hook.env; git -C other status' >hook.log 2>&1\n`,
    );
    chmodSync(hook, 0o755);
    const other = join(world.workspace, "other");
    mkdirSync(other);
    execFileSync("git", ["init", "-q"], { cwd: other, env: world.env() });
    world.write("file.txt", "text\n");
    git("add", "file.txt");
    git("commit", "-q", "-m", "one");
    const got = variablesIn(readFileSync(join(world.workspace, "hook.env"), "utf8"));
    expect([...got.keys()].filter((name) => name.startsWith("GIT_"))).toEqual(["GIT_CONFIG_GLOBAL"]);
    expect(got.get("PATH")?.split(":")[0]).toBe(process.env.PATH?.split(":")[0]);
  });

  it("leaves names and hashes in the record, and no value", async () => {
    const env = {
      MY_SERVICE_TOKEN: "hush-4711-hush",
      VIRTUAL_ENV: "/first/secret-place",
      AWS_PROFILE: "quiet-profile",
    };
    const result = await world.run(["do", "one", "--run", "env"], { env });
    expect(result.code).toBe(0);
    for (const text of [recorded("one"), result.stdout, result.stderr]) expect(text).not.toContain("hush-4711-hush");
    const session = world.entries("one").find((entry) => entry.kind === "session" && entry.event === "starting");
    expect(Object.keys(session?.environment ?? {})).toEqual(["PATH", "SHELL", "VIRTUAL_ENV", "AWS_PROFILE"]);
    expect(JSON.stringify(session)).not.toMatch(/secret-place|quiet-profile/);
  });

  it("is another one than the caller's in a session that is used again, which the log says", async () => {
    await environmentOf("one", { AWS_PROFILE: "first" });
    const got = await world.run(["do", "one", "--run", "echo again"], { env: { AWS_PROFILE: "second" } });
    expect(got.code).toBe(0);
    const texts = world.entries("one").map((entry) => entry.text);
    expect(texts).toContain("shell::1 reconnected. It has another AWS_PROFILE than this run.");
  });
});

describe("doctor", () => {
  it("names what a running session has otherwise than this command, and what to do", async () => {
    await environmentOf("one", { AWS_PROFILE: "first", VIRTUAL_ENV: "/venv" });
    const same = await world.run(["doctor"], { env: { AWS_PROFILE: "first", VIRTUAL_ENV: "/venv" } });
    expect(same.stdout).toContain("the same in all running sessions as here");
    const other = await world.run(["doctor"], { env: { AWS_PROFILE: "second" } });
    expect(other.stdout).toContain(
      "different in running sessions than here: shell::1 of one: VIRTUAL_ENV and AWS_PROFILE",
    );
    expect(other.stdout).toContain("wsh-orchestrator kill proj-one::shell::1");
    expect(other.stdout).not.toMatch(/first|second/);
  });
});

describe("the environment of a session on a server that only adds variables", () => {
  const [binary] = wshBinaries();

  const reason = binary === undefined ? " [not run: WSH_BIN is not set]" : "";
  it.skipIf(binary === undefined)(`is the caller's on real wsh, too, and the server's nowhere${reason}`, async () => {
    const port = await freePort();
    const server = spawn(binary ?? "", ["server", "--bind", `127.0.0.1:${port}`], {
      env: world.env({
        AWS_PROFILE: "server",
        ONLY_SERVER: "a\nexport PATH=/evil",
        WSH_TOKEN: "secret-of-server",
        TERM: "vt100",
      }),
      stdio: "ignore",
    });
    try {
      const address = `http://127.0.0.1:${port}`;
      const probe = new WshServer({ address, clock: systemClock, logger: silentLogger });
      const { hostname: told } = await until("wsh answers", () => probe.info().catch(() => undefined));
      probe.close();
      const env = { WSH_ORCHESTRATOR_SERVER: address, AWS_PROFILE: "caller", TOKEN_OF_MINE: "hush-4711-hush" };
      const run = "env -0 > got.env; cat /proc/$$/environ > own.env; ps -o args= -p $$ -p $PPID > ps.txt; env";
      const result = await world.run(["do", "one", "--run", run], { env });
      expect(result).toMatchObject({ code: 0 });
      const texts = ["got.env", "own.env"].map((file) => readFileSync(join(world.workspace, file), "utf8"));
      for (const text of texts) expect(text).not.toContain("secret-of-server");
      expect(readFileSync(join(world.workspace, "ps.txt"), "utf8")).not.toMatch(/hush|caller/);
      expect(result.stdout + recorded("one")).not.toContain("hush-4711-hush");
      // Before it said its machine's name, nobody can tell whether it is here.
      if (told !== hostname()) return;
      const got = Object.fromEntries(variablesIn(texts[0] ?? ""));
      expect(got).toMatchObject({ AWS_PROFILE: "caller", TERM: "xterm-256color", COLORTERM: "truecolor" });
      expect(got.PATH?.startsWith(`${process.env.PATH ?? ""}:`)).toBe(true);
      expect(got).not.toHaveProperty("ONLY_SERVER");
      expect(Object.keys(got).filter((name) => name.startsWith("WO_"))).toEqual([]);
    } finally {
      await endProcess(server, "SIGKILL");
    }
  });

  const hasProc = process.platform === "linux";

  it.skipIf(!hasProc)(`holds no token in any of its processes${hasProc ? "" : " [not run: reads /proc]"}`, async () => {
    const env = { WSH_TOKEN: "secret-token-value", WSH_ORCHESTRATOR_SERVER: undefined };
    await world.run(["do", "one", "--run", "sleep 0 & cat /proc/$$/environ /proc/$PPID/environ > all.env"], { env });
    const text = readFileSync(join(world.workspace, "all.env"), "utf8");
    expect(text).toContain("WSH_ORCHESTRATOR_SESSION=");
    expect(text).not.toContain("secret-token-value");
  });
});
