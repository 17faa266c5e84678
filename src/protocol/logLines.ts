import { type ContextEntry, refOf, shortEntryId } from "../core/model/entry";
import type { Evidence, KnownEntryKind } from "../core/model/entryKinds";
import { outputLines } from "../core/model/commandOutput";
import { brief, clockTime, durationText } from "../core/model/sentences";
import { shortSession } from "../core/model/names";
import type { ProjectState } from "../core/model/projectState";
import type { Piece, Tone } from "./piece";
import { commandLines, questionParts } from "./question";
import { typedMark } from "./typedMark";

/** One or more lines; the first begins with the time and who it is about. */
export type LogLines = readonly (readonly Piece[])[];

/** Output of a failed command that is worth a look at once; all of it is in the record. */
const failureLines = 6;
const briefLength = 160;
const slowMs = 1000;
/** Lines of a command that somebody is asked about, and their length; longer ones are cut in the middle. */
const recordCommandRoom = 40;
const commandWidth = 120;
/** Names of usual length stand in a column; longer ones push their line. */
const nameWidth = 12;
/** The same for kinds. */
const kindWidth = 7;

/** The runner's lease, who was told of what, and signs of life: what processes tell each other. */
const betweenProcesses: readonly string[] = ["lease", "delivery", "heartbeat"] satisfies KnownEntryKind[];

/** Whether people read the entry in a log; the others are shown only to who asks for them. */
export function isForPeople(entry: Pick<ContextEntry, "kind"> & Partial<ContextEntry>): boolean {
  if (betweenProcesses.includes(entry.kind)) return false;
  // A command that prepares the session, which nobody asked for, is read only when it fails.
  if (entry.step !== undefined || entry.task_id === undefined) return true;
  return entry.kind !== "command" && !(entry.kind === "result" && hasSucceeded(entry));
}

/** How it is known that something came to what was wanted of it that has no exit code. */
const wantedEnds: readonly (Evidence | undefined)[] = ["rest", "screen", "port", "state"];

/** A command with exit code 0, one that showed what it was waited for, or a prompt whose agent has finished its turn. */
export function hasSucceeded({ outcome, exit_code, known_by, turn }: Partial<ContextEntry>): boolean {
  if (outcome !== "exited" || turn !== undefined) return false;
  return exit_code === 0 || (typeof exit_code !== "number" && wantedEnds.includes(known_by));
}

/** The entry as progress of a run, or undefined for what a reader need not see there. */
export function progressLines(entry: ContextEntry, late = false): LogLines | undefined {
  if (!isForPeople(entry)) return undefined;
  switch (entry.kind) {
    case "session":
      return entry.event === "starting"
        ? undefined
        : headed(entry, [{ text: withoutSession(entry), tone: toneOfState(entry.state) }]);
    case "task":
      return taskLines(entry);
    case "command":
      return headed(entry, entryPieces(entry));
    case "result":
      return isQuiet(entry) ? undefined : resultLines(entry);
    case "handoff":
      return headed(entry, [
        { text: `→ ${entry.to ?? "everybody"}: `, tone: "active" },
        { text: brief(entry.text, briefLength), tone: "quiet" },
      ]);
    default:
      return headed(entry, textOf(entry, late), askedCommand(entry, Infinity));
  }
}

/** What a question is about, below its reason: `build $ rm -rf dist`. */
export function askedCommand(entry: ContextEntry, most: number, indent = "         ", width = commandWidth): LogLines {
  const { reason, command, mark } = questionParts(entry);
  if (command === undefined) return [];
  const lead = `${entry.task_id === undefined ? "" : `${entry.task_id} `}${mark}`;
  return commandLines(command, reason, Math.max(1, width - indent.length - lead.length), most).map(
    (text, row): readonly Piece[] => [
      { text: `${indent}${row === 0 ? lead : " ".repeat(lead.length)}` },
      { text, tone: "strong" },
    ],
  );
}

/** A success that says nothing: it was quick and printed nothing. */
function isQuiet(entry: ContextEntry): boolean {
  return hasSucceeded(entry) && (entry.output ?? "").trim() === "" && (entry.duration_ms ?? 0) < slowMs;
}

/** The entry as a line of the record; every kind shows. `late`: an answer that was not the first. */
export function recordLines(entry: ContextEntry, late = false): LogLines {
  const kind: Piece = { text: `${entry.kind.padEnd(kindWidth)}  `, tone: "quiet" };
  if (entry.kind === "result") return resultLines(entry, kind);
  const asked = entry.kind === "command" || entry.kind === "task" ? [] : askedCommand(entry, recordCommandRoom);
  return headed(entry, [kind, ...entryPieces(entry, late)], asked);
}

/** The entry as plain lines of the record, with all of its output. */
export function recordText(entry: ContextEntry): string[] {
  const all = (entry.output ?? "").split("\n").filter((line) => line.trim() !== "");
  const output = entry.kind === "result" ? all.map((line) => `         ${line}`) : [];
  const lines = entry.kind === "result" ? headed(entry, resultPieces(entry)) : recordLines(entry);
  return [...lines.map((line) => line.map((piece) => piece.text).join("")), ...output];
}

/** What the entry says, without its time and who it is about. */
export function entryPieces(entry: ContextEntry, late = false): readonly Piece[] {
  if (entry.kind === "command")
    return [
      ...taskName(entry),
      { text: `${typedMark(entry)} ${brief(entry.input ?? entry.text, briefLength)}`, tone: "strong" },
    ];
  if (entry.kind === "result") return resultPieces(entry);
  if (entry.kind === "task") return [{ text: entry.text, tone: toneOfState(entry.state) }];
  return textOf(entry, late);
}

