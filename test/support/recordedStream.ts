import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type SampleFacts, sampleFactsSchema } from "../../src/core/model/sampleFacts";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { factsOfSample, StreamTold, toldInRecording } from "../../src/core/sense/sample";
import { senseTerminal } from "../../src/core/sense/senseTerminal";
import type { Sensed } from "../../src/core/sense/terminalFacts";

/** A moment of a recording of which it is known what its terminal showed. */
export interface RecordedMoment {
  /** The name of its sample. */
  readonly name: string;
  /** How many bytes of the stream had come. */
  readonly at: number;
  readonly facts: SampleFacts;
  readonly lines: readonly string[];
  /** What `explain --samples` says of it. */
  readonly offline: Sensed;
}

/** All that one terminal got, from its start, with the samples that were taken on the way; the last one is its end. */
export interface RecordedStream {
  readonly tool: string;
  readonly bytes: Buffer;
  readonly moments: readonly RecordedMoment[];
  /** False: its recorder left out a part, so what is drawn after it may not be what was. */
  readonly isWhole: boolean;
}

/**
 * The recordings in a folder `DIR/tool`. Samples of one run begin with the same bytes: each run is one stream, with all of
 * its samples in it.
 */
export function recordedStreams(folder: string): RecordedStream[] {
  const tool = basename(folder);
  const samples = readdirSync(folder)
    .filter((file) => file.endsWith(".raw"))
    .flatMap((file) => {
      const name = file.slice(0, -".raw".length);
      const read = (end: string): Buffer => readFileSync(join(folder, `${name}.${end}`));
      const bytes = read("raw");
      let json: unknown;
      try {
        json = JSON.parse(read("json").toString());
      } catch {
        // What a recorder that failed has left is no sample.
        return [];
      }
      const facts = sampleFactsSchema.parse({ tool, ...(json as object) });
      const stream = new StreamTold();
      stream.write(bytes);
      const told = toldInRecording(facts, bytes.length > 0 ? stream : undefined);
      const known = factsOfSample(read("txt").toString(), facts, told);
      const offline = senseTerminal(known, shippedCatalog);
      const moment: RecordedMoment = { name, at: bytes.length, facts, lines: known.lines, offline };
      const { raw } = json as { raw?: { removed_range?: unknown } };
      return [{ bytes, moment, isWhole: (raw?.removed_range ?? null) === null }];
    })
    .sort((one, other) => other.bytes.length - one.bytes.length);
  const streams: { tool: string; bytes: Buffer; moments: RecordedMoment[]; isWhole: boolean }[] = [];
  for (const { bytes, moment, isWhole } of samples) {
    const longer = streams.find((stream) => stream.bytes.subarray(0, bytes.length).equals(bytes));
    if (longer) longer.moments.unshift(moment);
    else streams.push({ tool, bytes, moments: [moment], isWhole });
  }
  return streams;
}

/**
 * The pieces in which a program wrote: synchronized updates where it marks them, else what begins as its redraws begin. A
 * recording has no times, so a piece that is too long is taken for one write of a program that marks nothing.
 */
export function drawnFrames(bytes: Buffer): Buffer[] {
  const text = bytes.toString("latin1");
  const boundary = text.includes("\x1b[?2026l")
    ? /(?<=\x1b\[\?2026l)/
    : /(?=\x1b\[H\r)|(?<=\x1b\[\?25h)(?=\x1b\[\?25l)|(?<!\x1b\[1A)(?=\x1b\[2K\x1b\[1A)/;
  return text
    .split(boundary)
    .filter((frame) => frame !== "")
    .map((frame) => Buffer.from(frame, "latin1"));
}
