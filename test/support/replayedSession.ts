import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import type { SensedState } from "../../src/core/sense/terminalFacts";
import { temporaryFolder } from "./localAddresses";
import { drawnFrames, type RecordedMoment, type RecordedStream } from "./recordedStream";
import { said, SensedTerminal, type ToldState } from "./sensedTerminal";
import { until } from "./until";

/** How long a program waits from one frame to the next. */
const frameMs = 60;
/** Every so many frames it waits longer, as for an answer from its network. */
const pauseEvery = 13;
const pauseMs = 350;
/** A state that is to be told is told within this time: what is not known for sure has to stand for three seconds. */
const settleMs = 25_000;
/** And what was told stays. */
const staysMs = 3500;

/** Draws what it is told to, under the name and with the terminal settings that it is told to have; reads what is typed. */
const player = `
const { spawnSync } = require("node:child_process");
const [socket, id] = process.argv.slice(2);
process.stdin.resume();
const asked = require("node:net").connect(socket, () => asked.write(id + "\\n"));
require("node:readline").createInterface(asked).on("line", (line) => {
  const { name, mode, data } = JSON.parse(line);
  if (mode) spawnSync("stty", mode, { stdio: [0, "ignore", "ignore"] });
  if (name) process.title = name;
  if (data) process.stdout.write(Buffer.from(data, "base64"));
  asked.write("\\n");
});
asked.on("close", () => process.exit());
`;

/** What was told from one recorded moment to the next, and in the end. */
export interface ReplayedMoment {
  readonly moment: RecordedMoment;
  readonly told: readonly ToldState[];
  /** After it was still. */
  readonly end: SensedState | undefined;
  /** How long the program drew before it was still, in milliseconds. */
  readonly drewMs: number;
  /** Why the end is not what the sample says; undefined where it is. */
  readonly difference: string | undefined;
  /** The screen at the end, where it is not that of the sample. */
  readonly otherScreen: readonly string[] | undefined;
}

/** Programs that are told what to draw, in the sessions of a server. */
export class ReplayStage {
  readonly #waiting = new Map<string, (socket: Socket) => void>();
  #count = 0;

  private constructor(
    private readonly client: WshServer,
    private readonly listener: Server,
    private readonly folder: string,
  ) {
    listener.on("connection", (socket) => {
      socket.once("data", (id: Buffer) => this.#waiting.get(id.toString().trim())?.(socket));
      socket.on("error", () => undefined);
    });
  }

  static async open(client: WshServer): Promise<ReplayStage> {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "player.cjs"), player);
    const listener = createServer();
    listener.listen(join(folder, "s"));
    await once(listener, "listening");
    return new ReplayStage(client, listener, folder);
  }

  close(): void {
    this.listener.close();
  }

  /** Replays all of a stream, lies still at each of its moments, and says what the sensor told. */
  async replay(stream: RecordedStream, onMoment: (moment: ReplayedMoment) => void): Promise<void> {
    const { tool, bytes, moments } = stream;
    const wire = `replay-${this.#count++}`;
    const last = moments.at(-1)?.facts;
    const { rows = 40, cols = 120 } = last ?? {};
    const connected = new Promise<Socket>((resolve) => this.#waiting.set(wire, resolve));
    const command = `exec '${process.execPath}' '${join(this.folder, "player.cjs")}' '${join(this.folder, "s")}' ${wire}`;
    await this.client.create({ name: wire, command, rows, cols });
    const socket = await connected;
    const draw = async (line: object): Promise<void> => {
      socket.write(`${JSON.stringify(line)}\n`);
      await once(socket, "data");
    };
    await draw({ mode: ["-opost", "-icanon", "-echo"], name: "bash" });
    const terminal = await SensedTerminal.open(this.client, wire, { rows, cols });
    const { sensor, session } = terminal;
    try {
      let from = 0;
      let worked = false;
      let frames = 0;
      let inFront = "bash";
      let begun = performance.now();
      for (const moment of moments) {
        const front = moment.facts.foreground_command ?? "bash";
        const mode = terminalSettings(tool, moment);
        for (const frame of drawnFrames(bytes.subarray(from, moment.at))) {
          const next = frontAfter(frame, inFront, front === "bash" ? tool : front);
          if (next !== inFront) {
            inFront = next;
            if (tool !== "non-agent" && next !== "bash") terminal.started = tool;
            await draw({ name: next, mode: next === "bash" ? ["-icanon", "-echo"] : mode });
          }
          await draw({ data: frame.toString("base64") });
          await pause(++frames % pauseEvery === 0 ? pauseMs : frameMs);
        }
        if (inFront !== front) await draw({ name: (inFront = front), mode });
        if (tool !== "non-agent" && front !== "bash") terminal.started = tool;
        from = moment.at;
        const drewMs = Math.round(performance.now() - begun);
        const { told } = terminal;
        worked ||= told.some(({ state }) => state?.state === "working");
        await until(
          moment.name,
          () => differenceOf(sensor.state, moment, worked) === undefined && (session.quietMs ?? 0) > staysMs,
          settleMs,
        ).catch(() => undefined);
        worked ||= told.some(({ state }) => state?.state === "working");
        const difference = differenceOf(sensor.state, moment, worked);
        const screen = difference === undefined ? undefined : await this.client.screen(wire, "plain");
        const lines = screen?.lines.map((line) => (typeof line === "string" ? line : "").trimEnd());
        const isSame = !lines || sameLines(lines, moment.lines);
        onMoment({ moment, told, end: sensor.state, drewMs, difference, otherScreen: isSame ? undefined : lines });
        sensor.seen();
        worked = sensor.state?.state === "working";
        terminal.mark();
        begun = performance.now();
      }
    } finally {
      terminal.dispose();
      socket.destroy();
      await this.client.kill(wire).catch(() => undefined);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function sameLines(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at++) if ((one[at] ?? "") !== (other[at] ?? "")) return false;
  return true;
}

/** bash switches the paste mode on at its prompt, and off for what it starts. */
function frontAfter(frame: Buffer, before: string, next: string): string {
  const text = frame.toString("latin1");
  const prompt = text.search(/\x1b\[\?2004h(?:\x1b\]0;|[^\x1b\n]*[$#] )/);
  const start = text.lastIndexOf("\x1b[?2004l\r");
  if (start > prompt && before === "bash") return next;
  if (prompt > start && /\x1b\[\?2004h\x1b\]0;\w+@/.test(text)) return "bash";
  return before;
}

/** How the program of a sample has set its terminal, by what the sample shows: agents and full screens read each key. */
function terminalSettings(tool: string, { facts, offline }: RecordedMoment): string[] {
  if (offline.kind === "password") return ["icanon", "-echo"];
  const shells: readonly (string | null | undefined)[] = ["bash", "zsh", "fish"];
  const readsKeys =
    tool !== "non-agent" ||
    facts.alternate === true ||
    shells.includes(facts.foreground_command) ||
    offline.kind === "repl";
  return readsKeys ? ["-icanon", "-echo"] : ["icanon", "echo"];
}

/**
 * What is told live and what the sample says: the same, and rest after work is something that nobody has looked at yet,
 * which no screen tells.
 */
export function differenceOf(
  live: SensedState | undefined,
  { offline }: RecordedMoment,
  worked: boolean,
): string | undefined {
  const isAgent = offline.kind === undefined;
  const expected = offline.state === "idle" && isAgent && worked ? "done_unseen" : offline.state;
  const [told, wanted] = [said(live), said({ ...offline, state: expected })];
  return told === wanted ? undefined : `${told}, not ${wanted}`;
}
