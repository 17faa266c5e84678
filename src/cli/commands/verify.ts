import { unreadableRecord, type Verification } from "../../adapters/ledger/verify";
import { plural } from "../../core/model/sentences";
import { messageOf } from "../../core/model/errors";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { openProject } from "../projects";

const countNames = [
  "segments",
  "entries",
  "bytes",
  "damaged",
  "duplicates",
  "quarantined",
  "incomplete_tail",
  "out_of_order",
  "opaque",
  "missing_segments",
  "superseded_bytes",
  "damaged_blobs",
  "damaged_files",
] as const;

/** What cannot be read any more. The other counts are usual traces of crashes and of several writers. */
function isDamaged(counts: Verification): boolean {
  return counts.damaged + counts.missing_segments + counts.damaged_blobs + counts.damaged_files > 0;
}

/** Reads every byte of the records; failed when something is damaged. */
export async function verifyRecords(container: Container, name: string | undefined): Promise<ExitCode> {
  const { output, store } = container;
  const ids = name === undefined ? await store.list() : [(await openProject(container, name)).project_id];
  const projects = await Promise.all(ids.map((id) => verification(container, id, name !== undefined)));
  const ok = !projects.some(isDamaged);
  if (output.json) {
    const sums = Object.fromEntries(
      countNames.map((count) => [count, projects.reduce((sum, each) => sum + each[count], 0)]),
    );
    output.document({ ok, ...sums, projects });
  } else {
    if (projects.length === 0) output.line(`There are no projects in ${container.workspace}.`);
    for (const each of projects) describe(container, each);
  }
  return ok ? exitCode.done : exitCode.failed;
}

/** A record among several that cannot be looked into is damage, and keeps nobody from the others. */
async function verification({ store }: Container, id: string, alone: boolean): Promise<Verification> {
  try {
    return await (await store.open(id)).verify();
  } catch (error) {
    if (alone) throw error;
    return unreadableRecord(id, messageOf(error));
  }
}

function describe({ output }: Container, counts: Verification): void {
  const damaged = isDamaged(counts);
  output.pieces([
    { text: damaged ? "✗ " : "✓ ", tone: damaged ? "bad" : "good" },
    { text: counts.project_id, tone: "strong" },
    {
      text: `  ${plural(counts.entries, "entry").replace("entrys", "entries")} in ${plural(counts.segments, "segment")}, ${counts.bytes} bytes`,
    },
    { text: damaged ? "" : "  nothing is damaged", tone: "quiet" },
  ]);
  const notes: readonly [number, string, boolean][] = [
    [counts.damaged, "places cannot be read; what is around them is unharmed", true],
    [counts.missing_segments, "segments are missing", true],
    [counts.damaged_blobs, "long texts are missing or changed", true],
    [counts.quarantined, "places are noted in quarantine.jsonl", false],
    [counts.duplicates, "entries are there twice; the first counts", false],
    [counts.incomplete_tail, "bytes of a last line are cut off; a crash or a writer at work leaves that", false],
    [counts.opaque, "entries are of a newer form; they are kept", false],
  ];
  for (const [count, words, bad] of notes)
    if (count > 0) output.pieces([{ text: `    ${count} ${words}`, tone: bad ? "bad" : "quiet" }]);
  for (const problem of counts.problems) output.whole([{ text: `    ${problem}`, tone: "bad" }]);
}
