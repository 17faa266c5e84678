import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HandshakeRefused, type JsonMessage, type RawHttp, type TestSocket } from "../support/rawHttp";
import { until } from "../support/until";
import { rowsOf, wireServers, type WireSubject } from "../support/wireServers";
import { freshName, shellSession, untilRow } from "../support/wireSessions";

describe.each((await wireServers()).map((server) => [server.title, server] as const))("wire: %s", (_title, server) => {
  const row = rowsOf(server);
  let subject: WireSubject;
  let http: RawHttp;

  beforeAll(async () => {
    subject = await server.start();
    http = subject.http;
  });
  afterAll(() => subject.stop());

  async function refusal(opening: Promise<TestSocket>): Promise<{ status: number; code: string | undefined }> {
    try {
      await opening;
    } catch (error) {
      if (error instanceof HandshakeRefused) return { status: error.answer.status, code: error.answer.code };
      throw error;
    }
    return { status: 101, code: undefined };
  }

  const codeOf = (message: JsonMessage): string | undefined => (message.error as { code?: string } | undefined)?.code;
  const seqOf = (message: JsonMessage): number => message.seq as number;

  async function openShell(): Promise<{ name: string; json: TestSocket }> {
    const name = await shellSession(http);
    const json = await http.open(`/sessions/${name}/ws/json`);
    return { name, json };
  }

  describe("handshakes", () => {
    it("[65, 66] are refused without an upgrade, and for a session that is not there", async () => {
      const name = freshName();
      await http.post("/sessions", { name });
      expect((await http.get(`/sessions/${name}/ws/json`)).status).toBe(400);
      expect((await http.get("/ws/json")).status).toBe(400);
      expect(await refusal(http.open("/sessions/nobody/ws/json"))).toEqual({ status: 404, code: "session_not_found" });
      expect((await refusal(http.open("/nobody/knows"))).status).toBe(404);
    });

    it("[67] are refused to foreign pages, once wsh looks at that", async () => {
      const name = freshName();
      await http.post("/sessions", { name });
      const foreign = http.open(`/sessions/${name}/ws/raw`, { origin: "http://evil.example" });
      expect(await refusal(foreign)).toEqual(
        server.has("B1") ? { status: 403, code: "origin_not_allowed" } : { status: 101, code: undefined },
      );
      expect((await refusal(http.open(`/sessions/${name}/ws/raw`))).status).toBe(101);
    });

    row("[85] are refused to the 65th client of a session", { since: "A1" }, async () => {
      const name = freshName();
      await http.post("/sessions", { name, command: "sleep 100" });
      const sockets = await Promise.all(Array.from({ length: 64 }, () => http.open(`/sessions/${name}/ws/json`)));
      expect(await refusal(http.open(`/sessions/${name}/ws/raw`))).toEqual({
        status: 429,
        code: "resource_limit_reached",
      });
      expect((await http.get(`/sessions/${name}`)).json).toMatchObject({ clients: 64 });
      sockets[0]?.socket.close();
      await until(
        "there is room again",
        async () => ((await http.get(`/sessions/${name}`)).json as { clients: number }).clients === 63,
      );
    });
  });

  describe("raw sockets", () => {
    it("[68, 69] carry only what is new, in both directions", async () => {
      const name = await shellSession(http);
      const raw = await http.open(`/sessions/${name}/ws/raw`);
      raw.socket.send("echo ra''w\r");
      await raw.untilOutput("raw");
      expect(raw.messages).toEqual([]);
      expect(raw.output.subarray(0, 4).toString()).toBe("echo".slice(0, raw.output.subarray(0, 4).length));
    });

    row(
      "[83] close with 1000 when the session is killed, and a pending wait is not answered",
      { since: "A1" },
      async () => {
        const { name, json } = await openShell();
        const raw = await http.open(`/sessions/${name}/ws/raw`);
        json.send({ id: "wait", method: server.waiting.method, params: { timeout_ms: 60_000 } });
        await json.call("get_input_mode");
        await http.send("DELETE", `/sessions/${name}`);
        for (const socket of [raw, json])
          expect(await socket.untilClosed()).toEqual({ code: 1000, reason: "session ended" });
        expect(json.messages.filter((message) => message.id === "wait")).toEqual([]);
      },
    );

    row("[86] end when a message is too large, and the session does not", { since: "A1" }, async () => {
      const { name, json } = await openShell();
      json.socket.send("x".repeat(1_048_577));
      await json.untilClosed();
      expect((await http.get(`/sessions/${name}`)).status).toBe(200);
    });
  });

  describe("a session's JSON socket", () => {
    it("[70, 71, 72, 73] greets, answers and refuses", async () => {
      const { json } = await openShell();
      await json.untilMessage("the greeting", (message) => message.connected === true);
      expect(json.messages[0]).toEqual({ connected: true });
      json.send("not json");
      json.send({ id: 1 });
      await until("both are refused", () => json.messages.length === 3);
      for (const message of json.messages.slice(1))
        expect([codeOf(message), "id" in message]).toEqual(["invalid_request", false]);
      const screen = await json.call("get_screen", { format: "plain" });
      expect(screen.method).toBe("get_screen");
      expect((screen.result as { lines: string[] }).lines[0]).toBe("$");
      expect(screen.result).not.toHaveProperty("last_activity_ms");
      expect(codeOf(await json.call("nope"))).toBe("unknown_method");
      expect(codeOf(await json.call("get_scrollback", { limit: -1 }))).toBe("invalid_request");
      json.send({ id: null, method: "get_input_mode" });
      await json.untilMessage(
        "an answer without id",
        (message) => message.method === "get_input_mode" && !("id" in message),
      );
    });

    it("[74] types base64", async () => {
      const { name, json } = await openShell();
      expect((await json.call("send_input", { data: "ZWNobyBiNjQN", encoding: "base64" })).result).toEqual({});
      await untilRow(http, name, "b64");
      expect(codeOf(await json.call("send_input", { data: "%%%", encoding: "base64" }))).toBe("invalid_request");
    });

    it("[75] resizes, where its era can", async () => {
      const { name, json } = await openShell();
      await json.call("subscribe", { events: ["lines"] });
      const resized = await json.call("resize", { cols: 100, rows: 30 });
      if (!server.has("A2")) {
        expect(codeOf(resized)).toBe("unknown_method");
        return;
      }
      expect(resized.result).toEqual({});
      expect((await json.event("reset")).reason).toBe("resize");
      expect((await http.get(`/sessions/${name}`)).json).toMatchObject({ rows: 30, cols: 100 });
      expect((await http.get(`/sessions/${name}/screen`)).json).toMatchObject({ rows: 30, cols: 100 });
      expect(codeOf(await json.call("resize", { cols: 100 }))).toBe("invalid_request");
      await http.input(name, "stty size\r");
      await untilRow(http, name, "30 100");
    });

    it("[76, 77, 82] sends a picture, then lines in order", async () => {
      const { name, json } = await openShell();
      expect((await json.call("subscribe", { events: ["lines", "cursor"] })).result).toEqual({
        events: ["lines", "cursor"],
      });
      const sync = await json.event("sync");
      expect([sync.seq, (sync.screen as { lines: unknown[] }).lines.length]).toEqual([0, 24]);
      const before = json.messages.length;
      await http.input(name, "echo a''b\r");
      await json.untilMessage(
        "the line",
        (message) => message.event === "line" && JSON.stringify(message.line).includes('"ab"'),
      );
      const events = json.messages.slice(before);
      const seqs = events.map(seqOf);
      expect(seqs).toEqual([...seqs].sort((left, right) => left - right));
      expect(new Set(seqs).size).toBe(seqs.length);
      expect(events.filter(({ event }) => event === "line").every(({ line }) => Array.isArray(line))).toBe(true);
      expect(codeOf(await json.call("subscribe", { events: ["bogus"] }))).toBe("invalid_request");
      expect(codeOf(await json.call("subscribe", { events: ["output"] }))).toBe("invalid_request");
    });

    it("tells of the alternate screen, in the order mode, reset, line, cursor", async () => {
      const { name, json } = await openShell();
      await json.call("subscribe", { events: ["lines", "cursor", "mode"] });
      await json.event("sync");
      await http.input(name, "printf '\\033[?1049h\\033[Hfull'; read -r _\r");
      await json.untilMessage(
        "the full screen",
        (message) => message.event === "line" && JSON.stringify(message.line).includes('"full'),
      );
      const order = json.messages.map((message) => message.event);
      const mode = order.indexOf("mode");
      expect(json.messages[mode]).toMatchObject({ alternate_active: true });
      expect(order.slice(mode, mode + 3)).toEqual(["mode", "reset", "line"]);
      expect(json.messages[mode + 1]).toMatchObject({ reason: "alternate_screen_enter" });
    });

    it("[78] tells when a terminal is busy and when it is quiet, where its era does", async () => {
      const { name, json } = await openShell();
      const subscribed = await json.call("subscribe", { events: ["activity"], idle_timeout_ms: 300, format: "plain" });
      if (!server.has("B0")) {
        expect(codeOf(subscribed)).toBe("invalid_request");
        return;
      }
      // Where wsh begins with `running`, no `idle` follows before there is more output.
      const first = await json.untilMessage(
        "the present state",
        ({ event }) => event === "idle" || event === "running",
      );
      if (server.builtin) await json.event("idle");
      const before = json.messages.length;
      expect(first).toMatchObject({ seq: 0, generation: expect.any(Number) as number });
      await http.input(name, "for i in 1 2 3; do echo $i; sleep 0.05; done\r");
      const shows = (message: JsonMessage, row: string): boolean =>
        (message.screen as { lines: string[] } | undefined)?.lines.includes(row) === true;
      await until("it was busy and is quiet again", () =>
        json.messages.slice(before).some((message) => message.event === "idle" && shows(message, "3")),
      );
      const told = json.messages.slice(before) as { event: string; seq: number; generation: number }[];
      expect([first, ...told]).toContainEqual(expect.objectContaining({ event: "running", seq: 0 }));
      const generations = told.map(({ generation }) => generation);
      expect(generations).toEqual([...generations].sort((left, right) => left - right));
      // wsh tells some of it twice, with the same generation; the built-in server changes between the two words.
      if (server.builtin)
        expect(told.map(({ event }) => event)).toEqual(told.map((_, index) => (index % 2 === 0 ? "running" : "idle")));
    });

    it("[79] knows the older word for the time of silence", async () => {
      const { name, json } = await openShell();
      await json.call("subscribe", { events: ["lines"], quiesce_ms: 100 });
      await json.event("sync");
      const before = json.messages.length;
      await http.input(name, "echo a''b\r");
      if (!server.has("B0")) {
        await until("a picture follows the silence", () =>
          json.messages
            .slice(before)
            .some(({ event, screen }) => event === "sync" && JSON.stringify(screen).includes('"ab"')),
        );
        return;
      }
      await until("the silence after it is told", () =>
        json.messages
          .slice(before)
          .some(({ event, screen }) => event === "idle" && JSON.stringify(screen).includes('"ab"')),
      );
      expect(codeOf(await json.call("subscribe", { events: ["lines"], quiesce_ms: 100, idle_timeout_ms: 100 }))).toBe(
        "invalid_request",
      );
    });

    it("sends a muted subscription its picture and nothing else", async () => {
      const { name, json } = await openShell();
      await json.call("subscribe", { events: [] });
      await json.event("sync");
      await http.input(name, "echo a''b\r");
      await untilRow(http, name, "ab");
      await json.call("get_input_mode");
      expect(json.messages.filter((message) => "event" in message)).toHaveLength(1);
    });

    it("[80, 81] waits once per connection, and answers meanwhile", async () => {
      const { json } = await openShell();
      const { method, timeout, superseded } = server.waiting;
      json.send({ id: 1, method, params: { timeout_ms: 20_000 } });
      expect((await json.call("get_screen_mode")).result).toEqual({ mode: "normal" });
      json.send({ id: 2, method, params: { timeout_ms: 50, fresh: true } });
      // The oldest era drops the first one without a word.
      if (server.has("A1")) expect(codeOf(await json.untilMessage("the first", ({ id }) => id === 1))).toBe(superseded);
      const second = await json.untilMessage("the second", ({ id }) => id === 2);
      expect(second.result).toMatchObject({ generation: expect.any(Number) as number, scrollback_lines: 24 });
      expect(codeOf(await json.call(method, { timeout_ms: 60_000, max_wait_ms: 100 }))).toBe(timeout);
      expect(codeOf(await json.call("await_quiesce", { timeout_ms: 60_000, max_wait_ms: 100 }))).toBe(timeout);
    });

    // On TCP: only there small messages can be held back, by 40 ms and more each.
    row("[205] sends small messages at once", { only: "built-in" }, async () => {
      const guarded = await server.startGuarded("a-token-of-more-than-16-letters");
      const name = freshName();
      const command =
        "stty raw -echo; while :; do c=$(dd bs=1 count=1 2>/dev/null); printf 1; sleep 0.001; printf 2; done";
      await guarded.http.send("POST", "/sessions", { json: { name, command }, headers: guarded.bearer });
      const raw = await guarded.http.open(`/sessions/${name}/ws/raw`, guarded.bearer);
      const times: number[] = [];
      for (let round = 0; round < 10; round++) {
        const before = raw.bytes;
        const start = performance.now();
        raw.socket.send("x");
        await until("both answers are there", () => raw.bytes >= before + 2);
        times.push(performance.now() - start);
      }
      await guarded.stop();
      expect(Math.min(...times)).toBeLessThan(35);
    });
  });
});
