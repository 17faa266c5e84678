import { samplesIn, type SampleFiles } from "../../adapters/machine/sampleFolder";
import { messageOf } from "../../core/model/errors";
import { sampleState } from "../../core/sense/sample";
import type { RuleCatalog } from "../../core/sense/senseTerminal";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { cannotBeRead, readGiven, readSample } from "../recordedScreen";

interface SampleLine {
  readonly sample: string;
  readonly state: string;
  readonly kind: string | null;
  /** Why it cannot be read. */
  readonly error?: string;
}

/** A recorded screen, or a folder that cannot be read, and why. */
export type FoundSample =
  (SampleFiles & { readonly error?: undefined }) | { readonly sample: string; readonly error: string };

/** The recorded screens in folders of folders. Throws `request_invalid` for a folder that cannot be read at all. */
export async function* samplesOf(folders: readonly string[]): AsyncGenerator<FoundSample> {
  for (const folder of folders) {
    const { samples, unreadable } = await readGiven(folder, samplesIn(folder));
    for (const { folder: each, error } of unreadable) yield { sample: each, error: cannotBeRead(each, error) };
    yield* samples;
  }
}

/** A line for each sample. One that cannot be read is told in its line, and takes no other down. */
export async function explainSamples(
  container: Container,
  folders: readonly string[],
  catalog: RuleCatalog,
): Promise<ExitCode> {
  const { output } = container;
  let failed = false;
  for await (const found of samplesOf(folders)) {
    const line = await lineOf(found, catalog);
    if (line.error !== undefined) failed = true;
    const what = line.kind === null ? line.state : `${line.state} · ${line.kind}`;
    if (output.json) output.document(line);
    else output.line(`${line.sample}  ${what}${line.error === undefined ? "" : `. ${line.error}`}`);
  }
  return failed ? exitCode.failed : exitCode.done;
}

async function lineOf(found: FoundSample, catalog: RuleCatalog): Promise<SampleLine> {
  const { sample } = found;
  const unread = (error: string): SampleLine => ({ sample, state: "unclear", kind: null, error });
  if (found.error !== undefined) return unread(found.error);
  try {
    const { facts, sensed } = await readSample(sample, found.tool, catalog);
    return { sample, ...sampleState(sensed, catalog.named(facts.tool)?.role === "agent") };
  } catch (error) {
    return unread(messageOf(error));
  }
}
