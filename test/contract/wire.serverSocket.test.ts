import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JsonMessage, type RawHttp } from "../support/rawHttp";
import { until } from "../support/until";
import { rowsOf, wireServers, type WireSubject } from "../support/wireServers";
import { freshName, plainRows, shellSession, untilGone } from "../support/wireSessions";

describe.each((await wireServers()).map((server) => [server.title, server] as const))("wire: %s", (_title, server) => {
  const row = rowsOf(server);
  let subject: WireSubject;
  let http: RawHttp;

  beforeAll(async () => {
    subject = await server.start();
    http = subject.http;
  });
  afterAll(() => subject.stop());

  const codeOf = (message: JsonMessage): string | undefined => (message.error as { code?: string } | undefined)?.code;

  describe("the server's JSON socket", () => {
    it("[87] manages sessions, and tells everybody", async () => {
      const [one, two, overHttp] = [freshName(), freshName(), freshName()];
      const acting = await http.open("/ws/json");
      const watching = await http.open("/ws/json");
      const tags = server.has("A2") ? { tags: ["a", "b"] } : {};
      const created = await acting.call("create_session", { name: one, command: "exec sleep 1000", tags: ["b", "a"] });
      expect(created.result).toEqual({ name: one, ...tags });
      const listed = (await acting.call("list_sessions", { tag: ["a"] })).result as JsonMessage[];
      expect(listed.find(({ name }) => name === one)).toMatchObject({ rows: 24, cols: 80, clients: 0, ...tags });
      expect(listed[0]).not.toHaveProperty("server");
      expect((await acting.call("rename_session", { name: one, new_name: two })).result).toEqual({
        name: two,
        ...tags,
      });
      expect((await acting.call("detach_session", { name: two })).result).toEqual({});
      expect((await acting.call("kill_session", { name: two })).result).toEqual({});
      await http.post("/sessions", { name: overHttp, command: "exit 4" });
      const told = async (event: string, name: string): Promise<unknown> =>
        (
          await watching.untilMessage(
            `${event} of ${name}`,
            (message) => message.event === event && Object.values(message.params as object).includes(name),
          )
        ).params;
      expect(await told("session_created", one)).toEqual({ name: one });
      expect(await told("session_renamed", one)).toEqual({ old_name: one, new_name: two });
      const killed = await told("session_destroyed", two);
      const ended = await told("session_destroyed", overHttp);
      if (!server.builtin) return;
      expect([killed, ended]).toEqual([
        { name: two, exit_code: null, signal: "SIGKILL" },
        { name: overHttp, exit_code: 4, signal: null },
      ]);
    });

    it("[88, 90] needs to be told the session, and does not wait", async () => {
      const name = await shellSession(http);
      const supervisor = await http.open("/ws/json");
      expect(codeOf(await supervisor.call("get_screen"))).toBe("session_required");
      expect(codeOf(await supervisor.call("get_screen", {}, "nobody"))).toBe("session_not_found");
      expect(
        ((await supervisor.call("get_screen", { format: "plain" }, name)).result as { lines: string[] }).lines[0],
      ).toBe("$");
      expect(codeOf(await supervisor.call(server.waiting.method, { timeout_ms: 1 }, name))).toBe("unknown_method");
      if (server.builtin) expect(codeOf(await supervisor.call("create_overlay", {}, name))).toBe("unknown_method");
      if (server.has("A2")) {
        expect((await supervisor.call("resize", { cols: 90, rows: 20 }, name)).result).toEqual({});
        expect((await http.get(`/sessions/${name}`)).json).toMatchObject({ rows: 20, cols: 90 });
      }
      expect((await supervisor.call("send_input", { data: "echo o''k\r" }, name)).result).toEqual({});
      await until("it arrives", async () => (await plainRows(http, name)).includes("ok"));
      expect((await supervisor.call("set_server_mode")).result).toHaveProperty("persistent");
    });

    it("[89] nests the first picture, and names the session in events", async () => {
      const name = await shellSession(http);
      const supervisor = await http.open("/ws/json");
      expect(
        (await supervisor.call("subscribe", { events: ["lines"], format: "plain", idle_timeout_ms: 100 }, name)).result,
      ).toEqual({ events: ["lines"] });
      const sync = await supervisor.event("sync");
      expect(sync).toMatchObject({ session: name, params: { seq: 0, scrollback_lines: 24 } });
      if (server.builtin) expect(sync).toMatchObject({ seq: 0, scrollback_lines: 24, screen: { rows: 24 } });
      const renamed = freshName();
      await http.send("PATCH", `/sessions/${name}`, { json: { name: renamed } });
      await http.input(renamed, "echo a''b\r");
      await supervisor.untilMessage(
        "the line",
        (message) =>
          message.event === "line" && message.session === renamed && JSON.stringify(message.line).includes('"ab"'),
      );
      expect(supervisor.messages.some(({ event }) => event === "running" || event === "idle")).toBe(false);
      await http.send("DELETE", `/sessions/${renamed}`);
      await untilGone(http, renamed);
      expect(supervisor.closed).toBeUndefined();
    });

    row("[91] tells of tags", { since: "A2" }, async () => {
      const name = freshName();
      await http.post("/sessions", { name, tags: ["old"] });
      const supervisor = await http.open("/ws/json");
      await supervisor.untilMessage("the greeting", ({ connected }) => connected === true);
      await http.send("PATCH", `/sessions/${name}`, { json: { add_tags: ["new"], remove_tags: ["old"] } });
      const changes = async (): Promise<unknown[]> =>
        until("both changes are told", () => {
          const told = supervisor.messages.filter(({ event }) => event === "session_tags_changed");
          return told.length === 2 && told.map(({ params }) => params);
        });
      expect(await changes()).toMatchObject([
        { name, added: ["new"], removed: [] },
        { name, added: [], removed: ["old"] },
      ]);
      expect((await supervisor.call("update_tags", { session: name, add: ["x"] })).result).toMatchObject({
        name,
        tags: ["new", "x"],
      });
      expect(codeOf(await supervisor.call("update_tags", { session: name, add: ["a b"] }))).toBe("invalid_request");
      expect(codeOf(await supervisor.call("update_tags", { session: "nobody", add: ["x"] }))).toBe("invalid_request");
    });

    row("renames and tags with update_session, as the page of wsh wants", { only: "built-in" }, async () => {
      const [name, renamed] = [freshName(), freshName()];
      await http.post("/sessions", { name });
      const supervisor = await http.open("/ws/json");
      expect((await supervisor.call("update_session", { name: renamed }, name)).result).toMatchObject({
        name: renamed,
      });
      expect((await supervisor.call("update_session", { add_tags: ["x"] }, renamed)).result).toMatchObject({
        tags: ["x"],
      });
      expect(codeOf(await supervisor.call("update_session", { name: renamed }, name))).toBe("session_not_found");
    });
  });
});
