import { homedir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawAnswer, RawHttp } from "../support/rawHttp";
import { until } from "../support/until";
import { rowsOf, wireServers, type WireSubject } from "../support/wireServers";
import { wshBinaries } from "../support/wshBinaries";
import { descendantsOf, freshName, isAlive, shellSession, untilGone } from "../support/wireSessions";

interface Info {
  name: string;
  pid: number;
  command: string;
  rows: number;
  cols: number;
  clients: number;
  tags: string[];
  last_activity_ms: number;
  server: string;
}

if (wshBinaries().length === 0)
  it.skip("rows of the wire checklist on real wsh [not run: WSH_BIN names none]", () => undefined);

describe.each((await wireServers()).map((server) => [server.title, server] as const))("wire: %s", (_title, server) => {
  const row = rowsOf(server);
  let subject: WireSubject;
  let http: RawHttp;

  beforeAll(async () => {
    subject = await server.start();
    http = subject.http;
  });
  afterAll(() => subject.stop());

  describe("liveness, server, detection", () => {
    it("[1] answers its health", async () => {
      const answer = await http.get("/health");
      expect([answer.status, answer.json]).toEqual([200, { status: "ok" }]);
    });

    row("[2] lives below a prefix on TCP, with its health in both places", { since: "B2" }, async () => {
      const prefixed = await server.startGuarded("a-token-of-more-than-16-letters", "--base-prefix", "/p");
      const get = (path: string): Promise<RawAnswer> => prefixed.http.send("GET", path, { headers: prefixed.bearer });
      for (const path of ["/health", "/p/health", "/p/sessions"])
        expect([path, (await get(path)).status]).toEqual([path, 200]);
      const without = await get("/sessions");
      expect([without.status, without.text]).toEqual([404, ""]);
      await prefixed.stop();
    });

    row("[3] has no description of itself", { before: "B2" }, async () => {
      const answer = await http.get("/server/info");
      expect([answer.status, answer.text]).toEqual([404, ""]);
    });

    row("[4] tells who it is, without what only later eras have", { since: "B2" }, async () => {
      const { status, json } = await http.get("/server/info");
      expect(status).toBe(200);
      expect(json).toMatchObject({ hostname: expect.any(String) as string, version: expect.any(String) as string });
      expect((json as { server_id: string }).server_id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(json).not.toHaveProperty("instance_name");
      if (server.builtin) expect(json).toHaveProperty("implementation", "wsh-orchestrator");
    });

    row("[6] has another id and no sessions after a restart", { since: "B2" }, async () => {
      const ids: unknown[] = [];
      for (let run = 0; run < 2; run++) {
        const started = await server.start();
        expect((await started.http.get("/sessions")).json).toEqual([]);
        ids.push(((await started.http.get("/server/info")).json as { server_id: string }).server_id);
        await started.http.post("/sessions", {});
        await started.stop();
      }
      expect(new Set(ids).size).toBe(2);
    });

    it("[7, 8, 9, 10, 14] can be told from other eras by its refusals", async () => {
      const other = server.waiting.path === "idle" ? "/quiesce" : "/idle";
      expect((await http.get(`/${server.waiting.path}`)).status).toBe(400);
      for (const path of [other, "/nonexistent", "/sessions/"]) {
        const answer = await http.get(path);
        expect([path, answer.status, answer.text]).toEqual([path, 404, ""]);
      }
      const shutdown = await http.send("POST", "/server/shutdown");
      expect([shutdown.status, shutdown.text]).toEqual([404, ""]);
      const wrong = await http.send("POST", "/health");
      expect([wrong.status, wrong.headers.allow]).toEqual([405, expect.stringContaining("GET") as string]);
      expect((await http.send("HEAD", "/health")).status).toBe(200);
    });

    it("[11] sends the security headers, in eras that have a rule for names", async () => {
      const { headers } = await http.get("/health");
      if (server.has("B1"))
        expect(headers).toMatchObject({
          "x-frame-options": "DENY",
          "x-content-type-options": "nosniff",
          "referrer-policy": "no-referrer",
        });
      else expect(headers).not.toHaveProperty("x-frame-options");
    });

    it("[12, 13] keeps its mode, and refuses another with a plain text as error", async () => {
      expect((await http.get("/server/persist")).status).toBe(200);
      expect((await http.send("PUT", "/server/persist", { json: { persistent: true } })).json).toEqual({
        persistent: true,
      });
      expect((await http.get("/server/persist")).json).toEqual({ persistent: true });
      const wrong = await http.send("PUT", "/server/persist", { json: { persistent: "yes" } });
      expect([wrong.status, typeof (wrong.json as { error: unknown }).error]).toEqual([400, "string"]);
    });

    row("lists itself as the only server", { since: "B2" }, async () => {
      expect((await http.get("/servers")).json).toMatchObject([
        { address: "local", health: "healthy", role: "member" },
      ]);
      expect((await http.get("/servers/nobody")).code).toBe("server_not_found");
    });
  });

  describe("sessions", () => {
    it("[16, 20] creates one with defaults, once", async () => {
      const name = freshName("c16");
      const { status, json } = await http.post("/sessions", { name });
      expect(status).toBe(201);
      const info = json as Info;
      expect(info).toMatchObject({ name, rows: 24, cols: 80, clients: 0 });
      expect(Number.isInteger(info.pid)).toBe(true);
      expect(info.command).not.toBe("");
      if (server.builtin)
        expect(Date.parse((json as { created_at: string }).created_at)).toBeGreaterThan(Date.now() - 60_000);
      const again = await http.post("/sessions", { name });
      expect([again.status, again.code]).toEqual([409, "session_name_conflict"]);
    });

    row("[17] has tags", { since: "A2" }, async () => {
      expect((await http.post("/sessions", { name: freshName() })).json).toHaveProperty("tags", []);
    });

    row("[18] tells since when it is quiet", { since: "B0" }, async () => {
      expect((await http.post("/sessions", { name: freshName() })).json).toHaveProperty(
        "last_activity_ms",
        expect.any(Number),
      );
    });

    it("tells output from input, where it is the built-in server", async () => {
      if (!server.builtin) return;
      const { name } = (await http.post("/sessions", { name: freshName(), command: "stty -echo; exec sleep 60" }))
        .json as Info;
      const times = async (): Promise<{ last_activity_ms: number; last_output_ms: number }> =>
        (await http.get(`/sessions/${name}`)).json as never;
      await until("it has been silent", async () => (await times()).last_output_ms > 1000);
      await http.input(name, "hidden");
      const { last_activity_ms, last_output_ms } = await times();
      expect([last_activity_ms < 1000, last_output_ms > 1000]).toEqual([true, true]);
    });

    row("[19] tells where it runs", { since: "B2" }, async () => {
      const { hostname } = (await http.get("/server/info")).json as { hostname: string };
      expect((await http.post("/sessions", { name: freshName() })).json).toHaveProperty("server", hostname);
    });

    it("[21] gives numbers as names", async () => {
      const names = await Promise.all(
        [http.post("/sessions", {}), http.post("/sessions", {})].map(async (call) => ((await call).json as Info).name),
      );
      expect(new Set(names).size).toBe(2);
      for (const name of names) expect(name).toMatch(/^\d+$/);
    });

    it("[22, 23] refuses bodies that are no requests", async () => {
      expect((await http.send("POST", "/sessions", { headers: { "content-type": "application/json" } })).status).toBe(
        400,
      );
      expect((await http.send("POST", "/sessions")).status).toBe(415);
      expect((await http.post("/sessions", { name: freshName(), rows: 70_000 })).status).toBe(422);
      expect((await http.post("/sessions", { name: freshName(), env: { A: 1 } })).status).toBe(422);
    });

    it("[24] clamps sizes", async () => {
      const { json } = await http.post("/sessions", { name: freshName(), rows: 0, cols: 5_000 });
      expect(json).toMatchObject({ rows: server.has("A1") ? 1 : 0, cols: server.has("B1") ? 1_000 : 5_000 });
    });

    it("[25, 27] refuses names outside of the rule, once there is one", async () => {
      for (const name of ["proj-alpha::builder::1", "", "a/b", "a b", "a".repeat(65)]) {
        const answer = await http.post("/sessions", { name });
        expect([name, answer.status, answer.code]).toEqual(
          server.has("B1") ? [name, 400, "invalid_session_name"] : [name, 201, undefined],
        );
      }
    });

    row("[26] finds a free name written in either way", { before: "B1" }, async () => {
      const name = `${freshName()}::builder::1`;
      const { pid } = (await http.post("/sessions", { name })).json as Info;
      for (const path of [name, encodeURIComponent(name)])
        expect((await http.get(`/sessions/${path}`)).json).toMatchObject({ name, pid });
    });

    it("[28] takes every name inside of it", async () => {
      for (const name of ["A.b_c-9", "a".repeat(64), "é"]) {
        expect((await http.post("/sessions", { name })).status).toBe(201);
        expect((await http.send("DELETE", `/sessions/${encodeURIComponent(name)}`)).status).toBe(204);
      }
    });

    row("[29, 30, 31] sorts, checks and filters tags", { since: "A2" }, async () => {
      const [a, b, none] = [freshName("ta"), freshName("tb"), freshName("tn")];
      const tag = (text: string): string => `${text}${process.pid}`;
      await http.post("/sessions", { name: a, tags: [tag("z"), tag("a")] });
      await http.post("/sessions", { name: b, tags: [tag("b")] });
      await http.post("/sessions", { name: none });
      expect((await http.get(`/sessions/${a}`)).json).toMatchObject({ tags: [tag("a"), tag("z")] });
      const filtered = (await http.get(`/sessions?tag=${tag("a")},${tag("b")}`)).json as Info[];
      expect(filtered.map(({ name }) => name).sort()).toEqual([a, b].sort());
      expect(((await http.get("/sessions?tag=")).json as Info[]).length).toBeGreaterThanOrEqual(3);
      const bad = freshName("bt");
      const refused = await http.post("/sessions", { name: bad, tags: ["no:colon"] });
      expect([refused.status, refused.code]).toEqual([400, "invalid_tag"]);
      expect((await http.get(`/sessions/${bad}`)).status).toBe(404);
    });

    it("[32, 33] renames, but not to a name that exists", async () => {
      const [old, taken, fresh] = [freshName(), freshName(), freshName()];
      const { pid } = (await http.post("/sessions", { name: old })).json as Info;
      await http.post("/sessions", { name: taken });
      expect((await http.send("PATCH", `/sessions/${old}`, { json: { name: taken } })).code).toBe(
        "session_name_conflict",
      );
      expect((await http.send("PATCH", `/sessions/${old}`, { json: { name: old } })).status).toBe(409);
      const renamed = await http.send("PATCH", `/sessions/${old}`, { json: { name: fresh } });
      expect(renamed.json).toMatchObject({ name: fresh, pid });
      expect((await http.get(`/sessions/${old}`)).status).toBe(404);
    });

    it("[34] changes nothing with an empty change, unless its era wants a name", async () => {
      const name = freshName();
      await http.post("/sessions", { name });
      const answer = await http.send("PATCH", `/sessions/${name}`, { json: {} });
      if (server.has("A2")) expect(answer.json).toMatchObject({ name, tags: [] });
      else expect([answer.status, answer.code]).toEqual([422, undefined]);
    });

    row("[35] changes tags", { since: "A2" }, async () => {
      const name = freshName();
      await http.post("/sessions", { name });
      const change = { add_tags: ["x", "x"], remove_tags: ["nope"] };
      expect((await http.send("PATCH", `/sessions/${name}`, { json: change })).json).toMatchObject({ tags: ["x"] });
      expect((await http.send("PATCH", `/sessions/${name}`, { json: { add_tags: ["a b"] } })).code).toBe("invalid_tag");
    });

    it("[36] does not find what is not there", async () => {
      const calls = [
        http.get("/sessions/nobody"),
        http.send("DELETE", "/sessions/nobody"),
        http.send("PATCH", "/sessions/nobody", { json: { name: "anybody" } }),
        http.get("/sessions/nobody/screen"),
        http.get("/sessions/nobody/scrollback"),
        http.input("nobody", "x"),
        http.get(`/sessions/nobody/${server.waiting.path}?timeout_ms=100`),
        http.send("POST", "/sessions/nobody/detach"),
      ];
      for (const answer of await Promise.all(calls))
        expect([answer.status, answer.code]).toEqual([404, "session_not_found"]);
    });

    it("[37, 38] kills a session with its program", async () => {
      const name = freshName();
      const { pid } = (await http.post("/sessions", { name, command: "sleep 1000" })).json as Info;
      expect(isAlive(pid)).toBe(true);
      expect((await http.send("DELETE", `/sessions/${name}`)).status).toBe(204);
      const again = await http.send("DELETE", `/sessions/${name}`);
      expect([again.status, again.code]).toEqual([404, "session_not_found"]);
      await until("its process is gone", () => !isAlive(pid), 5_000);
    });

    it("[39] forgets a session whose command has ended, and tells how it ended where wsh says nothing", async () => {
      const name = freshName("e");
      const created = await http.post("/sessions", { name, command: "exit 3" });
      expect(created.status).toBe(201);
      await until("it is gone", async () => (await http.get(`/sessions/${name}`)).status === 404, 5_000);
      const end = await http.get(`/server/ended/${name}`);
      if (!server.builtin) expect([end.status, end.text]).toEqual([404, ""]);
      else expect(end.json).toMatchObject({ name, pid: (created.json as Info).pid, exit_code: 3, signal: null });
    });

    row("tells the signal of a killed session, and nothing of one that never was", { only: "built-in" }, async () => {
      const name = freshName();
      await http.post("/sessions", { name, command: "sleep 1000" });
      await http.send("DELETE", `/sessions/${name}`);
      expect((await http.get(`/server/ended/${name}`)).json).toMatchObject({ exit_code: null, signal: "SIGKILL" });
      expect((await http.get("/server/ended/nobody")).code).toBe("session_not_found");
    });

    it("[40] frees the name of a shell that was left", async () => {
      const name = await shellSession(http);
      await http.input(name, "exit\r");
      await untilGone(http, name);
      expect((await http.post("/sessions", { name })).status).toBe(201);
    });

    row("[41] has a cap", { since: "A1" }, async () => {
      const capped = await server.start("--max-sessions", "3");
      for (let count = 0; count < 3; count++)
        expect((await capped.http.post("/sessions", { command: "exec sleep 1000" })).status).toBe(201);
      const full = await capped.http.post("/sessions", { name: "more" });
      expect([full.status, full.code]).toEqual([503, "max_sessions_reached"]);
      expect((await capped.http.get("/sessions/more")).status).toBe(404);
      await capped.stop();
    });

    row("[204] starts nothing for a create that it refuses", { only: "built-in" }, async () => {
      const capped = await server.start("--max-sessions", "1");
      await capped.http.post("/sessions", { name: "only", command: "exec sleep 1000" });
      const running = descendantsOf(capped.pid);
      const wanted = { name: "more", command: "exec sleep 1000" };
      expect((await capped.http.post("/sessions", wanted)).code).toBe("max_sessions_reached");
      expect(descendantsOf(capped.pid)).toEqual(running);
      await capped.http.send("DELETE", "/sessions/only");
      expect((await capped.http.post("/sessions", { ...wanted, tags: ["a b"] })).code).toBe("invalid_tag");
      expect((await capped.http.post("/sessions", { ...wanted, name: "a b" })).code).toBe("invalid_session_name");
      expect(descendantsOf(capped.pid)).toEqual([]);
      await capped.stop();
    });

    it("[42] detaches terminals and leaves sockets alone", async () => {
      const name = await shellSession(http);
      const socket = await http.open(`/sessions/${name}/ws/raw`);
      expect((await http.send("POST", `/sessions/${name}/detach`)).status).toBe(204);
      await http.input(name, "echo st''ill\r");
      await socket.untilOutput("still");
      expect(socket.closed).toBeUndefined();
    });

    it("[98] starts in the home directory when the wanted one is missing, and fails on what no program can have", async () => {
      const name = freshName();
      const body = {
        name,
        command: 'printf "[%s|%s|%s|%s]" "$PWD" "$A" "$B" "$TERM"; sleep 100',
        cwd: "/nonexistent",
        env: { A: "a  ž", B: "", TERM: "vt100", HOME: "/" },
      };
      await http.post("/sessions", body);
      const shown = async (): Promise<string> =>
        JSON.stringify((await http.get(`/sessions/${name}/screen?format=plain`)).json);
      const output = await until(
        "its output is there",
        async () => /\[([^|[]+)\|a {2}ž\|\|vt100\]/.exec(await shown()) ?? undefined,
      );
      if (server.builtin) expect(output[1]).toBe(process.env.HOME ?? homedir());
      else expect(output[1]).not.toBe("/nonexistent");
      const nul = await http.post("/sessions", { name: freshName(), env: { A: "\0" } });
      expect([nul.status, nul.code]).toEqual([500, "session_create_failed"]);
      const root = freshName();
      await http.post("/sessions", { name: root, command: "pwd; sleep 100", cwd: "/" });
      await until(
        "it says where it is",
        async () =>
          (((await http.get(`/sessions/${root}/screen?format=plain`)).json as { lines: string[] }).lines[0] ?? "") ===
          "/",
      );
    });
  });
});
