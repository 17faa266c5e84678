import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltinServer } from "../support/builtinServer";
import { until } from "../support/until";
import { gatedSession } from "../support/wireSessions";

/** How far the server's memory may rise above its start while 50 MB pass; the emulator's own history is part of it. */
const maxGrowthBytes = 160 * 1024 * 1024;
const floodBytes = 50_000_000;

const canMeasure = process.platform === "linux";
let server: BuiltinServer;

beforeAll(async () => {
  server = await BuiltinServer.start();
});
afterAll(() => server.stop());

function residentBytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

describe("a flood of output", () => {
  it.skipIf(!canMeasure)(
    `reaches a fast reader whole while another one stands still, in bounded memory${canMeasure ? "" : " [not run: memory is measured on Linux]"}`,
    async () => {
      const http = server.unix;
      const name = await gatedSession(
        http,
        `stty -opost; yes 0123456789012345678901234567890123456789 | head -c ${floodBytes}; printf 'THE-END'; read -r _`,
      );
      const path = `/sessions/${name}/ws/raw`;
      const stalled = await http.open(path);
      stalled.socket.pause();
      const fast = await http.open(path);
      let count = 0;
      let tail = "";
      let wrong = 0;
      fast.socket.on("message", (data: Buffer) => {
        // Only counted, and checked against the pattern's period: keeping 50 MB would measure the test.
        if (count < floodBytes && data.length > 82) {
          const period = data.subarray(0, 41);
          if (!period.equals(data.subarray(41, 82))) wrong++;
        }
        count += data.length;
        tail = (tail + data.toString("latin1")).slice(-7);
        fast.frames.length = 0;
      });
      const before = residentBytes(server.pid);
      let peak = before;
      await http.input(name, "\r");
      await until(
        "the end has arrived",
        () => {
          peak = Math.max(peak, residentBytes(server.pid));
          return tail === "THE-END";
        },
        40_000,
      );
      expect([count, wrong]).toEqual([floodBytes + 7, 0]);
      expect(peak - before).toBeLessThan(maxGrowthBytes);
      expect((await http.get("/health")).status).toBe(200);
      await until(
        "the one that takes nothing is dropped",
        async () => ((await http.get(`/sessions/${name}`)).json as { clients: number }).clients === 1,
      );
      stalled.socket.resume();
      await stalled.untilClosed();
    },
  );

  it("gives a reader that fell behind one repaint in place of what it missed, and the newest output after it", async () => {
    const http = server.unix;
    const name = await gatedSession(http, "seq 2000000; printf 'THE-END'; read -r _");
    const slow = await http.open(`/sessions/${name}/ws/raw`);
    const fast = await http.open(`/sessions/${name}/ws/raw`);
    slow.socket.pause();
    await http.input(name, "\r");
    await until("the slow one is behind by more than its share", () => fast.bytes > 8_000_000);
    slow.socket.resume();
    await slow.untilOutput("THE-END");
    await fast.untilOutput("THE-END");
    const repaints = slow.output.toString("latin1").split("\x1b[H\x1b[2J").length - 1;
    expect(repaints).toBeGreaterThanOrEqual(1);
    expect(slow.bytes).toBeLessThan(fast.bytes);
    const expected = 14_888_896 + 2 * 1_000_000 * 2 - 2_000_000 + 7;
    expect(fast.bytes).toBe(expected);
  });
});
