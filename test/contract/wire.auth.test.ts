import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HandshakeRefused, type RawAnswer, type RawHttp } from "../support/rawHttp";
import { rowsOf, wireServers, type WireSubject } from "../support/wireServers";

const token = "a-token-of-more-than-16-letters";

describe.each((await wireServers()).map((server) => [server.title, server] as const))("wire: %s", (_title, server) => {
  const row = rowsOf(server);
  let subject: WireSubject;
  let http: RawHttp;

  beforeAll(async () => {
    subject = await server.startGuarded(token);
    http = subject.http;
    await http.send("POST", "/sessions", { json: { name: "s", command: "exec cat" }, headers: subject.bearer });
  });
  afterAll(() => subject.stop());

  async function upgrade(path: string, headers: Record<string, string> = {}): Promise<[number, string | undefined]> {
    try {
      const socket = await http.open(path, headers);
      socket.socket.terminate();
      return [101, undefined];
    } catch (error) {
      if (error instanceof HandshakeRefused) return [error.answer.status, error.answer.code];
      throw error;
    }
  }

  const withToken = (path: string): Promise<RawAnswer> => http.send("GET", path, { headers: subject.bearer });

  describe("authentication", () => {
    it("[92] needs the right token in its header", async () => {
      const none = await http.get("/sessions");
      expect([none.status, none.code]).toEqual([401, "auth_required"]);
      const wrong = await http.send("GET", "/sessions", { headers: { authorization: "Bearer nonsense-nonsense" } });
      expect([wrong.status, wrong.code]).toEqual([403, "auth_invalid"]);
      expect((await withToken("/sessions")).status).toBe(200);
      expect((await http.get("/health")).status).toBe(200);
    });

    it("[93] takes it from the query in eras that know nothing else", async () => {
      const right = (subject.bearer.authorization ?? "").slice("Bearer ".length);
      const answer = await http.get(`/sessions?token=${right}`);
      expect([answer.status, answer.code]).toEqual(server.has("B1") ? [401, "auth_required"] : [200, undefined]);
    });

    row("[94] gives tickets that open one WebSocket, and nothing else", { since: "B1" }, async () => {
      const ticket = async (): Promise<string> =>
        ((await http.send("POST", "/auth/ws-ticket", { headers: subject.bearer })).json as { ticket: string }).ticket;
      const first = await ticket();
      expect(first).toMatch(/^[A-Za-z0-9]{32}$/);
      expect(await upgrade(`/sessions/s/ws/raw?ticket=${first}`)).toEqual([101, undefined]);
      expect(await upgrade(`/sessions/s/ws/raw?ticket=${first}`)).toEqual([401, "auth_required"]);
      expect((await http.get(`/sessions?ticket=${await ticket()}`)).code).toBe("auth_required");
      const unused = await ticket();
      expect(await upgrade(`/ws/json?ticket=${unused}`, { authorization: "Bearer nonsense-nonsense" })).toEqual([
        403,
        "auth_invalid",
      ]);
      const burned = await ticket();
      expect(await upgrade(`/sessions/nobody/ws/raw?ticket=${burned}`)).toEqual([404, "session_not_found"]);
      expect(await upgrade(`/ws/json?ticket=${burned}`)).toEqual([401, "auth_required"]);
    });

    it("[95] refuses to start with a token of 15 letters, once tokens have a least length", async () => {
      const started = server.startGuarded("fifteen-letters");
      if (server.has("B1")) await expect(started).rejects.toThrow(/exit [1-9]/);
      else await (await started).stop();
    });

    // Its own server: what it answers afterwards is nothing that another row could use.
    row("[96] answers the 101st of many quick requests with 429", { since: "B2", only: "wsh" }, async () => {
      const limited = await server.startGuarded(token);
      const statuses: number[] = [];
      let last: RawAnswer | undefined;
      while (statuses.length < 110 && last?.status !== 429) {
        last = await limited.http.send("GET", "/server/persist", { headers: limited.bearer });
        statuses.push(last.status);
      }
      await limited.stop();
      expect([statuses.length, last?.status, last?.code]).toEqual([101, 429, undefined]);
      expect(Number(last?.headers["retry-after"])).toBeGreaterThan(1);
    });
  });
});
