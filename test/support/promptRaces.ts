import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SessionServer } from "../../src/core/ports/sessions";
import { type PromptPlace, typeAnswer } from "../../src/core/command/promptTyping";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../src/core/sense/senseTerminal";
import { terminalFacts } from "../../src/core/session/sensedTerminal";
import { temporaryFolder } from "./localAddresses";
import { systemClock } from "./systemClock";
import { until } from "./until";

/**
 * What became of answers to prompts that change while they are given. A server can see what a program has printed by the
 * time that keys come to it: the first has to be 0. Between a key and its program nobody stands, and a program may ask
 * something else with keys in its queue.
 */
export interface PromptRaces {
  /** Keys were sent although the other prompt was on the terminal by then, and were not held back. */
  wrong: number;
  /** Keys arrived at the other prompt, which the program printed after they were sent. */
  overtaken: number;
  answered: number;
  /** The prompt had gone; nothing was typed. */
  gone: number;
}

/**
 * Asks to keep a file and, some time later, to delete everything, with the same words around it; says at which of them a
 * line arrived, and when that was asked, and then begins the next round. What it finds in its queue (`select`) right before
 * it asks something else was typed at what it asked then. `raw`: it takes each key.
 */
const program = `
import os, random, select, sys, time, tty
raw, most = sys.argv[1] == "raw", float(sys.argv[2])
if raw: tty.setcbreak(0)
say = lambda text: os.write(1, text.encode())
round = 0
while True:
    round += 1
    took = None
    for asks, seconds in (("keep the file", random.random() * most / 1000), ("delete everything", 0.3)):
        say("\\r\\x1b[K" + f"round {round}: {asks}? [y/N] ")
        asked = time.monotonic_ns()
        if select.select([0], [], [], seconds)[0] or select.select([0], [], [], 0)[0]:
            os.read(0, 1000)
            took = f"{asks} asked at {asked}"
            break
    say(f"\\r\\n{round} took {took}\\r\\n")
`;

/** Answers so many of its first prompts, each at a moment of its own. `random`: 0 to 1. */
export async function racePrompts(
  server: SessionServer,
  { name, rounds, raw, random }: { name: string; rounds: number; raw: boolean; random: () => number },
): Promise<PromptRaces> {
  const folder = await temporaryFolder();
  const file = join(folder, "asks.py");
  writeFileSync(file, program);
  const mostMs = 60;
  // A look and its keys take their time, too.
  await server.create({
    name,
    command: `exec python3 ${file} ${raw ? "raw" : "line"} ${2 * mostMs}`,
    cols: 100,
    rows: 30,
  });
  const result: PromptRaces = { wrong: 0, overtaken: 0, answered: 0, gone: 0 };
  const clock = systemClock;
  // By the clock of Python's `time.monotonic_ns` (CLOCK_MONOTONIC).
  let sentAt = 0;
  const watched: PromptPlace["server"] = {
    screen: (...asked) => server.screen(...asked),
    terminalMode: (...asked) => server.terminalMode(...asked),
    sendInput: (...sent) => {
      sentAt = Number(process.hrtime.bigint());
      return server.sendInput(...sent);
    },
  };
  const place = { server: watched, wire: name, clock, catalog: shippedCatalog };
  const seen = async (): Promise<{ round: number; rule: string; fingerprint: string } | undefined> => {
    const facts = terminalFacts(await server.screen(name, "plain"), {});
    const round = /^round (\d+): keep the file\? \[y\/N\] *$/.exec(facts.lines[facts.cursor.row] ?? "")?.[1];
    const sensed = round === undefined ? undefined : senseTerminal(facts, shippedCatalog);
    const rule = sensed?.evidence[0]?.rule;
    const prompt = rule === undefined ? undefined : shippedCatalog.askedBy(rule, facts);
    return prompt && rule !== undefined ? { round: Number(round), rule, fingerprint: prompt.fingerprint } : undefined;
  };
  for (let done = 0; done < rounds; done++) {
    const standing = await until("a prompt stands", seen);
    await new Promise((resolve) => setTimeout(resolve, random() * mostMs));
    const typed = await typeAnswer(place, standing, "y");
    if (typed === "gone") {
      result.gone++;
      continue;
    }
    const line = await until("the program says what it took", async () => {
      const { lines } = await server.scrollback(name, 200, "plain");
      return lines.map(String).findLast((each) => each.startsWith(`${standing.round} `));
    });
    if (line.includes("keep the file")) result.answered++;
    else if (Number(/ asked at (\d+)/.exec(line)?.[1]) < sentAt) result.wrong++;
    else result.overtaken++;
  }
  await server.kill(name);
  return result;
}
