import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/localAddresses";
import type { RawHttp, TestSocket } from "../support/rawHttp";
import { until } from "../support/until";
import { rowsOf, wireServers, type WireSubject } from "../support/wireServers";
import { freshName, gatedSession, isAlive, shellSession, untilGone, untilRow } from "../support/wireSessions";

describe.each((await wireServers()).map((server) => [server.title, server] as const))("wire: %s", (_title, server) => {
  const row = rowsOf(server);
  let subject: WireSubject;
  let http: RawHttp;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    subject = await server.start();
    http = subject.http;
  });
  afterAll(() => subject.stop());

  async function openRaw(name: string): Promise<TestSocket> {
    return http.open(`/sessions/${name}/ws/raw`);
  }

  /** What a raw-mode program received, once it has everything. */
  async function received(file: string, bytes: number): Promise<Buffer> {
    return until("everything has arrived", async () => {
      const content = await readFile(file).catch(() => Buffer.alloc(0));
      return content.length >= bytes && content;
    });
  }

  /** A program that writes what it reads in raw mode to a file. */
  async function rawReader(): Promise<{ name: string; file: string }> {
    const name = freshName("reader");
    const file = join(folder, name);
    await http.post("/sessions", { name, command: `stty raw -echo; printf ready; exec cat > '${file}'` });
    await untilRow(http, name, "ready");
    return { name, file };
  }

  /** Two megabytes at once, and a mark; resolves when the mark is there. */
  async function burst(): Promise<{ raw: TestSocket; expected: Buffer }> {
    const name = await gatedSession(http, "seq 300000; printf '\\033]133;D;0\\007'; read -r _");
    const raw = await openRaw(name);
    await http.input(name, "\r");
    await raw.untilOutput("\x1b]133;D;0\x07");
    return { raw, expected: Buffer.concat([numbers(300_000), Buffer.from("\x1b]133;D;0\x07")]) };
  }

  const sha = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

  /** What `seq` prints on a terminal. */
  function numbers(last: number): Buffer {
    const lines: string[] = [];
    for (let line = 1; line <= last; line++) lines.push(`${line}\r\n`);
    return Buffer.from(lines.join(""));
  }

  describe("output", () => {
    it("[97] carries every byte as it is", async () => {
      const bytes = "\\033]133;A\\007\\033]1337;SetMark\\007\\033P1$r0m\\033\\\\\\000\\377\\303(\\200end";
      const name = await gatedSession(http, `stty -opost; printf '${bytes}'; read -r _`);
      const raw = await openRaw(name);
      await http.input(name, "\r");
      await raw.untilOutput("end");
      const expected = "\x1b]133;A\x07\x1b]1337;SetMark\x07\x1bP1$r0m\x1b\\\x00\xff\xc3(\x80end";
      expect(raw.output.toString("latin1")).toBe(expected);
    });

    it("[104] carries the end of a burst of 2 MB, and does not hide what is missing of it", async () => {
      const { raw, expected } = await burst();
      if (raw.bytes === expected.length) return;
      // wsh paints the screen anew in place of what it dropped; its oldest era says nothing.
      if (server.has("A1")) expect(raw.output.toString("latin1")).toContain("\x1b[H\x1b[2J");
    });

    row("[202] loses nothing of it", { only: "built-in" }, async () => {
      const { raw, expected } = await burst();
      expect([raw.bytes, sha(raw.output)]).toEqual([expected.length, sha(expected)]);
    });

    row("[201] has the last words of a program, all of them, 20 times", { only: "built-in" }, async () => {
      const expected = sha(numbers(20_000));
      const ends = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const name = await gatedSession(http, "seq 20000; exit 7");
          const raw = await openRaw(name);
          await http.input(name, "\r");
          expect(await raw.untilClosed()).toEqual({ code: 1000, reason: "session ended" });
          const end = (await http.get(`/server/ended/${name}`)).json as { exit_code: number };
          return [sha(raw.output), end.exit_code];
        }),
      );
      expect(ends).toEqual(ends.map(() => [expected, 7]));
    });

    it("[106] tells of an exit by the trap's mark before the close", async () => {
      for (let round = 0; round < 5; round++) {
        const name = await gatedSession(http, "trap 'printf \"mark%s\" $?; sleep 0.1' EXIT; exit 3");
        const raw = await openRaw(name);
        await http.input(name, "\r");
        await raw.untilClosed();
        expect(raw.output.toString()).toBe("mark3");
      }
    });
  });

  describe("input", () => {
    it("[99] arrives whole up to 1 MiB, by request and by frame", async () => {
      const payload = Buffer.alloc(1_048_576, "0123456789abcdefghijklmnopqrstuvwxyz");
      const byRequest = await rawReader();
      const byFrame = await rawReader();
      const raw = await openRaw(byFrame.name);
      raw.socket.send(payload);
      expect((await http.input(byRequest.name, payload)).status).toBe(204);
      expect(sha(await received(byRequest.file, payload.length))).toBe(sha(payload));
      expect(sha(await received(byFrame.file, payload.length))).toBe(sha(payload));
    });

    it("[100] keeps all byte values", async () => {
      const all = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
      const { name, file } = await rawReader();
      const raw = await openRaw(name);
      const json = await http.open(`/sessions/${name}/ws/json`);
      await http.input(name, all);
      await received(file, 256);
      raw.socket.send(all);
      await received(file, 512);
      await json.call("send_input", { data: all.toString("base64"), encoding: "base64" });
      expect(await received(file, 768)).toEqual(Buffer.concat([all, all, all]));
    });

    it("[101] keeps each of several pieces together", async () => {
      const { name, file } = await rawReader();
      await Promise.all("abcdefgh".split("").map((letter) => http.input(name, letter.repeat(20_000))));
      const text = (await received(file, 160_000)).toString();
      expect(
        text
          .replace(/(.)\1*/g, "$1")
          .split("")
          .sort()
          .join(""),
      ).toBe("abcdefgh");
    });

    it("[102] waits for a program that sleeps", async () => {
      const file = join(folder, freshName("lines"));
      const name = freshName();
      await http.post("/sessions", {
        name,
        command: `stty -echo; printf ready; sleep 0.5; head -n 2000 > '${file}'; sleep 1000`,
      });
      await untilRow(http, name, "ready");
      const lines = Array.from({ length: 2_000 }, (_, index) => `${String(index).padStart(49, "x")}\n`).join("");
      await http.input(name, lines);
      expect((await received(file, lines.length)).toString()).toBe(lines);
    });

    it("refuses input after 5 s of a program that does not read, and the session can still be ended", async () => {
      const name = freshName();
      await http.post("/sessions", { name, command: "stty raw -echo; printf ready; exec sleep 1000" });
      await untilRow(http, name, "ready");
      const body = Buffer.alloc(20_000, 97);
      const statuses: number[] = [];
      await Promise.all(
        Array.from({ length: 80 }, async () => {
          statuses.push((await http.input(name, body)).status);
        }),
      );
      expect(statuses.filter((status) => status === 204).length).toBeGreaterThanOrEqual(64);
      expect(statuses.filter((status) => status === 500).length).toBeGreaterThan(0);
      expect((await http.get("/health")).status).toBe(200);
      expect((await http.send("DELETE", `/sessions/${name}`)).status).toBe(204);
    });
  });

  describe("what a kill leaves behind", () => {
    async function pidsIn(name: string, file: string, count: number): Promise<number[]> {
      return until(`${name} has started everything`, async () => {
        const pids = (await readFile(file, "utf8").catch(() => ""))
          .trim()
          .split(/\s+/)
          .map(Number)
          .filter((pid) => pid > 0);
        return pids.length >= count && pids;
      });
    }

    async function expectNothingLeft(name: string, pids: readonly number[]): Promise<void> {
      for (const pid of pids) expect(isAlive(pid)).toBe(true);
      expect((await http.send("DELETE", `/sessions/${name}`)).status).toBe(204);
      await untilGone(http, name);
      await until("no process is left", () => pids.every((pid) => !isAlive(pid)), 5_000);
    }

    row("[105] a shell with a foreground job: nothing", { since: "A1" }, async () => {
      const file = join(folder, freshName("pids"));
      const name = freshName();
      await http.post("/sessions", { name, command: "exec sh -i" });
      await http.input(name, `sh -c 'echo $$ $PPID > ${file}; exec sleep 1000'\r`);
      await expectNothingLeft(name, await pidsIn(name, file, 2));
    });

    row(
      "[203] a bash below sh, with jobs that ignore signals or have a session of their own: nothing",
      { only: "built-in" },
      async () => {
        const file = join(folder, freshName("pids"));
        const name = freshName();
        await http.post("/sessions", { name, command: "bash --norc --noprofile -i" });
        await http.input(name, `nohup sh -c 'echo $$ >> ${file}; sleep 1000' >/dev/null 2>&1 &\r`);
        await http.input(name, `sh -c 'trap "" HUP TERM INT; echo $$ >> ${file}; setsid -w sleep 1000; true' &\r`);
        await http.input(name, `sh -c 'echo $$ $PPID >> ${file}; sleep 1000; true'\r`);
        await expectNothingLeft(name, await pidsIn(name, file, 4));
      },
    );

    it("does not touch other sessions", async () => {
      const [one, other] = [await shellSession(http), await shellSession(http)];
      await http.send("DELETE", `/sessions/${one}`);
      await http.input(other, "echo a''live\r");
      await untilRow(http, other, "alive");
    });

    row("gives a session no handle on other sessions' terminals", { only: "built-in" }, async () => {
      const [one, other] = [await shellSession(http), await shellSession(http)];
      const file = join(folder, freshName("handles"));
      await http.input(other, `ls -l /proc/$$/fd > ${file}; echo lis''ted\r`);
      await untilRow(http, other, "listed");
      const handles = await readFile(file, "utf8");
      expect(handles).toContain("/dev/pts/");
      expect(handles).not.toContain("ptmx");
      await http.send("DELETE", `/sessions/${one}`);
    });
  });
});
