import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import type { ServerCapabilities } from "../../src/core/ports/sessions";
import { type RunningServer, clientServerKinds } from "../support/servers";
import { plainShell, rawProgram, RawProbe, rowsOf, untilRow, untilScreen } from "../support/sessionProbe";
import { until } from "../support/until";

/** Numbers in brackets are rows of the conformance checklist, section 10 of the protocol reference. */
describe.each(clientServerKinds)("client of the $title: sessions", ({ title, isWsh, missing, start }) => {
  const test = missing === undefined ? it : it.skip;
  let running: RunningServer;
  let server: WshServer;
  let can: ServerCapabilities;
  let count = 0;
  const fresh = (): string => `s${++count}`;

  beforeAll(async () => {
    if (missing !== undefined) return;
    running = await start();
    server = running.client();
    can = (await server.info()).capabilities;
  });
  afterAll(async () => {
    if (missing === undefined) await running.stop();
  });

  async function shell(size: { rows?: number; cols?: number } = {}): Promise<string> {
    const name = fresh();
    await server.create({ name, ...plainShell, ...size });
    await untilRow(server, name, "$");
    return name;
  }

  test("tells who it is [1, 4]", async () => {
    const info = await server.info();
    expect(info.address).toBe(running.address);
    if (info.capabilities.restarts) expect(info.server_id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    else expect(info.server_id).toBeNull();
    expect(info.hostname).not.toBe("");
    expect(info.implementation === "wsh").toBe(isWsh);
    expect(info.era === "C").toBe(title.includes("era C"));
    expect(info.capabilities).toMatchObject({ exitCodes: !isWsh, wholeOutput: !isWsh });
  });

  test("creates a session with defaults and finds it [16, 17, 18, 28]", async () => {
    const name = "A.b_c-9";
    const made = await server.create({ name });
    expect(made).toMatchObject({ name, rows: 24, cols: 80, clients: 0, tags: [] });
    expect(made.pid).toBeGreaterThan(0);
    expect(made.command).not.toBe("");
    expect(await server.get(name)).toMatchObject({ name, pid: made.pid });
    if (!(await server.info()).era.startsWith("A"))
      expect((await server.get(name))?.last_activity_ms).toBeGreaterThanOrEqual(0);
    else expect(made.last_activity_ms).toBeNull();
    expect((await server.list()).map((session) => session.name)).toContain(name);
    await server.kill(name);
  });

  test("gives a program its size, folder, environment and tags [29, 98]", async () => {
    const name = fresh();
    const env = { EMPTY: "", BLANKS: " a  b ", WORDS: "żółć 漢字", TERM: "xterm-direct" };
    const command = `printf '[%s]\\n' "$EMPTY" "$BLANKS" "$WORDS" "$TERM" "$PWD" "$(stty size)"; read -r _`;
    const made = await server.create({ name, command, cwd: "/", env, rows: 30, cols: 100, tags: ["b", "a"] });
    expect(made).toMatchObject({ rows: 30, cols: 100, tags: can.tags ? ["a", "b"] : [] });
    const screen = await untilRow(server, name, "[30 100]");
    expect(rowsOf(screen)).toEqual(["[]", "[ a  b ]", "[żółć 漢字]", "[xterm-direct]", "[/]", "[30 100]"]);
  });

  test("tells a taken name from an own one [20]", async () => {
    const name = fresh();
    await server.create({ name, command: "cat" });
    await expect(server.create({ name, command: "cat" })).rejects.toMatchObject({ code: "session_name_conflict" });
  });

  test("refuses bad names and tags before the server sees them [27, 30]", async () => {
    const before = (await server.list()).length;
    for (const name of ["", "a/b", "a b", "proj-alpha::builder::1", "a".repeat(65), ".", ".."]) {
      await expect(server.create({ name })).rejects.toMatchObject({ code: "request_invalid" });
    }
    await expect(server.create({ name: fresh(), tags: ["no:colon"] })).rejects.toMatchObject({
      code: "request_invalid",
    });
    expect((await server.list()).length).toBe(before);
  });

  test("adds, removes and filters tags [29, 31, 35]", async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()];
    for (const [name, tags] of [
      [one, ["ta"]],
      [two, ["tb"]],
      [three, []],
    ] as const)
      await server.create({ name, command: "cat", tags });
    if (!can.tags) {
      expect(await server.list(["ta"])).toEqual([]);
      await expect(server.tag(three, { add: ["x"] })).rejects.toMatchObject({
        code: "request_invalid",
        message: expect.stringContaining("is too old: it has no tags") as string,
      });
      return;
    }
    const named = async (tags: string[]): Promise<string[]> =>
      (await server.list(tags)).map((session) => session.name).sort();
    expect(await named(["ta", "tb"])).toEqual([one, two].sort());
    expect(await named(["ta"])).toEqual([one]);
    expect(await named(["none"])).toEqual([]);
    expect(await server.tag(three, { add: ["x", "x"], remove: ["nope"] })).toMatchObject({ name: three, tags: ["x"] });
    expect(await server.tag(three, { remove: ["x"] })).toMatchObject({ tags: [] });
  });

  test("renames, and refuses a name that exists [32, 33]", async () => {
    const [one, two, other] = [fresh(), fresh(), fresh()];
    const { pid } = await server.create({ name: one, command: "cat" });
    await server.create({ name: other, command: "cat" });
    expect(await server.rename(one, two)).toMatchObject({ name: two, pid });
    expect(await server.get(one)).toBeUndefined();
    await expect(server.rename(two, other)).rejects.toMatchObject({ code: "session_name_conflict" });
    await expect(server.rename(two, two)).rejects.toMatchObject({ code: "session_name_conflict" });
    await expect(server.rename("unknown", fresh())).rejects.toMatchObject({ code: "session_not_found" });
  });

  test("says session_not_found for whatever is asked of a session that is not there [36]", async () => {
    const notFound = { code: "session_not_found" };
    for (const name of ["unknown", "..", "", "a/b c?d#é"]) {
      expect(await server.get(name)).toBeUndefined();
      await expect(server.screen(name, "plain")).rejects.toMatchObject(notFound);
      await expect(server.scrollback(name, 10, "plain")).rejects.toMatchObject(notFound);
      await expect(server.sendInput(name, "x")).rejects.toMatchObject(notFound);
      await expect(server.waitIdle(name, { quietMs: 1, maxWaitMs: 10 })).rejects.toMatchObject(notFound);
      await expect(server.detach(name)).rejects.toMatchObject(notFound);
      if (can.tags) await expect(server.tag(name, { add: ["x"] })).rejects.toMatchObject(notFound);
      if (can.resize) await expect(server.resize(name, { rows: 10, cols: 10 })).rejects.toMatchObject(notFound);
      await server.kill(name);
    }
  });

  test("kills a session and its program; a second time is no error [37, 38, 105]", async () => {
    const name = await shell();
    const pid = (await server.get(name))?.pid ?? 0;
    await server.sendInput(name, "sleep 1000\r");
    await untilRow(server, name, "$ sleep 1000");
    await server.kill(name);
    expect(await server.get(name)).toBeUndefined();
    await until("the shell is gone", () => !isAlive(pid));
    await server.kill(name);
  });

  test("frees the name of a session that ended by itself [40]", async () => {
    const name = await shell();
    await server.sendInput(name, "exit\r");
    await until("the session is gone", async () => (await server.get(name)) === undefined);
    expect((await server.create({ name, command: "cat" })).name).toBe(name);
  });

  test("detaches terminals, not streams [42]", async () => {
    const name = fresh();
    await server.create({ name, command: "cat" });
    const raw = await RawProbe.open(server, name);
    await server.detach(name);
    await server.sendInput(name, "still here\r");
    await raw.untilText("still here");
    expect(raw.order).not.toContain("gap");
    raw.stream.dispose();
  });

  test("types text and control keys [43, 44]", async () => {
    const name = await shell();
    await server.sendInput(name, "echo h'i' žluť\r");
    await untilRow(server, name, "hi žluť");
    // The echo comes before the shell has begun the program, and a Ctrl-C in between reaches the shell alone.
    await server.sendInput(name, "sh -c 'echo begun; exec sleep 1000'\r");
    await untilRow(server, name, "begun");
    await server.sendInput(name, new Uint8Array([3]));
    await untilScreen(server, name, "^C and a prompt", (rows) => rows.at(-1) === "$");
    await server.sendInput(name, "");
  });

  test("types every byte value unchanged [100]", async () => {
    const name = fresh();
    await server.create({
      name,
      command: rawProgram("head -c 256 | od -An -v -tx1; printf END; sleep 1000"),
      cols: 200,
    });
    await untilRow(server, name, "READY");
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    await server.sendInput(name, bytes);
    const rows = rowsOf(await untilScreen(server, name, "END", (all) => all.join("").includes("END")));
    const digits = rows.join("").replace("READY", "").replace("END", "").replace(/\s+/g, "");
    expect(digits).toBe(Buffer.from(bytes).toString("hex"));
  });

  test("types 1 MiB in one piece and refuses more before sending [46, 99]", async () => {
    const name = fresh();
    await server.create({ name, command: rawProgram("head -c 1048576 | sha256sum; sleep 1000"), cols: 200 });
    await untilRow(server, name, "READY");
    await expect(server.sendInput(name, new Uint8Array(1_048_577))).rejects.toMatchObject({ code: "request_invalid" });
    const bytes = randomBytes(1_048_576);
    await server.sendInput(name, bytes);
    await untilRow(server, name, new RegExp(createHash("sha256").update(bytes).digest("hex")));
  });

  test("keeps pieces that are sent at once whole [101]", async () => {
    const name = fresh();
    await server.create({ name, command: rawProgram("head -c 160000 | tr -s a-h; sleep 1000"), cols: 200 });
    await untilRow(server, name, "READY");
    await Promise.all(
      ["a", "b", "c", "d", "e", "f", "g", "h"].map((letter) => server.sendInput(name, letter.repeat(20_000))),
    );
    const screen = await untilScreen(server, name, "all letters", (rows) => /READY[a-h]{8}/.test(rows.join("")));
    const letters = rowsOf(screen).join("").slice("READY".length);
    expect(new Set(letters.split("")).size).toBe(8);
  });

  test("reads a plain screen [48]", async () => {
    const name = await shell({ rows: 10, cols: 40 });
    await server.sendInput(name, "printf 'one   \\n\\ntwo\\n'\r");
    const screen = await untilScreen(
      server,
      name,
      "two and a prompt",
      (rows) => rows.includes("two") && rows.at(-1) === "$",
    );
    expect(screen.lines).toEqual(["$ printf 'one   \\n\\ntwo\\n'", "one", "", "two", "$", "", "", "", "", ""]);
    expect(screen).toMatchObject({
      rows: 10,
      cols: 40,
      total_lines: 10,
      alternate_active: false,
      cursor: { row: 4, col: 2, visible: true },
    });
  });

  test("reads a styled screen [49, 50]", async () => {
    const name = fresh();
    await server.create({
      name,
      command: `printf '\\033[1;31mX\\033[0m\\033[38;2;1;2;3mY\\033[0m'; read -r _`,
      rows: 5,
      cols: 20,
    });
    await untilRow(server, name, "XY");
    const { lines } = await server.screen(name, "styled");
    expect(lines).toEqual([
      [
        { text: "X", fg: { indexed: 1 }, bold: true },
        { text: "Y", fg: { rgb: { r: 1, g: 2, b: 3 } } },
      ],
      [],
      [],
      [],
      [],
    ]);
  });

  test("sees the alternate screen [55]", async () => {
    const name = fresh();
    await server.create({ name, command: `seq 100; printf '\\033[?1049hfull screen'; read -r _` });
    const screen = await untilScreen(
      server,
      name,
      "the alternate screen",
      (_, { alternate_active }) => alternate_active,
    );
    expect(screen.total_lines).toBe(screen.rows);
  });

  test("reads more scrollback than one page holds [52, 53, 54, 103]", async () => {
    const name = fresh();
    await server.create({ name, command: "seq 12000; read -r _" });
    await untilRow(server, name, "12000");
    const { lines, total_lines } = await server.scrollback(name, 50_000, "plain");
    expect(total_lines).toBe(10_024);
    expect(lines).toEqual([...Array.from({ length: 10_023 }, (_, index) => String(index + 1978)), ""]);
    expect((await server.scrollback(name, 3, "plain")).lines).toEqual(["11999", "12000", ""]);
    expect((await server.scrollback(name, 24, "plain")).lines).toEqual((await server.screen(name, "plain")).lines);
    expect((await server.scrollback(name, 2, "styled")).lines).toEqual([[{ text: "12000" }], []]);
    expect(await server.scrollback(name, 0, "plain")).toEqual({ lines: [], total_lines: 10_024 });
  });

  test("resizes a terminal [75]", async () => {
    const name = await shell();
    if (!can.resize) {
      await expect(server.resize(name, { rows: 30, cols: 100 })).rejects.toMatchObject({
        code: "request_invalid",
        message: expect.stringContaining("is too old: it cannot resize a terminal") as string,
      });
      return;
    }
    await server.resize(name, { rows: 30, cols: 100 });
    expect(await server.get(name)).toMatchObject({ rows: 30, cols: 100 });
    expect(await server.screen(name, "plain")).toMatchObject({ rows: 30, cols: 100 });
    await server.sendInput(name, "stty size\r");
    await untilRow(server, name, "30 100");
    const watching = server.watch(() => undefined);
    await server.resize(name, { rows: 31, cols: 101 });
    expect(await server.get(name)).toMatchObject({ rows: 31, cols: 101 });
    watching.dispose();
    await expect(server.resize(name, { rows: 0, cols: 100 })).rejects.toMatchObject({ code: "request_invalid" });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
