import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { SensedTerminal } from "../support/sensedTerminal";
import { type RunningServer, serverKinds } from "../support/servers";

/** Draws this once a line was typed, and stays. */
const drawing = (script: string): string => `read -r _; ${script}; read -r _; exec sleep 1000`;
const asks = "printf '\\033[2J\\033[HApply 3 migrations? [y/N] '";
const flood = `i=0; while [ $i -lt 20000 ]; do i=$((i+1)); printf '\\033]7501;state=working:id=n%s:msg=%s\\007' $i $i; done`;

describe.each(serverKinds.filter(({ title }) => !title.includes("TCP")))("on $title, live", (kind) => {
  const test = kind.missing ? it.skip : it;
  let running: RunningServer;
  let server: WshServer;
  let count = 0;

  beforeAll(async () => {
    if (kind.missing) return;
    running = await kind.start();
    server = running.client();
  });
  afterAll(async () => {
    if (!kind.missing) await running.stop();
  });

  async function begun(script: string, size = { rows: 24, cols: 80 }): Promise<SensedTerminal> {
    const wire = `hostile-${count++}`;
    await server.create({ name: wire, command: drawing(script), ...size });
    const terminal = await SensedTerminal.open(server, wire, size);
    await server.sendInput(wire, "\r");
    return terminal;
  }

  test("a screen of one cell says nothing, and one of 1000 columns and 500 rows what stands there", async () => {
    const smallest = await begun(asks, { rows: 1, cols: 1 });
    const largest = await begun(`seq 1 2000; printf 'Apply 3 migrations? [y/N] '`, { rows: 500, cols: 1000 });
    await largest.says("waiting(confirm)");
    expect(smallest.told.map(({ state }) => state?.state)).not.toContain("waiting");
    smallest.dispose();
    largest.dispose();
  });

  test("a dialog is one while its terminal is resized, over and over", async () => {
    const terminal = await begun(asks);
    await terminal.says("waiting(confirm)");
    terminal.mark();
    for (let at = 0; at < 10; at++) await server.resize(terminal.wire, { rows: 20 + at, cols: 60 + at * 7 });
    await server.sendInput(terminal.wire, "");
    expect(terminal.told).toEqual([]);
    await terminal.says("waiting(confirm)");
    terminal.dispose();
  });

  test("a title of a megabyte costs no answer, and is no state", async () => {
    const long = "head -c 1000000 /dev/zero | tr '\\0' t";
    const terminal = await begun(`printf '\\033]2;'; ${long}; printf '\\007'; ${asks}`);
    await terminal.says("waiting(confirm)");
    expect((terminal.session.told.facts.title ?? "").length).toBeLessThanOrEqual(500);
    terminal.dispose();
  });

  test("a flood of statuses ends in what stands on the screen, and in few states", { timeout: 60_000 }, async () => {
    const terminal = await begun(`${flood}; printf '\\033]7501;state=clear\\007'; ${asks}`);
    await terminal.says("waiting(confirm)", 40_000);
    expect(terminal.told.length).toBeLessThanOrEqual(3);
    expect(terminal.session.told.reports.length).toBeLessThanOrEqual(256);
    terminal.dispose();
  });

  test("a program that lies about others, or says that it ended, is not believed", async () => {
    const lies = ["exited", "lost", "failed:id=../other", "waiting:kind=permission"]
      .map((lie) => `printf '\\033]7501;state=${lie}:app=claude\\007'`)
      .join("; ");
    const terminal = await begun(`${lies}; ${asks}`);
    await terminal.says("waiting(confirm)");
    expect(terminal.told.map(({ state }) => state?.state)).not.toContain("exited");
    expect(terminal.session.told.statuses).toEqual([]);
    terminal.dispose();
  });

  test("a session that this one has not started is sensed as one that it has", async () => {
    const wire = `foreign-${count++}`;
    const other = running.client();
    await other.create({ name: wire, command: drawing(asks) });
    await other.sendInput(wire, "\r");
    const terminal = await SensedTerminal.open(server, wire, { rows: 24, cols: 80 });
    await terminal.says("waiting(confirm)");
    terminal.dispose();
  });

  test("what cannot be seen any more stays what it was, and is lost when its session is", async () => {
    const terminal = await begun(asks);
    await terminal.says("waiting(confirm)");
    await server.kill(terminal.wire);
    await terminal.says("-");
    expect(terminal.session.over).toBeDefined();
    terminal.dispose();
  });
});
