import { setTimeout as delay } from "node:timers/promises";
import { describe, expect } from "vitest";
import { HandshakeRefused } from "../support/rawHttp";
import { until } from "../support/until";
import { rowsOf, wireServers } from "../support/wireServers";

/** Rows that take a minute or hundreds of sessions; the same of all servers at once. */
describe.concurrent.each((await wireServers()).map((server) => [server.title, server] as const))(
  "wire: %s",
  (_title, server) => {
    const row = rowsOf(server);

    row("[84] pings after 30 s, and closes after 60 s without an answer", { since: "A1" }, async () => {
      const subject = await server.start();
      await subject.http.post("/sessions", { name: "s", command: "exec sleep 1000" });
      const opened = performance.now();
      const silent = await subject.http.open("/sessions/s/ws/raw", {}, { autoPong: false });
      const pings: number[] = [];
      silent.socket.on("ping", () => pings.push(performance.now() - opened));
      const closed = await until("it is closed", () => silent.closed, 120_000);
      const lasted = performance.now() - opened;
      await subject.stop();
      expect(closed).toEqual({ code: 1000, reason: "session ended" });
      expect(pings).toHaveLength(1);
      expect(pings[0]).toBeGreaterThan(29_000);
      expect(lasted).toBeGreaterThan(59_000);
    });

    row("[94] lets a ticket lapse after 30 s", { since: "B1" }, async () => {
      const subject = await server.startGuarded("a-token-of-more-than-16-letters");
      const { ticket } = (await subject.http.send("POST", "/auth/ws-ticket", { headers: subject.bearer })).json as {
        ticket: string;
      };
      await delay(31_000);
      const refusal = await subject.http.open(`/ws/json?ticket=${ticket}`).catch((error: unknown) => error);
      await subject.stop();
      expect(refusal).toBeInstanceOf(HandshakeRefused);
      expect((refusal as HandshakeRefused).answer).toMatchObject({ status: 401, code: "auth_required" });
    });

    row("[41] has room for 256 sessions, or stops answering before", { since: "A1" }, async () => {
      const subject = await server.start();
      const create = (name: string): Promise<number | "no answer"> =>
        Promise.race([
          subject.http.post("/sessions", { name, command: "exec sleep 1000" }).then(({ status }) => status),
          delay(10_000, "no answer" as const),
        ]);
      const answers: (number | "no answer")[] = [];
      while (answers.length < 257 && (answers.at(-1) ?? 201) === 201) answers.push(await create(`s${answers.length}`));
      await subject.stop();
      // wsh keeps three threads for each session, and has 512.
      expect([answers.length, answers.at(-1)]).toEqual(server.builtin ? [257, 503] : [172, "no answer"]);
    });
  },
);
