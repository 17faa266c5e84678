import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawAnswer, RawHttp } from "../support/rawHttp";
import { until } from "../support/until";
import { rowsOf, wireServers, type WireSubject } from "../support/wireServers";
import { freshName, gatedSession, plainRows, shellSession, untilRow } from "../support/wireSessions";

interface Screen {
  lines: (string | { text: string }[])[];
  rows: number;
  total_lines: number;
  first_line_index: number;
  cursor: { row: number; col: number; visible: boolean };
}
interface Idle {
  screen: Screen;
  generation: number;
  scrollback_lines: number;
  last_activity_ms: number;
  session: string;
}

describe.each((await wireServers()).map((server) => [server.title, server] as const))("wire: %s", (_title, server) => {
  const row = rowsOf(server);
  let subject: WireSubject;
  let http: RawHttp;

  beforeAll(async () => {
    subject = await server.start();
    http = subject.http;
  });
  afterAll(() => subject.stop());

  const idle = (name: string, query: string): Promise<RawAnswer> =>
    http.get(`/sessions/${name}/${server.waiting.path}?${query}`);

  /** One that prints all the time. */
  async function busySession(at: RawHttp): Promise<string> {
    const name = freshName("busy");
    await at.post("/sessions", { name, command: "while :; do echo x; sleep 0.05; done" });
    await untilRow(at, name, "x");
    return name;
  }

  async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
    const start = performance.now();
    const value = await work;
    return { value, ms: performance.now() - start };
  }

  /** Runs a command whose output ends with a mark of its own, and waits for the mark. */
  async function run(name: string, command: string): Promise<void> {
    await http.input(name, `${command}; echo do''ne\r`);
    await untilRow(http, name, "done");
  }

  describe("input and screen", () => {
    it("[43, 44, 45] types, waits and reads", async () => {
      const name = await shellSession(http);
      const typed = await http.input(name, "echo hi\r");
      expect([typed.status, typed.text]).toEqual([204, ""]);
      const { status, json } = await idle(name, "timeout_ms=300&format=plain");
      const answer = json as Idle;
      expect(status).toBe(200);
      expect(answer.screen.lines).toContain("hi");
      expect(answer.generation).toBeGreaterThanOrEqual(1);
      expect(answer.scrollback_lines).toBe(answer.screen.total_lines);
      if (server.has("B0")) expect(answer.last_activity_ms).toBeGreaterThanOrEqual(300);
    });

    it("[46, 47] takes bodies up to 1 MiB, empty ones too", async () => {
      const name = freshName();
      await http.post("/sessions", { name, command: "exec sleep 1000" });
      if (server.has("A1")) expect((await http.input(name, Buffer.alloc(1_048_577, 97))).status).toBe(413);
      const before = ((await idle(name, "timeout_ms=1")).json as Idle).generation;
      expect((await http.input(name, "")).status).toBe(204);
      expect(((await idle(name, "timeout_ms=1")).json as Idle).generation).toBe(before + 1);
    });

    row("lets a client that still sends its too large body read the answer", { only: "built-in" }, async () => {
      const name = freshName();
      await http.post("/sessions", { name, command: "exec sleep 1000" });
      const socket = connect("socketPath" in http.endpoint ? { path: http.endpoint.socketPath } : http.endpoint);
      let received = "";
      const failures: Error[] = [];
      socket.setEncoding("utf8").on("data", (text: string) => (received += text));
      socket.on("error", (error) => failures.push(error));
      socket.write(
        `POST /sessions/${name}/input HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 2000000\r\n\r\n${"a".repeat(1_000_000)}`,
      );
      // By then the server has looked at the length.
      for (let round = 0; round < 20; round++) await http.get("/health");
      socket.end("a".repeat(1_000_000));
      await until("the answer is here", () => received.includes("body_too_large"));
      expect(received).toMatch(/^HTTP\/1\.1 413 /);
      expect(failures).toEqual([]);
    });

    it("[48, 49] gives plain and styled screens", async () => {
      const name = await shellSession(http);
      const plain = (await http.get(`/sessions/${name}/screen?format=plain`)).json as Screen & { epoch: number };
      expect(plain.lines).toHaveLength(plain.rows);
      expect(plain.lines.every((line) => typeof line === "string" && !line.endsWith(" "))).toBe(true);
      expect(plain.cursor).toEqual({ row: 0, col: 2, visible: true });
      expect([plain.first_line_index, plain.epoch]).toEqual([plain.total_lines - plain.rows, 0]);
      const styled = (await http.get(`/sessions/${name}/screen`)).json as Screen & { last_activity_ms: number };
      expect(styled.lines[0]).toEqual([{ text: "$" }]);
      expect(styled.lines[1]).toEqual([]);
      if (server.has("B0")) expect(styled.last_activity_ms).toBeGreaterThanOrEqual(0);
    });

    it("[50] gives colours and attributes, and no false ones", async () => {
      const name = freshName();
      await http.post("/sessions", {
        name,
        command: "printf '\\033[1;31mX\\033[38;2;1;2;3mY\\033[0;7m \\033[0m  \\nZ\\033[?25l'; sleep 100",
      });
      await untilRow(http, name, "Z");
      const screen = (await http.get(`/sessions/${name}/screen`)).json as Screen;
      expect(screen.lines[0]).toEqual([
        { text: "X", fg: { indexed: 1 }, bold: true },
        { text: "Y", fg: { rgb: { r: 1, g: 2, b: 3 } }, bold: true },
        { text: " ", inverse: true },
      ]);
      expect(screen.cursor.visible).toBe(false);
    });

    it("[51, 60] refuses words that it does not know", async () => {
      const name = freshName();
      await http.post("/sessions", { name, command: "sleep 100" });
      const { path } = server.waiting;
      const queries = [
        "screen?format=html",
        `${path}?timeout_ms=1&fresh=1`,
        `${path}?timeout_ms=x`,
        `${path}?timeout_ms=1&timeout_ms=2`,
        "scrollback?limit=-1",
      ];
      for (const query of queries)
        expect([query, (await http.get(`/sessions/${name}/${query}`)).status]).toEqual([query, 400]);
    });

    it("[52, 53, 54] gives pages of history and screen, oldest first", async () => {
      const name = await shellSession(http);
      await run(name, "seq 200");
      const page = async (query: string): Promise<{ lines: string[]; total_lines: number; offset: number }> =>
        (await http.get(`/sessions/${name}/scrollback?format=plain&${query}`)).json as {
          lines: string[];
          total_lines: number;
          offset: number;
        };
      const first = await page("offset=0&limit=5");
      expect(first.lines[0]).toMatch(/^\$ seq 200/);
      expect(first.lines.slice(1)).toEqual(["1", "2", "3", "4"]);
      expect(first.offset).toBe(0);
      expect(first.total_lines).toBeGreaterThanOrEqual(200);
      expect((await page(`offset=${first.total_lines - 24}&limit=1000`)).lines).toEqual(await plainRows(http, name));
      expect(await page("limit=0")).toMatchObject({ lines: [], total_lines: first.total_lines });
      expect(await page("offset=1000000")).toMatchObject({ lines: [], total_lines: first.total_lines });
    });

    it("[55] follows the alternate screen", async () => {
      const name = await shellSession(http);
      await http.input(name, "printf '\\033[?1049h'; read -r _\r");
      await until(
        "it is there",
        async () => ((await http.get(`/sessions/${name}/screen_mode`)).json as { mode: string }).mode === "alt",
      );
      expect((await http.get(`/sessions/${name}/screen`)).json).toMatchObject({
        alternate_active: true,
        total_lines: 24,
      });
    });

    it("[64] types in spite of captured keys", async () => {
      const name = await shellSession(http);
      const mode = async (): Promise<unknown> => (await http.get(`/sessions/${name}/input/mode`)).json;
      expect(await mode()).toEqual({ mode: "passthrough" });
      expect((await http.send("POST", `/sessions/${name}/input/capture`)).status).toBe(204);
      await run(name, "true");
      expect(await mode()).toEqual({ mode: "capture" });
      await http.send("POST", `/sessions/${name}/input/release`);
      expect(await mode()).toEqual({ mode: "passthrough" });
    });
  });

  describe("waiting for quiet", () => {
    let quiet: string;

    beforeAll(async () => {
      quiet = freshName("quiet");
      await http.post("/sessions", { name: quiet, command: "echo here; sleep 1000" });
      await untilRow(http, quiet, "here");
    });

    it("[56, 57, 59] answers at once, unless asked to look afresh", async () => {
      // Two seconds to tell "at once" from "after as much silence again", also on a machine that is busy.
      const { generation } = (await idle(quiet, "timeout_ms=2000")).json as Idle;
      expect((await timed(idle(quiet, "timeout_ms=2000"))).ms).toBeLessThan(2_000);
      const fresh = await timed(idle(quiet, "timeout_ms=100&fresh=true"));
      expect(fresh.value.status).toBe(200);
      expect(fresh.ms).toBeGreaterThanOrEqual(99);
      const older = await timed(idle(quiet, `timeout_ms=2000&last_generation=${generation - 1}`));
      expect(older.value.status).toBe(200);
      expect(older.ms).toBeLessThan(2_000);
    });

    it("[58] waits for something newer than the generation that is known", async () => {
      const { generation } = (await idle(quiet, "timeout_ms=100")).json as Idle;
      const { value, ms } = await timed(idle(quiet, `timeout_ms=100&max_wait_ms=300&last_generation=${generation}`));
      expect([value.status, value.code]).toEqual([408, server.waiting.timeout]);
      expect(ms).toBeGreaterThanOrEqual(290);
      const woken = idle(quiet, `timeout_ms=100&last_generation=${generation}`);
      await http.input(quiet, "x");
      expect(((await woken).json as Idle).generation).toBeGreaterThan(generation);
    });

    it("[61] says when a terminal did not become quiet", async () => {
      const busy = await busySession(http);
      const { value, ms } = await timed(idle(busy, "timeout_ms=1000&max_wait_ms=1500"));
      expect([value.status, value.code]).toEqual([408, server.waiting.timeout]);
      expect(ms).toBeGreaterThanOrEqual(1_490);
      await http.send("DELETE", `/sessions/${busy}`);
    });

    it("[62, 63] waits for the first of all to be quiet, where there is one", async () => {
      const other = await server.start();
      const none = await other.http.get(`/${server.waiting.path}?timeout_ms=1`);
      expect([none.status, none.code]).toEqual([404, "no_sessions"]);
      await busySession(other.http);
      const silent = freshName();
      await other.http.post("/sessions", { name: silent, command: "exec sleep 1000" });
      const race = (await other.http.get(`/${server.waiting.path}?timeout_ms=300&format=plain`)).json as Idle;
      expect(race.session).toBe(silent);
      expect(race.scrollback_lines).toBe(race.screen.total_lines);
      await other.stop();
    });

    row("[63] has nothing to wait for with a tag that nobody has", { since: "B0" }, async () => {
      const answer = await http.get("/idle?timeout_ms=1&tag=nobody-has-this");
      expect([answer.status, answer.code]).toEqual([404, "no_sessions"]);
    });

    row("knows in a race which session the generation belongs to", { since: "B0" }, async () => {
      const { generation } = (await idle(quiet, "timeout_ms=100")).json as Idle;
      await http.send("PATCH", `/sessions/${quiet}`, { json: { add_tags: ["alone"] } });
      const path = `/idle?timeout_ms=50&max_wait_ms=200&tag=alone&last_generation=${generation}`;
      expect((await http.get(`${path}&last_session=${quiet}`)).code).toBe("idle_timeout");
      expect((await http.get(`${path}&last_session=another`)).status).toBe(200);
    });

    row("[206] ends at once with the session", { only: "built-in" }, async () => {
      const name = freshName();
      await http.post("/sessions", { name, command: "read -r _; exit" });
      const pending = timed(idle(name, "timeout_ms=20000"));
      const any = timed(http.get(`/idle?timeout_ms=20000&tag=${name}`));
      expect((await any).value.code).toBe("no_sessions");
      await http.input(name, "\r");
      const { value, ms } = await pending;
      expect([value.status, value.code]).toEqual([404, "session_not_found"]);
      expect(ms).toBeLessThan(15_000);
    });
  });

  describe("the picture", () => {
    it("[103] keeps 10,000 lines above the screen", async () => {
      const name = await gatedSession(http, "seq 12000; printf 'ga''te2'; read -r _");
      await http.input(name, "\r");
      await untilRow(http, name, "gate2");
      const { json } = await http.get(`/sessions/${name}/scrollback?format=plain&limit=99999`);
      const { lines, total_lines } = json as { lines: string[]; total_lines: number };
      expect([total_lines, lines.length, lines[0]]).toEqual([10_024, server.has("A1") ? 10_000 : 10_024, "1978"]);
    });

    row("[207] has no broken characters at the borders of chunks", { only: "built-in" }, async () => {
      const text = "漢字かな交じり文".repeat(50);
      const name = await gatedSession(
        http,
        `for i in $(seq 70); do printf '%s\\r\\n' ${text}; done; printf 'ga''te2'; read -r _`,
      );
      await http.input(name, "\r");
      await untilRow(http, name, "gate2");
      const { json } = await http.get(`/sessions/${name}/scrollback?format=plain&limit=9999`);
      const joined = (json as { lines: string[] }).lines.join("");
      expect(joined).not.toContain("\uFFFD");
      expect(joined.split(text)).toHaveLength(71);
    });

    it("says that a wrap is pending", async () => {
      const name = freshName();
      await http.post("/sessions", { name, cols: 10, command: "printf 0123456789; sleep 100" });
      await untilRow(http, name, "0123456789");
      expect(((await http.get(`/sessions/${name}/screen`)).json as Screen).cursor).toMatchObject({ row: 0, col: 10 });
    });

    row("never answers a program's questions to the terminal", { only: "wsh" }, async () => {
      const name = await gatedSession(
        http,
        "stty raw; printf '\\033[6n\\033[c\\033]11;?\\007'; head -c 1 | od -An -c; echo end; sleep 100",
      );
      await http.input(name, "\r");
      const { json } = await idle(name, "timeout_ms=200&fresh=true&format=plain");
      expect((json as Idle).screen.lines).not.toContain("end");
      await http.input(name, "Q");
      await until("only what was typed arrives", async () =>
        (await plainRows(http, name)).some((row) => /\bQ\b/.test(row)),
      );
    });

    row("gives a picture with everything received so far", { only: "built-in" }, async () => {
      const name = await gatedSession(http, "seq 20000; read -r _");
      const raw = await http.open(`/sessions/${name}/ws/raw`);
      await http.input(name, "\r");
      await raw.untilOutput("20000\r\n");
      expect((await plainRows(http, name)).slice(0, 23).at(-1)).toBe("20000");
    });
  });
});
