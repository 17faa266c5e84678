import { chmod, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltinServer, readyLine, spawnServer } from "../support/builtinServer";
import { temporaryFolder } from "../support/localAddresses";
import { HandshakeRefused, RawHttp, type RawAnswer } from "../support/rawHttp";

let server: BuiltinServer;
let open: BuiltinServer;

beforeAll(async () => {
  [server, open] = await Promise.all([
    BuiltinServer.start("--port", "0"),
    BuiltinServer.start("--port", "0", "--no-auth"),
  ]);
  await server.unix.post("/sessions", { name: "s", command: "exec cat" });
});
afterAll(() => Promise.all([server.stop(), open.stop()]));

/** Without credentials. */
const bare = (of: BuiltinServer): RawHttp => of.client({ host: "127.0.0.1", port: of.port });
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${server.token ?? ""}` });

async function upgrade(
  http: RawHttp,
  path: string,
  headers: Record<string, string> = {},
): Promise<[number, string | undefined]> {
  try {
    const socket = await http.open(path, headers);
    socket.socket.terminate();
    return [101, undefined];
  } catch (error) {
    if (error instanceof HandshakeRefused) return [error.answer.status, error.answer.code];
    throw error;
  }
}

interface Case {
  readonly host?: string;
  readonly origin?: string;
  /** Default: the right one. */
  readonly token?: "wrong" | "none" | "lower-case scheme" | "in the query";
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly expected: string;
}

/** `P` stands for the port. Expected: status and code. */
const cases: readonly Case[] = [
  { expected: "200" },
  { host: "localhost:P", expected: "200" },
  { host: "LOCALHOST:P", expected: "200" },
  { host: "[::1]:P", expected: "200" },
  { host: "127.0.0.1", expected: "403 host_not_allowed" },
  { host: "127.0.0.1:80", expected: "403 host_not_allowed" },
  { host: "localhost", expected: "403 host_not_allowed" },
  { host: "localhost.:P", expected: "403 host_not_allowed" },
  { host: "evil.example:P", expected: "403 host_not_allowed" },
  { host: "127.0.0.1.evil.example:P", expected: "403 host_not_allowed" },
  { host: "127.0.0.2:P", expected: "403 host_not_allowed" },
  { host: "0.0.0.0:P", expected: "403 host_not_allowed" },
  { host: "127.0.0.1:P:80", expected: "403 host_not_allowed" },
  { host: "evil.example:P", path: "/health", expected: "403 host_not_allowed" },
  { host: "evil.example:P", path: "/nowhere", expected: "403 host_not_allowed" },
  { origin: "http://127.0.0.1:P", expected: "200" },
  { origin: "http://localhost:P", expected: "200" },
  { origin: "http://[::1]:P", expected: "200" },
  { origin: "http://evil.example", expected: "403 origin_not_allowed" },
  { origin: "null", expected: "403 origin_not_allowed" },
  { origin: "https://127.0.0.1:P", expected: "403 origin_not_allowed" },
  { origin: "http://127.0.0.1", expected: "403 origin_not_allowed" },
  { origin: "http://127.0.0.1:P.evil.example", expected: "403 origin_not_allowed" },
  { origin: "http://localhost:P/", expected: "403 origin_not_allowed" },
  { origin: "vscode-webview://x", expected: "403 origin_not_allowed" },
  { origin: "http://evil.example", path: "/health", expected: "403 origin_not_allowed" },
  { token: "none", expected: "401 auth_required" },
  { token: "none", path: "/nowhere", expected: "401 auth_required" },
  { token: "none", path: "/health", expected: "200" },
  { token: "wrong", path: "/health", expected: "200" },
  { token: "wrong", expected: "403 auth_invalid" },
  { token: "lower-case scheme", expected: "401 auth_required" },
  { token: "in the query", expected: "401 auth_required" },
  { token: "wrong", host: "evil.example:P", expected: "403 host_not_allowed" },
  { method: "POST", path: "/sessions/s/input", expected: "204" },
  { method: "POST", path: "/sessions/s/input", type: "text/plain", expected: "204" },
  { method: "POST", path: "/sessions/s/input", origin: "http://localhost:P", expected: "415 unsupported_media_type" },
  {
    method: "POST",
    path: "/sessions/s/input",
    origin: "http://localhost:P",
    type: "text/plain",
    expected: "415 unsupported_media_type",
  },
  {
    method: "POST",
    path: "/sessions/s/input",
    origin: "http://localhost:P",
    type: "application/x-www-form-urlencoded",
    expected: "415 unsupported_media_type",
  },
  {
    method: "POST",
    path: "/sessions/s/input",
    origin: "http://localhost:P",
    type: "application/octet-stream",
    expected: "204",
  },
  {
    method: "POST",
    path: "/sessions/s/input",
    origin: "http://localhost:P",
    type: "application/json",
    expected: "204",
  },
  {
    method: "POST",
    path: "/sessions/s/input",
    origin: "http://evil.example",
    type: "application/json",
    expected: "403 origin_not_allowed",
  },
  { method: "DELETE", path: "/sessions/nobody", origin: "http://localhost:P", expected: "415 unsupported_media_type" },
  { method: "POST", path: "/sessions", type: "text/json", expected: "415 unsupported_media_type" },
];

const title = ({ host, origin, token, method = "GET", path = "/sessions", type, expected }: Case): string =>
  [
    `${method} ${path}`,
    host === undefined ? "" : `Host ${host}`,
    origin === undefined ? "" : `Origin ${origin}`,
    token ? `token ${token}` : "",
    type ?? "",
    `-> ${expected}`,
  ]
    .filter(Boolean)
    .join(", ");

async function ask({ host, origin, token, method = "GET", path = "/sessions", type }: Case): Promise<RawAnswer> {
  const port = String(server.port);
  const headers: Record<string, string> = {};
  if (host !== undefined) headers.host = host.replace("P", port);
  if (origin !== undefined) headers.origin = origin.replace("P", port);
  if (type !== undefined) headers["content-type"] = type;
  if (token === undefined) Object.assign(headers, bearer());
  if (token === "wrong") headers.authorization = `Bearer ${"0".repeat(64)}`;
  if (token === "lower-case scheme") headers.authorization = `bearer ${server.token ?? ""}`;
  const query = token === "in the query" ? `?token=${server.token ?? ""}` : "";
  return bare(server).send(method, `${path}${query}`, { headers, ...(method === "POST" ? { body: "x" } : {}) });
}

describe("who may talk to the server over TCP", () => {
  it.each(cases.map((each) => [title(each), each] as const))("%s", async (_title, each) => {
    const answer = await ask(each);
    expect([answer.status, answer.code].filter(Boolean).join(" ")).toBe(each.expected);
  });

  it("has at least 40 cases", () => expect(cases.length).toBeGreaterThanOrEqual(40));

  it("refuses two Host headers, and a whole URL as path", async () => {
    const raw = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(server.port, "127.0.0.1", () => socket.end(text));
        let answer = "";
        socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
        socket.on("end", () => resolve(answer));
        socket.on("error", reject);
      });
    const host = `127.0.0.1:${server.port}`;
    expect(
      await raw(`GET /health HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 403 /);
    expect(await raw(`GET http://evil.example/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await raw("GET /health HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("holds WebSockets to the same rules", async () => {
    const http = bare(server);
    expect(await upgrade(http, "/ws/json", bearer())).toEqual([101, undefined]);
    expect(await upgrade(http, "/ws/json")).toEqual([401, "auth_required"]);
    expect(await upgrade(http, "/ws/json", { authorization: "Bearer nonsense-nonsense" })).toEqual([
      403,
      "auth_invalid",
    ]);
    expect(await upgrade(http, "/ws/json", { ...bearer(), host: "evil.example" })).toEqual([403, "host_not_allowed"]);
    expect(await upgrade(http, "/ws/json", { ...bearer(), origin: "http://evil.example" })).toEqual([
      403,
      "origin_not_allowed",
    ]);
    expect(await upgrade(http, "/ws/json", { ...bearer(), origin: `http://localhost:${server.port}` })).toEqual([
      101,
      undefined,
    ]);
  });
});

