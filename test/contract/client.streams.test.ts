import { describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import type { LifecycleEvent } from "../../src/core/ports/sessions";
import { clientServerKinds } from "../support/servers";
import { RawProbe } from "../support/sessionProbe";
import { StreamedServer } from "../support/streamedServer";
import { until } from "../support/until";

/** Numbers in brackets are rows of the conformance checklist, section 10 of the protocol reference. */
describe.each(clientServerKinds)("client of the $title: streams", (kind) => {
  const { missing, isWsh } = kind;
  const test = missing === undefined ? it : it.skip;
  const on = new StreamedServer(kind);

  describe("raw", () => {
    test("brings every byte from the first one, unchanged [68, 97]", async () => {
      const bytes = Array.from({ length: 256 }, (_, value) => `\\${value.toString(8).padStart(3, "0")}`).join("");
      const marks = "\\033]133;D;3\\007\\033]1337;A=b\\007\\033Pq#0\\033\\\\";
      const name = await on.readyProgram(
        `stty -echo -opost; printf READY; read -r _; printf '${marks}${bytes}END'; read -r _`,
      );
      const raw = await RawProbe.open(on.server, name);
      expect(raw.order).toEqual([]);
      await on.server.sendInput(name, "\r");
      await raw.untilText("END");
      const expected = Buffer.concat([
        Buffer.from("\x1b]133;D;3\x07\x1b]1337;A=b\x07\x1bPq#0\x1b\\"),
        Buffer.from(Uint8Array.from({ length: 256 }, (_, value) => value)),
        Buffer.from("END"),
      ]);
      expect(raw.bytes.toString("latin1")).toBe(expected.toString("latin1"));
      raw.stream.dispose();
    });

    test("is refused for a session that is not there [66]", async () => {
      await expect(RawProbe.open(on.server, "unknown")).rejects.toMatchObject({ code: "session_not_found" });
    });

    test("ends with the session; only a server that knows it tells the exit code [39, 40, 83]", async () => {
      const name = await on.program("read -r _; exit 3");
      const raw = await RawProbe.open(on.server, name);
      await on.server.sendInput(name, "\r");
      expect(await raw.untilEnded()).toEqual(isWsh ? { exit_code: null } : { exit_code: 3, last_lines: [] });
      expect(raw.order.at(-1)).toBe("ended");
    });

    test("ends when the session is killed [83]", async () => {
      const name = await on.cat();
      const raw = await RawProbe.open(on.server, name);
      await on.server.kill(name);
      const end = await raw.untilEnded();
      if (isWsh) expect(end.exit_code).toBeNull();
    });

    test("brings the last words of a program that lingers for a moment [106]", async () => {
      const name = await on.program("trap 'printf \"last words\"; sleep 0.1' EXIT; read -r _; exit 3");
      const raw = await RawProbe.open(on.server, name);
      await on.server.sendInput(name, "\r");
      await raw.untilEnded();
      expect(raw.bytes.toString()).toContain("last words");
    });

    test("comes back after a cut and tells the gap before what follows", async () => {
      const name = await on.cat();
      const raw = await RawProbe.open(on.proxied, name);
      await on.server.sendInput(name, "before\r");
      await raw.untilText("before\r\nbefore\r\n");
      on.proxy.cut();
      await until("the gap is told", () => raw.gaps === 1);
      await on.server.sendInput(name, "after\r");
      await raw.untilText("after\r\nafter\r\n");
      expect(raw.order.join(" ")).toMatch(/^(data )+gap( data)+$/);
      raw.stream.dispose();
    });

    test("keeps trying while the server cannot be reached, without a storm", async () => {
      const name = await on.cat();
      const raw = await RawProbe.open(on.proxied, name);
      const before = on.proxy.accepted;
      on.proxy.mode = "refuse";
      on.proxy.cut();
      await until("some attempts failed", () => on.proxy.accepted >= before + 4);
      expect(raw.order).toEqual([]);
      expect(on.proxy.accepted - before).toBeLessThan(12);
      on.proxy.mode = "pass";
      await until("the gap is told", () => raw.gaps === 1);
      await on.server.sendInput(name, "back\r");
      await raw.untilText("back");
      raw.stream.dispose();
    });

    test("ends when the session ended while the connection was away", async () => {
      const name = await on.cat();
      const raw = await RawProbe.open(on.proxied, name);
      on.proxy.mode = "refuse";
      on.proxy.cut();
      await on.server.kill(name);
      on.proxy.mode = "pass";
      await raw.untilEnded();
      expect(raw.order).toEqual(["ended"]);
    });

    test("does not go on with another session of the same name", async () => {
      const name = await on.cat();
      const raw = await RawProbe.open(on.proxied, name);
      on.proxy.mode = "refuse";
      on.proxy.cut();
      await on.server.kill(name);
      await on.server.create({ name, command: "cat" });
      on.proxy.mode = "pass";
      await raw.untilEnded();
      expect(raw.order).toEqual(["ended"]);
    });

    test("follows a session that this client renames", async () => {
      const name = await on.cat();
      const raw = await RawProbe.open(on.proxied, name);
      const renamed = `${name}-renamed`;
      await on.proxied.rename(name, renamed);
      on.proxy.cut();
      await until("the gap is told", () => raw.gaps === 1);
      await on.server.sendInput(renamed, "here\r");
      await raw.untilText("here");
      raw.stream.dispose();
    });

    test("says so when output of a burst was lost, and always brings the end [104, 202]", async () => {
      const lines = 300_000;
      const name = await on.readyProgram(
        `stty -echo; printf READY; read -r _; seq ${lines}; printf '\\033]133;D;0\\007'; read -r _`,
      );
      const raw = await RawProbe.open(on.server, name);
      await on.server.sendInput(name, "\r");
      await raw.untilText("\x1b]133;D;0\x07");
      let expected = 0;
      for (let line = 1; line <= lines; line++) expected += String(line).length + 2;
      const complete = raw.bytes.length === expected + "\x1b]133;D;0\x07".length;
      // The oldest versions leave output out without a word, so a burst is doubted there in any case.
      if (!(await on.server.info()).capabilities.resize && complete) expect(raw.gaps).toBeGreaterThan(0);
      else expect(raw.gaps > 0).toBe(!complete);
      if (!isWsh) expect(complete).toBe(true);
      raw.stream.dispose();
    });

    test("takes a clear screen for a loss on wsh only, and not when the history is cleared too", async () => {
      const name = await on.readyProgram(
        "stty -echo; printf READY; read -r _; printf '\\033[H\\033[2J\\033[3JONE'; read -r _; printf '\\033[H\\033[2JTWO'; read -r _",
      );
      const raw = await RawProbe.open(on.server, name);
      await on.server.sendInput(name, "\r");
      await raw.untilText("ONE");
      expect(raw.gaps).toBe(0);
      await on.server.sendInput(name, "\r");
      await raw.untilText("TWO");
      expect(raw.gaps).toBe(isWsh ? 1 : 0);
      raw.stream.dispose();
    });

    test("brings nothing after it was disposed of", async () => {
      const name = await on.cat();
      const raw = await RawProbe.open(on.server, name);
      const other = await RawProbe.open(on.server, name);
      raw.stream.dispose();
      raw.stream.dispose();
      await on.server.sendInput(name, "word\r");
      await other.untilText("word");
      await on.server.kill(name);
      await other.untilEnded();
      expect(raw.order).toEqual([]);
      const unopened = on.server.openRaw(name, raw);
      unopened.dispose();
      await expect(unopened.opened).rejects.toMatchObject({ code: "cancelled" });
    });
  });

  describe("lifecycle", () => {
    async function watched(
      client: WshServer,
    ): Promise<{ events: LifecycleEvent[]; dispose: () => void; told: (event: LifecycleEvent) => Promise<true> }> {
      const events: LifecycleEvent[] = [];
      const watching = client.watch((event) => events.push(event));
      const told = (event: LifecycleEvent): Promise<true> =>
        until(`told: ${JSON.stringify(event)}`, () =>
          events.some((each) => JSON.stringify(each) === JSON.stringify(event)),
        );
      await told({ type: "connected", restarted: false });
      return { events, told, dispose: () => watching.dispose() };
    }

    test("tells what happens to all sessions, whoever does it [87, 91]", async () => {
      const { told, dispose, events } = await watched(on.server);
      const name = "told-of";
      await on.running.client().create({ name, command: "read -r _; exit 5" });
      await told({ type: "created", name });
      await on.server.rename(name, `${name}b`);
      await told({ type: "renamed", name, newName: `${name}b` });
      const { tags } = (await on.server.info()).capabilities;
      if (tags) {
        await on.server.tag(`${name}b`, { add: ["x"] });
        await told({ type: "tags_changed", name: `${name}b` });
      }
      await on.server.sendInput(`${name}b`, "\r");
      await told({ type: "destroyed", name: `${name}b`, end: { exit_code: isWsh ? null : 5 } });
      expect(events.map((event) => event.type)).toEqual([
        "connected",
        "created",
        "renamed",
        ...(tags ? ["tags_changed"] : []),
        "destroyed",
      ]);
      dispose();
    });

    test("tells each new watcher that it is connected", async () => {
      const first = await watched(on.server);
      const second = await watched(on.server);
      expect(first.events).toEqual([{ type: "connected", restarted: false }]);
      second.dispose();
      const third = await watched(on.server);
      first.dispose();
      third.dispose();
      expect(second.events).toEqual([{ type: "connected", restarted: false }]);
    });

    test("says when the connection breaks and comes back, and that the server is the same one", async () => {
      const { events, dispose } = await watched(on.proxied);
      on.proxy.mode = "refuse";
      on.proxy.cut();
      await until("disconnected", () => events.length >= 2);
      on.proxy.mode = "pass";
      await until("connected", () => events.length >= 3);
      expect(events.slice(1)).toEqual([{ type: "disconnected" }, { type: "connected", restarted: false }]);
      dispose();
    });
  });
});
