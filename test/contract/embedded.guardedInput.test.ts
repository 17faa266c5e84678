import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltinServer } from "../support/builtinServer";
import type { RawHttp } from "../support/rawHttp";
import { until } from "../support/until";
import { freshName, plainRows, untilRow } from "../support/wireSessions";

describe("keys that are meant for what somebody saw, on the built-in server", () => {
  let server: BuiltinServer;
  let http: RawHttp;

  beforeAll(async () => {
    server = await BuiltinServer.start();
    http = server.unix;
  });
  afterAll(() => server.stop());

  /** A program that shows no key, and says what it got once that ends with Enter. */
  async function reading(): Promise<string> {
    const name = freshName("guarded");
    await http.post("/sessions", { name, command: "stty -echo; echo ready; while read x; do echo got=$x; done" });
    await untilRow(http, name, "ready");
    return name;
  }
  const generation = async (name: string): Promise<number> =>
    ((await http.get(`/sessions/${name}/terminal`)).json as { generation: number }).generation;
  const guarded = (name: string, keys: string, since: number) =>
    http.send("POST", `/sessions/${name}/input?generation=${since}`, { body: keys });

  it("are typed where nothing came since", async () => {
    const name = await reading();
    expect((await guarded(name, "a\r", await generation(name))).status).toBe(204);
    await untilRow(http, name, "got=a");
  });

  it("are not typed behind what the program printed since, however lately", async () => {
    const name = await reading();
    for (let time = 0; time < 20; time++) {
      const since = await generation(name);
      await http.input(name, `${time}\r`);
      await until("it is printed", async () =>
        (await plainRows(http, name)).some((row) => row.includes(`got=${time}`)),
      );
      expect(await guarded(name, "late\r", since)).toMatchObject({ status: 412, code: "output_came" });
    }
    expect((await plainRows(http, name)).join()).not.toContain("late");
  });

  it("are not typed behind what somebody typed since in a terminal that shows no key", async () => {
    const name = await reading();
    const since = await generation(name);
    const terminal = await http.open(`/sessions/${name}/ws/raw?terminal=true`);
    terminal.socket.send(Buffer.from("n"));
    await until("the server has it", async () => (await generation(name)) !== since);
    expect((await guarded(name, "y\r", since)).status).toBe(412);
    terminal.socket.send(Buffer.from("\r"));
    await untilRow(http, name, "got=n");
    terminal.socket.close();
  });
});
