import { ifThere, recordedStream, recordedText, samplesIn } from "../../adapters/machine/sampleFolder";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { type SessionContext, stateSince } from "../../core/model/session";
import { advice } from "../../core/model/remedy";
import type { StateEvidence } from "../../core/model/stateKinds";
import { readSampleFacts, type SampleFacts } from "../../core/model/sampleFacts";
import { factsOfSample, sampleState, StreamTold, toldInRecording } from "../../core/sense/sample";
import { type RuleCatalog, senseTerminal } from "../../core/sense/senseTerminal";
import type { SensedState } from "../../core/sense/terminalFacts";
import { recordedProgram } from "../../core/session/recordedProgram";
import { sensedState, senseOnce } from "../../core/session/sensedTerminal";
import { runnerName } from "../../core/record/lease";
import { toneOfState } from "../../protocol/logLines";
import { sessionLook } from "../../protocol/stateLook";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { isRunning, type ProjectRunner, runnerOf } from "../projectRunner";
import { sessionWords } from "../statusText";
import { findSession } from "../sessionLookup";

/** Servers other than the built-in one know a terminal by what is drawn there alone. */
const untold: StateEvidence = {
  signal: "foreground",
  rule: "not_told",
  lines: ["The server of this session tells neither which program is in front nor whether typed keys are shown."],
};

export interface ExplainOptions {
  readonly screen?: string;
  readonly ansi?: string;
  readonly raw?: string;
  readonly meta?: string;
  readonly samples?: readonly string[];
}

