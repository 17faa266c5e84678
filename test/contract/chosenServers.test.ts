import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ChosenAddressFiles } from "../../src/adapters/machine/chosenAddressFiles";
import { createPlaceOwners } from "../../src/adapters/machine/placeOwners";
import { ServerPermission } from "../../src/adapters/wsh/serverPermission";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { OrchestratorError } from "../../src/core/model/errors";
import type { PlaceOwner } from "../../src/core/ports/servers";
import { MemoryAddresses } from "../support/chosenAddresses";
import { CliWorld } from "../support/cliWorld";
import { CountingServer } from "../support/countingServer";
import { freePort, temporaryFolder } from "../support/localAddresses";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

const token = "0123456789abcdef0123456789abcdef";

describe("a project whose files name a stranger's server", () => {
  const world = new CliWorld();
  const env = { WSH_ORCHESTRATOR_SERVER: undefined, WSH_TOKEN: token };
  const kept = join(world.root, "run/data/chosen-servers");
  let stranger: CountingServer;
  let other: CountingServer;
  let address = "";
  let socket = "";

  function name(server: unknown): void {
    const path = join(world.projectFolder("demo"), "project.json");
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), server }));
  }

  beforeAll(async () => {
    expect((await world.run(["do", "demo", "--run", "true"])).code).toBe(0);
    expect((await world.run(["do", "fine", "--run", "true"])).code).toBe(0);
    await world.run(["wsh-server", "stop"]);
    const port = await freePort();
    socket = join(world.workspace, "s.http.sock");
    address = `http://127.0.0.1:${port}`;
    [stranger, other] = await Promise.all([CountingServer.at(port), CountingServer.at(socket)]);
  });
  beforeEach(() => {
    rmSync(kept, { recursive: true, force: true });
    stranger.connections = other.connections = 0;
    name({ address, server_id: "someone" });
  });
  afterAll(async () => {
    stranger.close();
    other.close();
    await world.close();
  });

  const reading = [
    ["status"],
    ["status", "demo"],
    ["sessions"],
    ["sessions", "--all"],
    ["projects"],
    ["attention"],
    ["log", "demo"],
    ["verify"],
    ["doctor"],
  ];
  const using = [
    ["do", "demo"],
    ["do", "demo", "--run", "id", "--detach"],
    ["assign", "demo", "shell", "--run", "id"],
    ["pull", "demo::shell::1"],
    ["send", "demo::shell::1", "id", "--wait"],
    ["kill", "demo::shell::1", "--yes"],
    ["wait", "demo::shell::1"],
  ];

  it.each([...reading, ...using])("%s %s %s: nothing is connected", async (...args) => {
    await world.run(
      args.filter((each) => each !== undefined),
      { env },
    );
    await world.run(["--json", ...args.filter((each) => each !== undefined)], { env });
    expect([stranger.connections, other.connections]).toEqual([0, 0]);
  });

  it.each(using)("%s %s %s: ends with what to do", async (...args) => {
    const { code, stderr } = await world.run(
      args.filter((each) => each !== undefined),
      { env },
    );
    expect(stderr).toContain(`The server at ${address} was not asked`);
    expect(stderr).toContain(`--server ${address}`);
    expect(code).toBe(2);
  });

  it("shows what else there is, and says which project's server was not asked", async () => {
    const { code, stdout, stderr } = await world.run(["status"], { env });
    expect(stdout).toContain("fine");
    expect(stderr).toContain(`demo: The server at ${address} was not asked`);
    expect(code).toBe(2);
    const json = await world.run(["--json", "status"], { env });
    const { projects } = JSON.parse(json.stdout) as {
      projects: { project: { name: string }; server_problem?: { code: string } }[];
    };
    expect(projects.map(({ project, server_problem }) => [project.name, server_problem?.code]).sort()).toEqual([
      ["demo", "server_not_chosen"],
      ["fine", "server_unreachable"],
    ]);
  });

  it("does not take a stranger's word that it is the built-in one, nor follow a socket of the clone", async () => {
    for (const server of [
      { address, server_id: "x", builtin: true },
      { address: `unix:${socket}`, server_id: "x", builtin: true },
      { address: `unix:${socket}`, server_id: null },
      { address: "unix:s.http.sock", server_id: null },
      { address: address.replace("http://", "http://user:pass@"), server_id: null },
      { address: address.replace("127.0.0.1", "[::ffff:127.0.0.1]"), server_id: null },
    ]) {
      name(server);
      for (const args of [["status"], ["pull", "demo::shell::1"], ["sessions", "--all"]])
        await world.run(args, { env });
    }
    expect([stranger.connections, other.connections]).toEqual([0, 0]);
  });

  it("is used once it was named by the user, with the token that was given with it, and no other token", async () => {
    const first = await world.run(["status", "--server", address], { env });
    expect(first.code).toBe(0);
    expect(stranger.heard.join("")).toContain(token);
  });
});

