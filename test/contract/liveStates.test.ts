import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleFactsSchema } from "../../src/core/model/sampleFacts";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { factsOfSample, toldInRecording } from "../../src/core/sense/sample";
import { senseTerminal } from "../../src/core/sense/senseTerminal";
import { SessionSensor } from "../../src/core/session/sessionSensor";
import { ShellSession } from "../../src/core/session/shellSession";
import { temporaryFolder } from "../support/localAddresses";
import { clientServerKinds, type RunningServer } from "../support/servers";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

const screens = resolve("test/fixtures/screens");
/** As they were recorded: what each program wrote, from its start to the moment of its screen. */
const samples = [
  ["claude", "setup-trust-default"],
  ["claude", "approve-shell"],
  ["codex", "ready-draft"],
  ["codex", "approve-shell"],
  ["gemini", "setup-trust"],
  ["non-agent", "apt-yn"],
  ["non-agent", "rm-interactive"],
  ["non-agent", "less-colon"],
] as const;

/** Waits for a key, writes what was recorded in small pieces, and stays. Its process has the name of the program. */
const player = `
const [file, name, raw] = process.argv.slice(2);
process.title = name;
if (raw === "raw") process.stdin.setRawMode(true);
const bytes = require("fs").readFileSync(file);
process.stdout.write("READY");
process.stdin.once("data", () => {
  let at = 0;
  const next = () => {
    process.stdout.write(bytes.subarray(at, (at += 997)));
    if (at < bytes.length) setTimeout(next, 5);
  };
  next();
});
`;

/** What `explain --samples` says of it. */
function offline(tool: string, name: string) {
  const read = (end: string): Buffer => readFileSync(join(screens, tool, `${name}.${end}`));
  const meta = sampleFactsSchema.parse({ tool, ...(JSON.parse(read("json").toString()) as object) });
  const facts = factsOfSample(read("txt").toString(), meta, toldInRecording(meta, read("raw")));
  return { meta, sensed: senseTerminal(facts, shippedCatalog) };
}

/** Done and seen are one state to who was not there. */
const asSeen = (state: string | undefined): string | undefined => (state === "done_unseen" ? "idle" : state);

describe("a recorded stream in a session of the built-in server", () => {
  const kind = clientServerKinds.find(({ isWsh, missing }) => !isWsh && missing === undefined);
  let running: RunningServer;
  let folder: string;

  beforeAll(async () => {
    if (!kind) throw new Error("There is no built-in server.");
    running = await kind.start();
    folder = await temporaryFolder();
  });
  afterAll(() => running.stop());

  it.each(samples)("says live what it says offline: %s %s", { timeout: 60_000 }, async (tool, name) => {
    const { meta, sensed } = offline(tool, name);
    const server = running.client();
    const wire = `${tool}-${name}`;
    const file = join(folder, `${wire}.raw`);
    symlinkSync(join(screens, tool, `${name}.raw`), file);
    const front = meta.foreground_command ?? "sh";
    const isRaw = meta.alternate === true || tool === "gemini";
    const script = join(folder, `${wire}.cjs`);
    writeFileSync(script, player);
    const command = `exec '${process.execPath}' '${script}' '${file}' '${front}' ${isRaw ? "raw" : "lines"}`;
    await server.create({ name: wire, command, rows: 40, cols: 120 });
    await until("the player", async () => (await server.screen(wire, "plain")).lines.some((row) => row === "READY"));
    const session = new ShellSession(server, systemClock, { name: wire, wire, key: "", rows: 40, cols: 120 });
    await session.open();
    const states: string[] = [];
    const runs = () => (tool === "non-agent" ? {} : { started: tool });
    const world = { server, clock: systemClock, logger: silentLogger, catalog: shippedCatalog };
    const sensor = new SessionSensor(session, runs, world);
    sensor.onChange(() => states.push(sensor.state?.state ?? ""));
    session.onActivity(() => sensor.activity());
    await server.sendInput(wire, "\n");
    try {
      await until(
        `${sensed.state} (${states.join(" ")})`,
        () =>
          (session.quietMs ?? 0) > 1000 &&
          asSeen(sensor.state?.state) === asSeen(sensed.state) &&
          sensor.state?.kind === sensed.kind,
        20_000,
      );
    } catch (error) {
      throw new Error(`${states.join(" ")} → ${JSON.stringify(sensor.state)}, not ${JSON.stringify(sensed)}`, {
        cause: error,
      });
    } finally {
      sensor.dispose();
      session.dispose();
      await server.kill(wire);
    }
    // A question that was on no screen is said by none.
    if (sensed.state !== "waiting") expect(states).not.toContain("waiting");
    else expect(states.filter((state) => state === "waiting")).toHaveLength(1);
  });
});
