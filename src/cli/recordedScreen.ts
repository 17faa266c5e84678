import { ownSampleFolder } from "../adapters/machine/ownSamples";
import { ifThere, recordedStream, recordedText, samplesIn } from "../adapters/machine/sampleFolder";
import { messageOf, OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";
import { readSampleFacts, type SampleFacts } from "../core/model/sampleFacts";
import { factsOfSample, StreamTold, toldInRecording } from "../core/sense/sample";
import { type RuleCatalog, senseTerminal } from "../core/sense/senseTerminal";
import type { Sensed } from "../core/sense/terminalFacts";

/** Styles and links, as a terminal's screen is saved with them. */
const controlSequence = /\x1b(?:\[[0-9;:?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g;

/** Styles say nothing that a rule reads; a screen that is only kept with them is one all the same. */
export function withoutStyles(text: string): string {
  return text.replace(controlSequence, "");
}

/** A recorded screen by the way to its files without their ends. Throws `request_invalid`, and where there is no screen. */
export async function readSample(
  sample: string,
  tool: string,
  catalog: RuleCatalog,
): Promise<{ readonly facts: SampleFacts; readonly sensed: Sensed }> {
  const optional = async (end: string): Promise<string | undefined> =>
    readGiven(`${sample}.${end}`, ifThere(recordedText(`${sample}.${end}`)));
  const [text, styled, json] = await Promise.all(["txt", "ansi", "json"].map(optional));
  const screen = text ?? (styled && withoutStyles(styled));
  if (screen === undefined) throw new Error(`${sample}.txt is not there.`);
  const facts = { tool, ...(json === undefined ? {} : factsIn(json, `${sample}.json`)) };
  const stream = await readGiven(`${sample}.raw`, ifThere(streamIn(`${sample}.raw`)));
  return { facts, sensed: senseTerminal(factsOfSample(screen, facts, toldInRecording(facts, stream)), catalog) };
}

/** The facts of the user's own samples, of those that can be read. */
export async function ownSampleFacts(env: Readonly<Record<string, string | undefined>>): Promise<SampleFacts[]> {
  const { samples } = (await ifThere(samplesIn(ownSampleFolder(env)))) ?? { samples: [] };
  const facts = samples.map(({ sample }) => recordedText(`${sample}.json`).then(readSampleFacts, () => undefined));
  return (await Promise.all(facts.map((each) => each.catch(() => undefined)))).filter((each) => each !== undefined);
}

/** What was told in the bytes of a file. Throws what the file system does. */
export async function streamIn(path: string): Promise<StreamTold> {
  const stream = new StreamTold();
  await recordedStream(path, (bytes) => stream.write(bytes));
  return stream;
}

/** The facts in the text of a file. Throws `request_invalid` where they are none. */
export function factsIn(text: string, path: string): SampleFacts {
  try {
    return readSampleFacts(text);
  } catch (error) {
    throw new OrchestratorError(
      "request_invalid",
      `${path} does not hold the facts of a terminal: ${messageOf(error)}.`,
      advice("It has to be JSON with tool, cols, rows, cursor, title, alternate; all of them may be left out."),
    );
  }
}

/** What is read of a path that somebody gave. Throws `request_invalid` where it cannot be. */
export async function readGiven<Result>(path: string, reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    throw new OrchestratorError(
      "request_invalid",
      cannotBeRead(path, error),
      advice("Name a file or folder that is there."),
    );
  }
}

export function cannotBeRead(path: string, error: unknown): string {
  return `${path} cannot be read: ${messageOf(error)}.`;
}