describe("a server that the user named with its token", () => {
  const world = new CliWorld();
  afterAll(() => world.close());

  it("is used by later commands without being named, with that token alone, which no other server gets", async () => {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const file = world.write("token", `${token}\n`);
    chmodSync(file, 0o600);
    const server = world.start(["wsh-server", "run", "--port", String(port), "--token-file", file, "--json"]);
    await until("the server listens", () => server.stdout() !== "");
    const own = { WSH_ORCHESTRATOR_SERVER: undefined, WSH_TOKEN: token };
    try {
      const made = await world.run(["do", "demo", "--run", "true", "--server", address], { env: own });
      expect([made.code, made.stderr]).toEqual([0, expect.not.stringContaining("token")]);
      const pulled = await world.run(["pull", "demo::shell::1"], { env: own });
      expect([pulled.code, pulled.stdout]).toEqual([0, expect.stringContaining("true")]);
      expect((await world.run(["do", "demo", "--again"], { env: own })).code).toBe(0);

      const changed = await world.run(["pull", "demo::shell::1"], {
        env: { ...own, WSH_TOKEN: "ffffffffffffffffffffffffffffffff" },
      });
      expect([changed.code, changed.stderr]).toEqual([4, expect.stringContaining("was not sent")]);
      expect(changed.stderr).toContain(`--server ${address}`);

      // A session says what it likes, and nothing of it is remembered.
      const stranger = await CountingServer.at(await freePort());
      const inSession = await world.run(["status", "--server", stranger.address], {
        env: { ...own, WSH_TOKEN: undefined, WSH_ORCHESTRATOR_SESSION: "proj-demo::shell::1" },
      });
      expect(inSession.code).toBe(0);
      const path = join(world.projectFolder("demo"), "project.json");
      const project = JSON.parse(readFileSync(path, "utf8")) as object;
      writeFileSync(path, JSON.stringify({ ...project, server: { address: stranger.address, server_id: null } }));
      const before = stranger.connections;
      expect((await world.run(["pull", "demo::shell::1"], { env: own })).code).toBe(2);
      expect(stranger.connections).toBe(before);
      // Named without a token it gets none, though one is known for another address.
      stranger.heard.length = 0;
      await world.run(["pull", "demo::shell::1", "--server", stranger.address], {
        env: { ...own, WSH_TOKEN: undefined },
      });
      await world.run(["pull", "demo::shell::1"], { env: own });
      expect(stranger.heard.join("")).toContain("GET /");
      expect(stranger.heard.join("")).not.toContain(token);
      stranger.close();
    } finally {
      server.child.kill("SIGTERM");
      await server.done;
    }
  });
});

describe("a server that was found", () => {
  it("is connected to no more once its place is another user's, by requests and sockets alike", async () => {
    const place = await CountingServer.at(await freePort());
    let owner: PlaceOwner = "this_user";
    const asked: string[] = [];
    const permission = new ServerPermission({
      chosen: new MemoryAddresses(),
      owners: { ofSocket: () => Promise.resolve(owner), ofPort: () => Promise.resolve(owner) },
      env: {},
      ask: (address) => Promise.resolve(void asked.push(address)),
    });
    const client = new WshServer({
      address: place.address,
      clock: systemClock,
      logger: silentLogger,
      // As for the address at which wsh listens by default.
      permit: () => permission.require("http://127.0.0.1:8080", false),
    });
    try {
      await expect(client.list()).rejects.toMatchObject({ code: "auth_required" });
      expect(place.connections).toBeGreaterThan(0);
      owner = "another_user";
      place.connections = 0;
      await expect(client.list()).rejects.toMatchObject({ code: "server_not_chosen" });
      const watching = client.watch(() => undefined);
      await expect(client.sendInput("x", "id")).rejects.toBeInstanceOf(OrchestratorError);
      watching.dispose();
      expect([place.connections, asked]).toEqual([0, []]);
    } finally {
      client.close();
      place.close();
    }
  });
});