/** Styles and links, as a terminal's screen is saved with them. */
const controlSequence = /\x1b(?:\[[0-9;:?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g;

/** Says what a terminal does and why: of a session, of one recorded screen, or of folders of them. */
export async function explain(
  container: Container,
  query: string | undefined,
  options: ExplainOptions,
): Promise<ExitCode> {
  const asked = [query, options.screen ?? options.ansi, options.samples].filter((each) => each !== undefined);
  if (asked.length !== 1)
    throw new OrchestratorError(
      "request_invalid",
      "Exactly one of a session, a recorded screen and --samples is needed.",
      advice("Name a session, or a file with --screen or --ansi, or folders with --samples."),
    );
  const catalog = await container.programRules();
  if (options.samples) return explainSamples(container, options.samples, catalog);
  if (options.screen !== undefined || options.ansi !== undefined) return explainFile(container, options, catalog);
  return explainSession(container, query ?? "", catalog);
}

async function explainSession(container: Container, query: string, catalog: RuleCatalog): Promise<ExitCode> {
  const { chosen, wire, name, recorded } = await findSession(container, query);
  const [screen, mode] = await Promise.all([chosen.server.screen(wire, "plain"), chosen.server.terminalMode(wire)]);
  const runs = recorded ? recordedProgram(recorded.owner.state, recorded.context) : { evidence: [] };
  const sensed = senseOnce(screen, { ...runs, mode }, catalog);
  const evidence = [...(sensed.evidence ?? []), ...runs.evidence, ...(mode ? [] : [untold])];
  const seen = withoutSecrets(container, { ...sensed, evidence });
  const known = recorded && {
    context: recorded.context,
    runner: await runnerOf(container, recorded.owner.state.lease),
  };
  if (container.output.json)
    container.output.document({
      session: name,
      ...asDocument(seen, catalog),
      ...(known ? { recorded: recordedDocument(known.context) } : {}),
    });
  else {
    print(container, shortSession(name), seen, catalog);
    if (known) await printRecorded(container, known);
  }
  return exitCode.done;
}

/** What the log says of it, by whoever reads its output too. */
function recordedDocument(session: SessionContext): Record<string, unknown> {
  const { state, state_kind, program, confidence, last_signal, evidence } = session;
  return {
    state,
    state_kind: state_kind ?? null,
    since: stateSince(session),
    program: program ?? null,
    confidence: confidence ?? null,
    why: last_signal,
    evidence: evidence ?? [],
  };
}

async function printRecorded(
  container: Container,
  { context, runner }: { readonly context: SessionContext; readonly runner: ProjectRunner | undefined },
): Promise<void> {
  const { output, clock } = container;
  const why = context.last_signal === "" ? "" : `. ${context.last_signal}`;
  output.line(`  The log says: ${sessionWords(context, clock.now())}${why}`);
  if (runner === undefined || !isRunning(runner)) {
    output.line("  The project is not running, so its log does not follow what happens in the session now.");
    return;
  }
  const { host } = await container.processes;
  output.line(`  ${runnerName(runner, host)} runs the project and follows the session.`);
}

async function explainFile(
  container: Container,
  { screen, ansi, raw, meta }: ExplainOptions,
  catalog: RuleCatalog,
): Promise<ExitCode> {
  const file = screen ?? ansi ?? "";
  const text = await readGiven(file, recordedText(file));
  const plain = screen === undefined ? withoutStyles(text) : text;
  const facts = meta === undefined ? {} : factsIn(await readGiven(meta, recordedText(meta)), meta);
  const told = toldInRecording(facts, raw === undefined ? undefined : await readGiven(raw, streamIn(raw)));
  const seen = sensedState(senseTerminal(factsOfSample(plain, facts, told), catalog), catalog);
  if (container.output.json) container.output.document({ screen: file, ...asDocument(seen, catalog) });
  else print(container, file, seen, catalog);
  return exitCode.done;
}

/** Styles say nothing that a rule reads; a screen that is only kept with them is one all the same. */
function withoutStyles(text: string): string {
  return text.replace(controlSequence, "");
}

interface SampleLine {
  readonly sample: string;
  readonly state: string;
  readonly kind: string | null;
  /** Why it cannot be read. */
  readonly error?: string;
}

/** A line for each sample. One that cannot be read is told in its line, and takes no other down. */
async function explainSamples(
  container: Container,
  folders: readonly string[],
  catalog: RuleCatalog,
): Promise<ExitCode> {
  let failed = false;
  const tell = (line: SampleLine): void => {
    const { output } = container;
    if (line.error !== undefined) failed = true;
    const what = line.kind === null ? line.state : `${line.state} · ${line.kind}`;
    if (output.json) output.document(line);
    else output.line(`${line.sample}  ${what}${line.error === undefined ? "" : `. ${line.error}`}`);
  };
  for (const folder of folders) {
    const { samples, unreadable } = await readGiven(folder, samplesIn(folder));
    for (const { folder: each, error } of unreadable)
      tell({ sample: each, state: "unclear", kind: null, error: cannotBeRead(each, error) });
    for (const { sample, tool } of samples) {
      try {
        tell({ sample, ...(await stateOfSample(sample, tool, catalog)) });
      } catch (error) {
        tell({ sample, state: "unclear", kind: null, error: messageOf(error) });
      }
    }
  }
  return failed ? exitCode.failed : exitCode.done;
}

async function stateOfSample(
  sample: string,
  tool: string,
  catalog: RuleCatalog,
): Promise<{ state: string; kind: string | null }> {
  const optional = async (end: string): Promise<string | undefined> =>
    readGiven(`${sample}.${end}`, ifThere(recordedText(`${sample}.${end}`)));
  const [text, styled, json] = await Promise.all(["txt", "ansi", "json"].map(optional));
  const screen = text ?? (styled && withoutStyles(styled));
  if (screen === undefined) throw new Error(`${sample}.txt is not there.`);
  const facts = { tool, ...(json === undefined ? {} : factsIn(json, `${sample}.json`)) };
  const stream = await readGiven(`${sample}.raw`, ifThere(streamIn(`${sample}.raw`)));
  const sensed = senseTerminal(factsOfSample(screen, facts, toldInRecording(facts, stream)), catalog);
  return sampleState(sensed, catalog.named(facts.tool)?.role === "agent");
}

/** What was told in the bytes of a file. Throws what the file system does. */
async function streamIn(path: string): Promise<StreamTold> {
  const stream = new StreamTold();
  await recordedStream(path, (bytes) => stream.write(bytes));
  return stream;
}

/** The facts in the text of a file. Throws `request_invalid` where they are none. */
function factsIn(text: string, path: string): SampleFacts {
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
async function readGiven<Result>(path: string, reading: Promise<Result>): Promise<Result> {
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

function cannotBeRead(path: string, error: unknown): string {
  return `${path} cannot be read: ${messageOf(error)}.`;
}

function withoutSecrets(container: Container, seen: SensedState): SensedState {
  const { redactor } = container;
  return {
    ...seen,
    ...(seen.evidence
      ? { evidence: seen.evidence.map((each) => ({ ...each, lines: each.lines.map((line) => redactor.redact(line)) })) }
      : {}),
  };
}

function asDocument(
  { state, kind, program, confidence, evidence, why, until }: SensedState,
  catalog: RuleCatalog,
): Record<string, unknown> {
  const told = evidence?.map((each) => ({ ...each, ...catalog.writtenAt(each.rule) }));
  return {
    state,
    state_kind: kind ?? null,
    program: program ?? null,
    confidence,
    why,
    until: until ?? null,
    evidence: told,
  };
}

function print({ output }: Container, name: string, seen: SensedState, catalog: RuleCatalog): void {
  const { word } = sessionLook(seen);
  output.whole([{ text: `${name}: ` }, { text: word, tone: toneOfState(seen.state) }, { text: `. ${seen.why}` }]);
  const version = seen.program?.version === undefined ? "" : ` ${seen.program.version}`;
  if (seen.program) output.line(`  Program: ${seen.program.name}${version}`);
  output.line(`  Confidence: ${seen.confidence ?? "low"}`);
  for (const { signal, rule, lines } of seen.evidence ?? []) {
    const own = catalog.writtenAt(rule);
    const which = own === undefined ? `rule ${rule}` : `your rule ${rule} (${own.file}:${own.line})`;
    output.line(`  ${signal.replace("_", " ")}, ${which}:`);
    for (const line of lines) output.line(`    ${line}`);
  }
}
