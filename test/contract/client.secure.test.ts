import { readFileSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detectServer } from "../../src/adapters/wsh/detectServer";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { type RunningServer, serverKinds } from "../support/servers";
import { RawProbe, untilRow } from "../support/sessionProbe";
import { silentLogger, systemClock } from "../support/systemClock";

const folder = join(import.meta.dirname, "../fixtures/tls");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const certificates = read("ca.pem");

describe("client of a server behind TLS, with an authority of its own", () => {
  let running: RunningServer;
  let front: Server;
  let address: string;

  beforeAll(async () => {
    const kind = serverKinds.find((each) => each.title.includes("Unix"));
    if (!kind) throw new Error("There is no server on a Unix socket.");
    running = await kind.start();
    const path = running.address.slice("unix:".length);
    front = createServer({ key: read("server-key.pem"), cert: read("server.pem") }, (socket) => {
      const behind = connect({ path });
      socket.pipe(behind).pipe(socket);
      for (const each of [socket, behind]) {
        each.on("error", () => undefined);
        each.on("close", () => (each === socket ? behind : socket).destroy());
      }
    });
    front.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    address = `https://localhost:${(front.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    front.close();
    await running.stop();
  });

  const client = (more: { certificates?: string }): WshServer =>
    new WshServer({ address, clock: systemClock, logger: silentLogger, ...more });

  it("does everything when the authority is trusted: requests, streams, resizing", async () => {
    const server = client({ certificates });
    expect((await server.info()).address).toBe(address);
    await server.create({ name: "secure", command: "stty -echo; exec cat" });
    const raw = await RawProbe.open(server, "secure");
    await server.sendInput("secure", "hello\r");
    await raw.untilText("hello");
    await server.resize("secure", { rows: 30, cols: 90 });
    expect(await server.get("secure")).toMatchObject({ rows: 30, cols: 90 });
    await untilRow(server, "secure", "hello");
    server.close();
  });

  it("says that the certificate is not trusted, and what to do; nothing is sent", async () => {
    const server = client({});
    const untrusted = {
      code: "server_unreachable",
      message: expect.stringContaining("its certificate is not trusted") as string,
      remedy: { kind: "give_certificate" },
    };
    await expect(detectServer({ address, clock: systemClock })).rejects.toMatchObject(untrusted);
    await expect(server.list()).rejects.toMatchObject(untrusted);
    await expect(
      server.openRaw("a", { data: () => undefined, gap: () => undefined, ended: () => undefined }).opened,
    ).rejects.toMatchObject(untrusted);
    await expect(server.sendInput("a", "x")).rejects.toMatchObject({ code: "input_not_sent" });
    server.close();
  });

  it("tells a name that is not in the certificate, and http where https is spoken", async () => {
    const other = address.replace("localhost", "[::ffff:127.0.0.1]");
    await expect(detectServer({ address: other, certificates, clock: systemClock })).rejects.toMatchObject({
      code: "server_unreachable",
      message: expect.stringContaining("certificate is not valid") as string,
    });
    await expect(detectServer({ address: address.replace("https", "http"), clock: systemClock })).rejects.toMatchObject(
      { code: expect.stringMatching(/^(server_unreachable|response_invalid)$/) as string },
    );
  });
});