describe("tokens", () => {
  it("are made by the server, 256 bits long", () => expect(server.token).toMatch(/^[0-9a-f]{64}$/));

  it("are not needed where that is asked for, with the other checks in force", async () => {
    const http = bare(open);
    expect((await http.get("/sessions")).status).toBe(200);
    expect((await http.send("GET", "/sessions", { headers: { origin: "http://evil.example" } })).code).toBe(
      "origin_not_allowed",
    );
    expect((await http.send("GET", "/sessions", { headers: { host: "evil.example" } })).code).toBe("host_not_allowed");
    expect((await http.send("POST", "/auth/ws-ticket")).status).toBe(200);
  });

  it("are refused when they are too short, readable by others, or a link", async () => {
    const folder = await temporaryFolder();
    const refused = async (file: string): Promise<string> => {
      const child = await spawnServer(folder, ["run", "--port", "0", "--token-file", file]);
      return readyLine(child).then(
        () => "ready",
        (error: unknown) => String(error),
      );
    };
    const short = join(folder, "short");
    await writeFile(short, "fifteen-letters", { mode: 0o600 });
    expect(await refused(short)).toMatch(/exit 1: .*too short/);
    const shared = join(folder, "shared");
    await writeFile(shared, "a-token-of-more-than-16-letters");
    await chmod(shared, 0o644);
    expect(await refused(shared)).toMatch(/exit 1: .*0600/);
    const link = join(folder, "link");
    await symlink(shared, link);
    expect(await refused(link)).toMatch(/exit 1: /);
  });
});

