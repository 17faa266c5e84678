import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SessionServer } from "../../src/core/ports/sessions";
import { typeAnswer } from "../../src/core/command/promptTyping";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../src/core/sense/senseTerminal";
import { terminalFacts } from "../../src/core/session/sensedTerminal";
import { temporaryFolder } from "./localAddresses";
import { systemClock } from "./systemClock";
import { until } from "./until";

/** What became of answers to prompts that change while they are given. The first has to be 0. */
export interface PromptRaces {
  /** Keys were typed although the other prompt was on the terminal by then: what a server can see, and has to. */
  wrong: number;
  /** The program had keys in its queue and then asked something else, which only the program can know. */
  keptByProgram: number;
  answered: number;
  /** The prompt had gone; nothing was typed. */
  gone: number;
}

/**
 * Asks to keep a file and, some time later, to delete everything, with the same words around it; says at which of them a
 * line arrived, and then begins the next round. What it finds in its queue (`select`) right before it asks something else
 * was typed at what it asked then; what it finds right after, it had got while it was about to ask. `raw`: it takes each
 * key.
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
        asked, is_early = time.monotonic(), select.select([0], [], [], 0)[0]
        if select.select([0], [], [], seconds)[0] or select.select([0], [], [], 0)[0]:
            after = int((time.monotonic() - asked) * 1e6)
            os.read(0, 1000)
            took = f"{'in its queue' if is_early else 'at'} {asks} after {after} us"
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
  const result: PromptRaces = { wrong: 0, keptByProgram: 0, answered: 0, gone: 0 };
  const clock = systemClock;
  const place = { server, wire: name, clock, catalog: shippedCatalog };
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
    else if (line.includes("in its queue")) result.keptByProgram++;
    else {
      result.wrong++;
      console.log(`round ${line}`);
    }
  }
  await server.kill(name);
  return result;
}
