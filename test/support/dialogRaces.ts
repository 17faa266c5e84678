import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PromptPlace, typeAnswer } from "../../src/core/command/promptTyping";
import type { SessionServer } from "../../src/core/ports/sessions";
import { choiceList } from "../../src/core/sense/listedChoices";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../src/core/sense/senseTerminal";
import { terminalFacts } from "../../src/core/session/sensedTerminal";
import { temporaryFolder } from "./localAddresses";
import type { PromptRaces } from "./promptRaces";
import { recordings } from "./recordedScreens";
import { systemClock } from "./systemClock";
import { until } from "./until";

const command = "rm -rf build";
/** Of the same length, so that nothing else on the screen moves. */
const otherCommand = "rm -rf /etc/";

/**
 * Draws a recorded dialog and, some time later, the same one about another command. Arrow keys move its mark; Enter, or a
 * letter, is an answer. Each key is noted with the time at which the dialog was drawn that stood when it was read; what it
 * finds in its queue right before it draws the other one was typed at the first.
 */
const program = `
import json, os, random, select, sys, time, tty
tty.setcbreak(0)
with open(sys.argv[1]) as file: known = json.load(file)
most = float(sys.argv[2])
marks, marker = known["marks"], known["marker"]
def draw(rows, at):
    rows = [list(row) for row in rows]
    for index, (row, column) in enumerate(marks):
        rows[row][column] = marker if index == at else " "
    os.write(1, ("\\x1b[?25l\\x1b[2J\\x1b[H" + "\\r\\n".join("".join(row) for row in rows)).encode())
round = 0
while True:
    round += 1
    at, log, over = 0, [], False
    for which, seconds in (("first", random.random() * most / 1000), ("other", 0.3)):
        rows = list(known[which])
        rows[0] = f"round {round} {which}"
        draw(rows, at)
        drawn, end = time.monotonic_ns(), time.monotonic() + seconds
        while not over:
            if not select.select([0], [], [], max(0, end - time.monotonic()))[0]: break
            keys = os.read(0, 1000)
            log.append([which, drawn, keys.decode("latin-1")])
            if keys == b"\\x1b[A": at = max(0, at - 1)
            elif keys == b"\\x1b[B": at = min(len(marks) - 1, at + 1)
            else: over = True
            if not over: draw(rows, at)
        if over: break
    with open(sys.argv[3], "a") as file: file.write(json.dumps({"round": round, "keys": log}) + "\\n")
    os.write(1, f"\\x1b[2J\\x1b[H{round} is over".encode())
    time.sleep(0.05)
`;

interface Round {
  readonly round: number;
  /** Which dialog stood, when that was drawn, what was read. */
  readonly keys: readonly (readonly ["first" | "other", number, string])[];
}

/** Answers so many of an agent's dialogs, each at a moment of its own. `random`: 0 to 1. */
export async function raceDialogs(
  server: SessionServer,
  {
    agent,
    rounds,
    random,
  }: {
    agent: string;
    rounds: number;
    random: () => number;
  },
): Promise<PromptRaces> {
  const recorded = recordings(agent).find(({ name }) => name === "approve-shell");
  if (!recorded) throw new Error(`There is no dialog of ${agent}.`);
  const { lines, cols } = recorded.facts;
  const folder = await temporaryFolder();
  const [file, screen, log] = ["draws.py", "screen.json", "rounds.jsonl"].map((each) => join(folder, each));
  if (!file || !screen || !log) throw new Error("There is no folder.");
  const rows = lines.map((line) => line.padEnd(cols));
  writeFileSync(file, program);
  writeFileSync(log, "");
  writeFileSync(
    screen,
    JSON.stringify({
      first: rows,
      other: rows.map((row) => row.replaceAll(command, otherCommand)),
      ...marksOf(lines),
    }),
  );
  const mostMs = 120;
  const name = `dialogs-${agent}`;
  await server.create({
    name,
    command: `exec python3 ${file} ${screen} ${2 * mostMs} ${log}`,
    cols,
    rows: lines.length,
  });
  const result: PromptRaces = { wrong: 0, overtaken: 0, answered: 0, gone: 0 };
  let sent: number[] = [];
  const place: PromptPlace = {
    server: {
      screen: (...asked) => server.screen(...asked),
      terminalMode: (...asked) => server.terminalMode(...asked),
      sendInput: async (...given) => {
        const at = Number(process.hrtime.bigint());
        await server.sendInput(...given);
        sent.push(at);
      },
    },
    wire: name,
    clock: systemClock,
    catalog: shippedCatalog,
  };
  const seen = async (): Promise<
    { round: number; rule: string; fingerprint: string; choices: readonly string[] } | undefined
  > => {
    const facts = terminalFacts(await server.screen(name, "plain"), { started: agent, running: true });
    const round = /^round (\d+) first/.exec(facts.lines[0] ?? "")?.[1];
    const rule = round === undefined ? undefined : senseTerminal(facts, shippedCatalog).evidence[0]?.rule;
    const prompt = rule === undefined ? undefined : shippedCatalog.askedBy(rule, facts);
    return prompt && rule !== undefined ? { ...prompt, round: Number(round), rule } : undefined;
  };
  for (let done = 0; done < rounds; done++) {
    const standing = await until("a dialog stands", seen);
    await new Promise((resolve) => setTimeout(resolve, random() * mostMs));
    sent = [];
    const choice = standing.choices[random() < 0.5 ? 0 : standing.choices.length - 1] ?? "";
    const typed = await typeAnswer(place, standing, choice);
    const { keys } = await until("the round is over", () =>
      readFileSync(log, "utf8")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Round)
        .find(({ round }) => round === standing.round),
    );
    if (keys.length === 0) result.gone++;
    else if (keys.every(([which]) => which === "first") && typed === "typed") result.answered++;
    else if (keys.some(([which, drawn], index) => which === "other" && drawn < (sent[index] ?? 0))) result.wrong++;
    else if (keys.some(([which]) => which === "other")) result.overtaken++;
    else result.gone++;
  }
  await server.kill(name);
  return result;
}

/** Where the marks of its choices are drawn, and how; none where a key is named instead. */
function marksOf(lines: readonly string[]): {
  readonly marks: readonly (readonly [number, number])[];
  readonly marker: string;
} {
  const list = choiceList({ lines });
  const marked = lines.findLastIndex((line) => /[❯›●]\s+1\. /u.test(line));
  const column = /[❯›●](?=\s+1\. )/u.exec(lines[marked] ?? "")?.index;
  if (!list || column === undefined) return { marks: [], marker: " " };
  const marks = list.choices.map((_, index): [number, number] => [
    lines.findIndex(
      (line, row) => row >= list.row && new RegExp(`^\\s*[│❯›●]?\\s*[❯›●]?\\s*${index + 1}\\. `, "u").test(line),
    ),
    column,
  ]);
  return { marks, marker: lines[marked]?.charAt(column) ?? " " };
}
