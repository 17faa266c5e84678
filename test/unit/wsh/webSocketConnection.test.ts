import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { AccessToken } from "../../../src/adapters/wsh/accessToken";
import { parseServerAddress } from "../../../src/adapters/wsh/serverAddress";
import { WebSocketConnection } from "../../../src/adapters/wsh/webSocketConnection";
import { FakeClock } from "../../support/fakeClock";
import { temporarySocket } from "../../support/localAddresses";
import { until } from "../../support/until";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Connections to a server, and when each of them was pinged, in milliseconds of their clock. */
async function pingsOfSilent(openedAt: readonly number[], clock: FakeClock): Promise<readonly number[]> {
  const path = await temporarySocket("s");
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  closing.push(() => http.close());
  await new Promise<void>((resolve) => http.listen(path, resolve));
  const pings: number[] = [];
  server.on("connection", (peer) => peer.on("ping", () => pings.push(clock.monotonic())));
  const access = { address: parseServerAddress(`unix:${path}`), token: new AccessToken(undefined), clock };
  for (const at of openedAt) {
    clock.advance(at - clock.monotonic());
    await new Promise<void>((resolve, reject) => {
      const listener = { opened: resolve, message: () => undefined, failed: reject, closed: () => undefined };
      const all = { ...access, certificates: undefined, permit: undefined };
      const connection = new WebSocketConnection(all, "/", listener);
      closing.push(() => connection.dispose());
    });
  }
  await until("all are connected", () => server.clients.size === openedAt.length);
  return pings;
}

describe("a connection that is silent", () => {
  it("is pinged after at most 10 s, together with others that fell silent at about that time", async () => {
    const clock = new FakeClock();
    const pings = await pingsOfSilent([300, 700, 1900, 2100], clock);
    clock.advance(10_000 - clock.monotonic());
    await until("three are pinged", () => pings.length >= 3);
    expect(pings).toEqual([10_000, 10_000, 10_000]);
    clock.advance(2_000);
    await until("the fourth is pinged", () => pings.length === 4);
  });
});