function headed(entry: ContextEntry, pieces: readonly Piece[], more: LogLines = []): LogLines {
  const who = entry.session_name === null ? entry.project_id : shortSession(entry.session_name);
  const [first = "", ...rest] = pieces
    .map((piece) => piece.text)
    .join("")
    .split("\n");
  const one = rest.length === 0 ? pieces : [{ ...pieces[0], text: first }];
  return [
    [
      { text: clockTime(entry.ts), tone: "quiet" },
      { text: " " },
      { text: who.padEnd(nameWidth), tone: "active" },
      { text: "  " },
      ...one,
    ],
    ...rest.map((line) => [{ text: `         ${line}` }]),
    ...more,
  ];
}

function taskName(entry: ContextEntry): Piece[] {
  return entry.task_id === undefined ? [] : [{ text: `${entry.task_id} ` }];
}

function taskLines(entry: ContextEntry): LogLines | undefined {
  if (entry.event === "planned") return undefined;
  // Where it runs is said only where that is not the workspace.
  if (entry.event === "started" && entry.attempt === 1 && entry.cwd === undefined) return undefined;
  // The question itself follows.
  if (entry.event === "waiting") return undefined;
  const mark = entry.state === "succeeded" ? "✓ " : entry.state === "failed" ? "✗ " : "";
  return headed(entry, [{ text: `${mark}${entry.text}`, tone: toneOfState(entry.state) }]);
}

function resultLines(entry: ContextEntry, kind?: Piece): LogLines {
  const succeeded = hasSucceeded(entry);
  const tail = succeeded
    ? []
    : outputLines(entry.output ?? "")
        .slice(-failureLines)
        .map((line): readonly Piece[] => [{ text: `         ${line.slice(0, briefLength)}`, tone: "quiet" }]);
  return headed(entry, [...(kind ? [kind] : []), ...resultPieces(entry)], tail);
}

function resultPieces(entry: ContextEntry): readonly Piece[] {
  const took = entry.duration_ms === undefined ? "" : ` ${durationText(entry.duration_ms)}`;
  if (hasSucceeded(entry)) {
    const last = outputLines(entry.output ?? "").at(-1);
    return [
      ...taskName(entry),
      { text: `ok${took}`, tone: "good" },
      { text: last === undefined ? "" : `  ${brief(last, briefLength)}`, tone: "quiet" },
    ];
  }
  // A prompt that nobody waits for is as well as it can be.
  if (entry.known_by === "taken") return [...taskName(entry), { text: entry.text, tone: "quiet" }];
  const tone = entry.outcome === "exited" && (entry.exit_code !== null || entry.turn) ? "bad" : "attention";
  if (entry.outcome === "exited" && typeof entry.exit_code === "number")
    return [...taskName(entry), { text: `exit code ${entry.exit_code}${took === "" ? "" : `,${took}`}`, tone }];
  return [{ text: `${entry.task_id === undefined ? "" : `${entry.task_id}: `}${entry.text}`, tone }];
}

/** Whether it is an answer to a question that had one already; the state must know the entry. */
export function isLate(state: Pick<ProjectState, "escalations">, entry: ContextEntry): boolean {
  const first = entry.kind === "answer" ? state.escalations.get(refOf(entry, "entry") ?? "")?.answer : undefined;
  return first !== undefined && first.id !== entry.id;
}

function textOf(entry: ContextEntry, late: boolean): Piece[] {
  switch (entry.kind) {
    case "answer": {
      const question = refOf(entry, "entry");
      const about: Piece = { text: question === undefined ? "" : `  [to ${shortEntryId(question)}]`, tone: "quiet" };
      return [
        { text: late ? `too late, it changed nothing: ${entry.text}` : entry.text, tone: late ? "quiet" : "plain" },
        about,
      ];
    }
    case "approval_needed":
    case "blocked":
    case "error": {
      if (entry.human_attention_needed !== true) return [{ text: entry.text, tone: "attention" }];
      const how = entry.options?.length
        ? `  [${shortEntryId(entry.id)}: ${entry.options.join(" or ")}]`
        : `  [${shortEntryId(entry.id)}]`;
      return [
        { text: `? ${questionParts(entry).reason.trimEnd()}`, tone: "attention" },
        { text: how, tone: "quiet" },
      ];
    }
    case "handoff":
      return [{ text: `→ ${entry.to ?? "everybody"}: `, tone: "active" }, { text: brief(entry.text, 400) }];
    case "project":
      return [{ text: withoutSession(entry) }];
    case "session":
    case "state":
      return [{ text: withoutSession(entry), tone: toneOfState(entry.state) }];
    default:
      return [{ text: entry.text }];
  }
}

/** The session or project stands before the text already; older entries have a session's whole name. */
function withoutSession({ session_name, project_id, text }: ContextEntry): string {
  const names = session_name === null ? [project_id] : [session_name, shortSession(session_name)];
  const name = names.find((each) => text.startsWith(`${each} `));
  return name === undefined ? text : text.slice(name.length + 1);
}

export function toneOfState(state: string | undefined): Tone {
  switch (state) {
    case "succeeded":
    case "done":
      return "good";
    case "failed":
    case "lost":
      return "bad";
    case "blocked":
    case "unknown":
    case "waiting":
    case "limited":
    case "unclear":
    case "cancelled":
    case "stopped":
      return "attention";
    case "running":
    case "working":
      return "active";
    case "pending":
    case "skipped":
    case "planned":
    case "exited":
      return "quiet";
    default:
      return "plain";
  }
}