describe("what a user chose", () => {
  it("is kept in a file that nobody else can read, and counts for that very address", async () => {
    const folder = await temporaryFolder();
    const env = { WSH_ORCHESTRATOR_RUNTIME_DIR: folder };
    const open = (): ChosenAddressFiles =>
      new ChosenAddressFiles({ env, clock: systemClock, mayAnswer: () => Promise.resolve(true) });
    expect(await open().keep("http://a.example", "yes", token)).toBe(true);
    expect(await open().keep("http://b.example", "no")).toBe(true);
    const names = readdirSync(join(folder, "data/chosen-servers"));
    const paths = names.map((each) => join(folder, "data/chosen-servers", each));
    expect(paths.map((path) => lstatSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    for (const path of paths) expect(readFileSync(path, "utf8")).not.toContain(token);
    const again = open();
    expect(await again.answerFor("http://a.example")).toBe("yes");
    expect(await again.answerFor("http://b.example")).toBe("no");
    expect(await again.answerFor("http://c.example")).toBeUndefined();
    expect(await again.wasGiven("http://a.example", token)).toBe(true);
    expect(await again.wasGiven("http://a.example", `${token}0`)).toBe(false);
    expect(await again.wasGiven("http://b.example", token)).toBe(false);
    // Also where many say something at once.
    await Promise.all(Array.from({ length: 8 }, (_, at) => open().keep(`http://${at}.example`, "yes")));
    for (let at = 0; at < 8; at++) expect(await open().answerFor(`http://${at}.example`)).toBe("yes");
    // A file that another user may write says nothing.
    for (const path of paths) chmodSync(path, 0o666);
    expect(await open().answerFor("http://a.example")).toBeUndefined();
  });

  it("is another server once its path leads elsewhere", async () => {
    const folder = await temporaryFolder();
    const open = (): ChosenAddressFiles =>
      new ChosenAddressFiles({
        env: { WSH_ORCHESTRATOR_RUNTIME_DIR: folder },
        clock: systemClock,
        mayAnswer: () => Promise.resolve(true),
      });
    const link = join(folder, "link.sock");
    symlinkSync(join(folder, "one.sock"), link);
    writeFileSync(join(folder, "one.sock"), "");
    writeFileSync(join(folder, "two.sock"), "");
    await open().keep(`unix:${link}`, "yes");
    expect(await open().answerFor(`unix:${link}`)).toBe("yes");
    rmSync(link);
    symlinkSync(join(folder, "two.sock"), link);
    expect(await open().answerFor(`unix:${link}`)).toBeUndefined();
  });

  it("is not said by a session of ours", async () => {
    const folder = await temporaryFolder();
    const file = new ChosenAddressFiles({
      env: { WSH_ORCHESTRATOR_RUNTIME_DIR: folder },
      clock: systemClock,
      mayAnswer: () => Promise.resolve(false),
    });
    expect(await file.keep("http://a.example", "yes")).toBe(false);
    expect(await file.answerFor("http://a.example")).toBeUndefined();
    expect(existsSync(join(folder, "data"))).toBe(false);
  });
});

const canBeAnother = process.platform === "linux" && process.getuid?.() === 0;
const whyNot = canBeAnother ? "" : " [not run: needs root on Linux, to be another user too]";

describe.runIf(canBeAnother)(`another user's places${whyNot}`, () => {
  const nobody = 65_534;
  const owners = createPlaceOwners();

  it("are told from one's own", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "wsh"), { mode: 0o700 });
    const path = join(folder, "wsh/a.http.sock");
    expect(await owners.ofSocket(path)).toBe("nobody");
    const server = await CountingServer.at(path);
    expect(await owners.ofSocket(path)).toBe("this_user");
    chownSync(path, nobody, nobody);
    expect(await owners.ofSocket(path)).toBe("another_user");
    chownSync(path, 0, 0);
    chownSync(join(folder, "wsh"), nobody, nobody);
    expect(await owners.ofSocket(path)).toBe("another_user");
    chownSync(join(folder, "wsh"), 0, 0);
    chmodSync(join(folder, "wsh"), 0o777);
    chmodSync(folder, 0o755);
    expect(await owners.ofSocket(path)).toBe("another_user");
    server.close();
  });

  it("are told by their port as well", async () => {
    const port = await freePort();
    expect(await owners.ofPort(port)).toBe("nobody");
    const program = `require("node:net").createServer().listen(${port}, "127.0.0.1", () => console.log("up"))`;
    const child = spawn(process.execPath, ["-e", program], {
      uid: nobody,
      gid: nobody,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(await owners.ofPort(port)).toBe("another_user");
    child.kill("SIGKILL");
    await once(child, "exit");
    const own = await CountingServer.at(port);
    expect(await owners.ofPort(port)).toBe("this_user");
    own.close();
  });
});
