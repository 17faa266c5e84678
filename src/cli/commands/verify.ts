import { unreadableRecord, type Verification } from "../../adapters/ledger/verify";
import { plural } from "../../core/model/sentences";
import { messageOf } from "../../core/model/errors";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
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

/** Reads every byte of the projects' files; failed when something is damaged. */
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

/** A project among several that cannot be read is damage, and does not hide the others. */
async function verification({ store }: Container, id: string, alone: boolean): Promise<Verification> {
  try {
    return await (await store.open(id)).verify();
  } catch (error) {
    if (alone) throw error;
    return unreadableRecord(id, messageOf(error));
  }
}

function describe({ output, store }: Container, counts: Verification): void {
  const damaged = isDamaged(counts);
  const { project_id, entries, segments, bytes } = counts;
  output.pieces([
    { text: damaged ? "✗ " : "✓ ", tone: damaged ? "bad" : "good" },
    { text: project_id, tone: "strong" },
    { text: `  ${plural(entries, "entry")} in ${plural(segments, "file")}, ${plural(bytes, "byte")}` },
    { text: damaged ? "" : ", no damage", tone: "quiet" },
  ]);
  for (const text of damageIn(counts)) output.whole([{ text: `    ${text}`, tone: "bad" }]);
  for (const text of tracesIn(counts)) output.whole([{ text: `    ${text}`, tone: "quiet" }]);
  if (damaged)
    output.whole([
      {
        text:
          "    What can be read is still used. To get the rest back, restore this folder from a backup: " +
          store.folderOf(project_id),
      },
    ]);
}

/** What is lost, a sentence each. */
function damageIn({ damaged, missing_segments, damaged_blobs, problems }: Verification): string[] {
  return [
    counted(
      damaged,
      "place in the log cannot be read; it is listed in quarantine.jsonl.",
      "places in the log cannot be read; they are listed in quarantine.jsonl.",
    ),
    counted(missing_segments, "file of the log is missing.", "files of the log are missing."),
    counted(damaged_blobs, "long text is missing or changed.", "long texts are missing or changed."),
    ...problems,
  ].filter((text) => text !== "");
}

/** What crashes and several writers usually leave. */
function tracesIn({ damaged, quarantined, duplicates, incomplete_tail, opaque }: Verification): string[] {
  return [
    counted(
      // Damage says the same of its places.
      damaged > 0 ? 0 : quarantined,
      "unreadable place is listed in quarantine.jsonl.",
      "unreadable places are listed in quarantine.jsonl.",
    ),
    counted(duplicates, "entry is a repetition and is left out.", "entries are repetitions and are left out."),
    incomplete_tail === 0
      ? ""
      : `The last line is incomplete (${plural(incomplete_tail, "byte")}): a crash cut it off, or it is being written.`,
    counted(opaque, "entry is from a newer version and is kept.", "entries are from a newer version and are kept."),
  ].filter((text) => text !== "");
}

/** Empty for none. */
function counted(count: number, one: string, several: string): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : several}`;
}
