import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import type { Screen, SessionEnd } from "../../src/core/ports/sessions";
import { FaultProxy } from "../support/faultProxy";
import { type RunningServer, clientServerKinds } from "../support/servers";
import { rowsOf, untilRow } from "../support/sessionProbe";
import { plainRow } from "../../src/protocol/styledText";
import { until } from "../support/until";

/** Numbers in brackets are rows of the conformance checklist, section 10 of the protocol reference. */
describe.each(clientServerKinds)("client of the $title: streams", ({ missing, start, isWsh }) => {
  const test = missing === undefined ? it : it.skip;
  let running: RunningServer;
  let server: WshServer;
  let proxy: FaultProxy;
  /** The same server through a proxy that can break connections. */
  let proxied: WshServer;
  let count = 0;

  beforeAll(async () => {
    if (missing !== undefined) return;
    running = await start();
    server = running.client();
    proxy = await FaultProxy.start(running.address);
    proxied = running.client(proxy.address);
  });
  afterAll(async () => {
    if (missing !== undefined) return;
    await running.stop();
    await proxy.stop();
  });

  async function program(command: string): Promise<string> {
    const name = `r${++count}`;
    await server.create({ name, command });
    return name;
  }

  /** A program that prints READY when its terminal is set up and it reads. */
  async function readyProgram(command: string): Promise<string> {
    const name = await program(command);
    await untilRow(server, name, "READY");
    return name;
  }

  /** `cat` echoes each line twice: the terminal's echo and its own. */
  const cat = (): Promise<string> => program("cat");

  describe("screen", () => {
    class ScreenProbe {
      readonly screens: Screen[] = [];
      end: SessionEnd | undefined;
      screen = (screen: Screen): void => void this.screens.push(screen);
      ended = (end: SessionEnd): void => {
        this.end = end;
      };
      untilRow(row: string): Promise<true> {
        return until(`a picture with ${row}`, () => {
          const last = this.screens.at(-1);
          return last !== undefined && rowsOf(last).includes(row);
        });
      }
    }

    test("begins with a picture and brings each change as a full one [70, 72, 76]", async () => {
      const name = await cat();
      await server.sendInput(name, "first\r");
      await untilRow(server, name, "first");
      const probe = new ScreenProbe();
      const stream = server.openScreen(name, "plain", probe);
      await stream.opened;
      expect(probe.screens.length).toBeGreaterThan(0);
      await probe.untilRow("first");
      await server.sendInput(name, "second\r");
      await probe.untilRow("second");
      for (const screen of probe.screens) expect([screen.lines.length, screen.rows]).toEqual([24, 24]);
      stream.dispose();
    });

    test("brings spans when styled ones are asked for", async () => {
      const name = await program(`printf '\\033[7mX\\033[0m'; read -r _`);
      await untilRow(server, name, "X");
      const probe = new ScreenProbe();
      const stream = server.openScreen(name, "styled", probe);
      await stream.opened;
      expect(probe.screens.at(-1)?.lines[0]).toEqual([{ text: "X", inverse: true }]);
      stream.dispose();
    });

    test("shows an echo early, as the picture that is asked for afterwards confirms it", async () => {
      const name = await cat();
      const told: { readonly early: boolean; readonly screen: Screen }[] = [];
      const listener = {
        early: (screen: Screen): void => void told.push({ early: true, screen }),
        screen: (screen: Screen): void => void told.push({ early: false, screen }),
        ended: (): void => undefined,
      };
      const stream = server.openScreen(name, "styled", listener);
      await stream.opened;
      for (const letter of "abcdef") {
        const from = told.length;
        // What comes sooner after a picture waits for the next one.
        const shown = performance.now();
        await until("the next picture may come", () => performance.now() - shown > 40);
        await server.sendInput(name, letter);
        await until(`${letter} is early and confirmed`, () =>
          told
            .slice(from)
            .filter(({ screen }) => plainRow(screen.lines[0] ?? "").endsWith(letter))
            .some(({ early }) => !early),
        );
      }
      // An echo in several events may be early without its cursor; one that is early as a whole stays as it was.
      const confirmed = told.filter(
        (each, index) =>
          each.early &&
          told[index + 1]?.early === false &&
          JSON.stringify(told[index + 1]?.screen.lines) === JSON.stringify(each.screen.lines),
      );
      expect(confirmed.length).toBeGreaterThan(0);
      expect(plainRow(told.at(-1)?.screen.lines[0] ?? "")).toBe("abcdef");
      expect(told.at(-1)?.early).toBe(false);
      stream.dispose();
    });

    test("joins many changes into few pictures, and the last one is right", async () => {
      const name = await readyProgram("stty -echo; printf READY; read -r _; seq 50000; echo END; read -r _");
      const probe = new ScreenProbe();
      const stream = server.openScreen(name, "plain", probe);
      await stream.opened;
      const started = performance.now();
      await server.sendInput(name, "\r");
      await probe.untilRow("END");
      const most = (performance.now() - started) / 30 + 3;
      expect(probe.screens.length).toBeLessThanOrEqual(most);
      expect(probe.screens.at(-1)?.lines).toEqual((await server.screen(name, "plain")).lines);
      stream.dispose();
    });

    test("follows a change of size [75]", async () => {
      const name = await cat();
      const probe = new ScreenProbe();
      const stream = server.openScreen(name, "plain", probe);
      await stream.opened;
      if (!(await server.info()).capabilities.resize) {
        stream.dispose();
        return;
      }
      await server.resize(name, { rows: 12, cols: 60 });
      await until(
        "a picture of the new size",
        () => probe.screens.at(-1)?.rows === 12 && probe.screens.at(-1)?.cols === 60,
      );
      stream.dispose();
    });

    test("comes back after a cut with what changed meanwhile", async () => {
      const name = await cat();
      const probe = new ScreenProbe();
      const stream = proxied.openScreen(name, "plain", probe);
      await stream.opened;
      proxy.mode = "refuse";
      proxy.cut();
      await server.sendInput(name, "meanwhile\r");
      await untilRow(server, name, "meanwhile");
      proxy.mode = "pass";
      await probe.untilRow("meanwhile");
      await server.sendInput(name, "later\r");
      await probe.untilRow("later");
      stream.dispose();
    });

    test("ends with the session, and is refused without one [39, 66]", async () => {
      const name = await program("read -r _; exit 4");
      const probe = new ScreenProbe();
      const stream = server.openScreen(name, "plain", probe);
      await stream.opened;
      await server.sendInput(name, "\r");
      expect(await until("the end is told", () => probe.end)).toEqual({ exit_code: isWsh ? null : 4 });
      await expect(server.openScreen("unknown", "plain", probe).opened).rejects.toMatchObject({
        code: "session_not_found",
      });
    });
  });
});
