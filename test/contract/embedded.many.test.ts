import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltinServer } from "../support/builtinServer";
import { until } from "../support/until";
import { childrenOf, plainRows } from "../support/wireSessions";

/** Real wsh stops answering at the 172nd. */
const count = 300;
const names = Array.from({ length: count }, (_, index) => `many-${index}`);
let server: BuiltinServer;

beforeAll(async () => {
  server = await BuiltinServer.start("--max-sessions", String(count));
});
afterAll(() => server.stop());

describe("many sessions at once", () => {
  it("are created, typed into and read, all of them, and one more starts nothing", async () => {
    const http = server.unix;
    const created = await Promise.all(
      names.map((name) => http.post("/sessions", { name, command: "stty -echo; printf ready; exec cat" })),
    );
    expect(created.filter(({ status }) => status !== 201)).toEqual([]);
    const shows = (name: string, row: string): Promise<true> =>
      until(`${name} shows ${row}`, async () => (await plainRows(http, name)).includes(row), 60_000);
    await Promise.all(names.map((name) => shows(name, "ready")));
    const typed = await Promise.all(names.map((name) => http.input(name, `\r${name}-echo\r`)));
    expect(typed.filter(({ status }) => status !== 204)).toEqual([]);
    await Promise.all(names.map((name) => shows(name, `${name}-echo`)));
    expect((await http.get("/sessions")).json).toHaveLength(count);
    expect((await http.post("/sessions", { name: "more", command: "exec sleep 1000" })).code).toBe(
      "max_sessions_reached",
    );
    expect(childrenOf(server.pid)).toHaveLength(count);
    const killed = await Promise.all(names.map((name) => http.send("DELETE", `/sessions/${name}`)));
    expect(killed.filter(({ status }) => status !== 204)).toEqual([]);
    expect((await http.get("/sessions")).json).toEqual([]);
    expect(childrenOf(server.pid)).toEqual([]);
  }, 120_000);
});
