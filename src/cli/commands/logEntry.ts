import { type ContextEntry, shortEntryId } from "../../core/model/entry";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import { listed, plural } from "../../core/model/sentences";
import type { Ledger } from "../../core/ports/ledger";
import { belongsTo, entryPage, isReadWhole } from "../../protocol/entryPage";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import type { Piece, Tone } from "../../protocol/piece";
import type { PageLine, PagePart, PageStyle } from "../../protocol/textPage";
import { wholeEntry } from "../../viewing/recordedEntries";
import type { Container } from "../container";
import { readProject } from "../projects";

/** So much of an id is enough to be taken for a part of one. */
const leastCharacters = 4;
/** Of several that are meant, the newest. */
const mostNamed = 3;

const tones: Readonly<Record<PageStyle, Tone>> = {
  title: "strong",
  heading: "active",
  text: "plain",
  command: "strong",
  output: "plain",
  act: "plain",
};

/** An entry with what belongs to it. Throws `entry_not_found` and `ambiguous`. */
export async function showEntry(container: Container, project: string, id: string): Promise<ExitCode> {
  const { output } = container;
  const read = await readProject(container, project);
  const { ledger, state } = read;
  const found = await entryNamed(ledger, read.project.project_id, id);
  const entry = await wholeEntry(ledger, found);
  if (output.json) output.entry(entry);
  else {
    const entries = await entriesBeside(ledger, entry);
    // Where a session has more than the log, a page leads there; here there is nothing to choose.
    const picture = { key: project, project: read.project, state, sessions: [], runner: { who: "nobody" } as const };
    for (const line of entryPage({ picture: { ...picture, folder: undefined }, entry, entries }).lines)
      if (line.style !== "act") output.whole(piecesOf(line));
  }
  await output.drained();
  await ledger.close();
  return exitCode.done;
}

/** By a whole id or the end of one. Throws `entry_not_found` and `ambiguous`. */
export async function entryNamed(ledger: Pick<Ledger, "read">, project_id: string, id: string): Promise<ContextEntry> {
  const wanted = id.toUpperCase();
  const matching: ContextEntry[] = [];
  for await (const { entry } of ledger.read()) {
    const has = entry.id.toUpperCase();
    if (has === wanted) return entry;
    if (wanted.length >= leastCharacters && has.endsWith(wanted)) matching.push(entry);
  }
  if (matching.length > 1)
    throw new OrchestratorError(
      "ambiguous",
      `${id} matches ${plural(matching.length, "entry")}.`,
      advice(`Give a whole id, such as ${listed(matching.slice(-mostNamed).map((each) => each.id))}.`),
    );
  const [found] = matching;
  if (found) return found;
  const sentence =
    wanted.length < leastCharacters
      ? `"${id}" is too short: at least ${leastCharacters} characters of an id are needed.`
      : `The log of ${project_id} has no entry ${id}.`;
  throw new OrchestratorError("entry_not_found", sentence, { kind: "show_log", project: project_id });
}

async function entriesBeside(ledger: Ledger, entry: ContextEntry): Promise<ContextEntry[]> {
  const [belongs, isWhole] = [belongsTo(entry), isReadWhole(entry)];
  const entries: ContextEntry[] = [];
  for await (const { entry: each } of ledger.read())
    if (belongs(each)) entries.push(isWhole(each) ? await wholeEntry(ledger, each) : each);
  return entries;
}

/** What leads to another entry has that one's short id behind it. */
function piecesOf({ style, parts }: PageLine): Piece[] {
  return parts.flatMap(({ text, to }: PagePart): Piece[] => [
    { text, tone: tones[style] },
    ...(to?.kind === "entry" ? [{ text: `  [${shortEntryId(to.id)}]`, tone: "quiet" as const }] : []),
  ]);
}