describe("files and addresses of the server", () => {
  it("has a socket, a discovery file and a token for its user alone, also without a file mask", async () => {
    const mask = process.umask(0);
    const other = await BuiltinServer.start("--port", "0").finally(() => process.umask(mask));
    for (const name of ["s.sock", "server.json", "token"])
      expect([name, (await stat(join(other.folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    const record = JSON.parse(await readFile(join(other.folder, "server.json"), "utf8")) as Record<string, unknown>;
    expect(record).toMatchObject({
      pid: other.pid,
      socket: join(other.folder, "s.sock"),
      url: `http://127.0.0.1:${other.port}`,
    });
    await other.stop();
  });

  it("refuses an address in use with one sentence and the code 4, and replaces the socket of a dead server", async () => {
    const attempt = async (...args: string[]): Promise<string> => {
      const child = await spawnServer(server.folder, ["run", ...args]);
      return readyLine(child).then(
        () => "ready",
        (error: unknown) => String(error),
      );
    };
    expect(await attempt("--socket", join(server.folder, "s.sock"))).toMatch(
      /exit 4: A server is already listening on [^\n]+\.\n$/,
    );
    expect(await attempt("--port", String(server.port), "--no-auth")).toMatch(
      /exit 4: Port \d+ is already in use\.\n$/,
    );
    const plain = join(server.folder, "plain");
    await writeFile(plain, "");
    expect(await attempt("--socket", plain)).toMatch(/exit 4: [^\n]+ is not a socket\.\n$/);
    expect(await attempt()).toMatch(/exit 2: /);
    expect(await attempt("--port", "0")).toMatch(/exit 2: /);
    expect((await server.unix.get("/health")).status).toBe(200);

    const folder = await temporaryFolder();
    const socket = join(folder, "s.sock");
    const dead = await spawnServer(folder, ["run", "--socket", socket]);
    await readyLine(dead);
    const gone = new Promise((resolve) => dead.once("exit", resolve));
    dead.kill("SIGKILL");
    await gone;
    expect((await stat(socket)).isSocket()).toBe(true);
    const next = await spawnServer(folder, ["run", "--socket", socket]);
    await readyLine(next);
    expect((await new RawHttp({ socketPath: socket }).get("/health")).status).toBe(200);
    const ended = new Promise((resolve) => next.once("exit", resolve));
    next.kill("SIGTERM");
    expect(await ended).toBe(0);
    await expect(stat(socket)).rejects.toThrow("ENOENT");
  });
});
