import { describe, expect, it } from "vitest";
import type { Screen, SessionEnd } from "../../src/core/ports/sessions";
import { clientServerKinds } from "../support/servers";
import { rowsOf, untilRow } from "../support/sessionProbe";
import { plainRow } from "../../src/core/session/styledText";
import { StreamedServer } from "../support/streamedServer";
import { until } from "../support/until";

/** Numbers in brackets are rows of the conformance checklist, section 10 of the protocol reference. */
describe.each(clientServerKinds)("client of the $title: streams", (kind) => {
  const { missing, isWsh } = kind;
  const test = missing === undefined ? it : it.skip;
  const on = new StreamedServer(kind);

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
      const name = await on.cat();
      await on.server.sendInput(name, "first\r");
      await untilRow(on.server, name, "first");
      const probe = new ScreenProbe();
      const stream = on.server.openScreen(name, "plain", probe);
      await stream.opened;
      expect(probe.screens.length).toBeGreaterThan(0);
      await probe.untilRow("first");
      await on.server.sendInput(name, "second\r");
      await probe.untilRow("second");
      for (const screen of probe.screens) expect([screen.lines.length, screen.rows]).toEqual([24, 24]);
      stream.dispose();
    });

    test("brings spans when styled ones are asked for", async () => {
      const name = await on.program(`printf '\\033[7mX\\033[0m'; read -r _`);
      await untilRow(on.server, name, "X");
      const probe = new ScreenProbe();
      const stream = on.server.openScreen(name, "styled", probe);
      await stream.opened;
      expect(probe.screens.at(-1)?.lines[0]).toEqual([{ text: "X", inverse: true }]);
      stream.dispose();
    });

    test("shows an echo early, as the picture that is asked for afterwards confirms it", async () => {
      const name = await on.cat();
      const told: { readonly early: boolean; readonly screen: Screen }[] = [];
      const listener = {
        early: (screen: Screen): void => void told.push({ early: true, screen }),
        screen: (screen: Screen): void => void told.push({ early: false, screen }),
        ended: (): void => undefined,
      };
      const stream = on.server.openScreen(name, "styled", listener);
      await stream.opened;
      for (const letter of "abcdef") {
        const from = told.length;
        // What comes sooner after a picture waits for the next one.
        const shown = performance.now();
        await until("the next picture may come", () => performance.now() - shown > 40);
        await on.server.sendInput(name, letter);
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
      const name = await on.readyProgram("stty -echo; printf READY; read -r _; seq 50000; echo END; read -r _");
      const probe = new ScreenProbe();
      const stream = on.server.openScreen(name, "plain", probe);
      await stream.opened;
      const started = performance.now();
      await on.server.sendInput(name, "\r");
      await probe.untilRow("END");
      const most = (performance.now() - started) / 30 + 3;
      expect(probe.screens.length).toBeLessThanOrEqual(most);
      expect(probe.screens.at(-1)?.lines).toEqual((await on.server.screen(name, "plain")).lines);
      stream.dispose();
    });

    test("follows a change of size [75]", async () => {
      const name = await on.cat();
      const probe = new ScreenProbe();
      const stream = on.server.openScreen(name, "plain", probe);
      await stream.opened;
      if (!(await on.server.info()).capabilities.resize) {
        stream.dispose();
        return;
      }
      await on.server.resize(name, { rows: 12, cols: 60 });
      await until(
        "a picture of the new size",
        () => probe.screens.at(-1)?.rows === 12 && probe.screens.at(-1)?.cols === 60,
      );
      stream.dispose();
    });

    test("comes back after a cut with what changed meanwhile", async () => {
      const name = await on.cat();
      const probe = new ScreenProbe();
      const stream = on.proxied.openScreen(name, "plain", probe);
      await stream.opened;
      on.proxy.mode = "refuse";
      on.proxy.cut();
      await on.server.sendInput(name, "meanwhile\r");
      await untilRow(on.server, name, "meanwhile");
      on.proxy.mode = "pass";
      await probe.untilRow("meanwhile");
      await on.server.sendInput(name, "later\r");
      await probe.untilRow("later");
      stream.dispose();
    });

    test("ends with the session, and is refused without one [39, 66]", async () => {
      const name = await on.program("read -r _; exit 4");
      const probe = new ScreenProbe();
      const stream = on.server.openScreen(name, "plain", probe);
      await stream.opened;
      await on.server.sendInput(name, "\r");
      expect(await until("the end is told", () => probe.end)).toEqual(
        isWsh ? { exit_code: null } : { exit_code: 4, last_lines: [] },
      );
      await expect(on.server.openScreen("unknown", "plain", probe).opened).rejects.toMatchObject({
        code: "session_not_found",
      });
    });
  });
});
