import { readFile } from "node:fs/promises";
import { fileOrNone, samplesIn } from "../../adapters/machine/sampleFolder";
import { hasCode, messageOf, OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { type SessionContext, stateSince } from "../../core/model/session";
import { advice } from "../../core/model/remedy";
import { sampleFactsSchema, type SampleFacts } from "../../core/model/sampleFacts";
import { factsOfSample, sampleState, toldInRecording } from "../../core/sense/sample";
import { type RuleCatalog, senseTerminal } from "../../core/sense/senseTerminal";
import type { SensedState } from "../../core/sense/terminalFacts";
import { sensedState, senseOnce } from "../../core/session/sensedTerminal";
import { runnerName } from "../../core/record/lease";
import { toneOfState } from "../../protocol/logLines";
import { sessionLook } from "../../protocol/stateLook";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { isRunning, type ProjectRunner, runnerOf } from "../projectRunner";
import { sessionWords } from "../statusText";
import { findSession } from "../sessionLookup";

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
  const seen = withoutSecrets(container, senseOnce(screen, { mode }, catalog));
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
  // Styles say nothing that a rule reads; a screen that is only kept with them is one all the same.
  const file = screen ?? ansi ?? "";
  const text = (await readGiven(file)).toString();
  const plain = screen === undefined ? text.replace(controlSequence, "") : text;
  const facts = meta === undefined ? {} : readFacts((await readGiven(meta)).toString(), meta);
  const told = toldInRecording(facts, raw === undefined ? undefined : await readGiven(raw));
  const seen = sensedState(senseTerminal(factsOfSample(plain, facts, told), catalog), catalog);
  if (container.output.json) container.output.document({ screen: file, ...asDocument(seen, catalog) });
  else print(container, file, seen, catalog);
  return exitCode.done;
}

/** A line for each sample. One that cannot be read is told in its line, and takes no other down. */
async function explainSamples(
  { output }: Container,
  folders: readonly string[],
  catalog: RuleCatalog,
): Promise<ExitCode> {
  let failed = false;
  for (const folder of folders) {
    const samples = await samplesIn(folder).catch((error: unknown) => {
      throw unreadable(folder, error);
    });
    for (const { sample, tool } of samples) {
      let line: { sample: string; state: string; kind: string | null; error?: string };
      try {
        line = { sample, ...(await stateOfSample(sample, tool, catalog)) };
      } catch (error) {
        failed = true;
        line = { sample, state: "unclear", kind: null, error: messageOf(error) };
      }
      if (output.json) output.document(line);
      else output.line(`${sample}  ${line.kind === null ? line.state : `${line.state} · ${line.kind}`}`);
    }
  }
  return failed ? exitCode.failed : exitCode.done;
}

async function stateOfSample(
  sample: string,
  tool: string,
  catalog: RuleCatalog,
): Promise<{ state: string; kind: string | null }> {
  const [text, json, raw] = await Promise.all(["txt", "json", "raw"].map((end) => fileOrNone(`${sample}.${end}`)));
  const facts = { tool, ...(json ? readFacts(json.toString(), `${sample}.json`) : {}) };
  const told = toldInRecording(facts, raw);
  const sensed = senseTerminal(factsOfSample((text ?? "").toString(), facts, told), catalog);
  return sampleState(sensed, catalog.named(facts.tool)?.role === "agent");
}

function readFacts(text: string, path: string): SampleFacts {
  try {
    return sampleFactsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new OrchestratorError(
      "request_invalid",
      `${path} does not hold the facts of a terminal: ${messageOf(error)}`,
      advice("It has to be JSON with tool, cols, rows, cursor, title, alternate; all of them may be left out."),
    );
  }
}

async function readGiven(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): OrchestratorError {
  return hasCode(error, "request_invalid")
    ? error
    : new OrchestratorError(
        "request_invalid",
        `${path} cannot be read: ${messageOf(error)}`,
        advice("Name a file or folder that is there."),
      );
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
