import { recordedText } from "../../adapters/machine/sampleFolder";
import { OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { type SessionContext, stateSince } from "../../core/model/session";
import { advice } from "../../core/model/remedy";
import type { StateEvidence } from "../../core/model/stateKinds";
import { factsOfSample, toldInRecording } from "../../core/sense/sample";
import { type RuleCatalog, senseTerminal } from "../../core/sense/senseTerminal";
import type { SensedState } from "../../core/sense/terminalFacts";
import { recordedProgram } from "../../core/session/recordedProgram";
import { sensedState, senseOnce } from "../../core/session/sensedTerminal";
import { runnerName } from "../../core/record/lease";
import { toneOfState } from "../../protocol/logLines";
import { sessionLook, shownFinding } from "../../protocol/stateLook";
import { waitsIn } from "../../protocol/taskWaitLook";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { factsIn, readGiven, streamIn, withoutStyles } from "../recordedScreen";
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
  /** The state that the session truly is in: `working`, `waiting:confirm`. */
  readonly wrong?: string;
  /** Try the user's own rules and samples. */
  readonly test?: boolean;
}

/**
 * Says what a terminal does and why: of a session, of one recorded screen, or of folders of them; takes it from a person
 * that it is wrong; tries the user's own rules.
 */
export async function explain(
  container: Container,
  query: string | undefined,
  options: ExplainOptions,
): Promise<ExitCode> {
  const { screen, ansi, samples, wrong, test } = options;
  const asked = [query, screen ?? ansi, samples, test].filter((each) => each !== undefined);
  if (asked.length !== 1)
    throw new OrchestratorError(
      "request_invalid",
      "Exactly one of a session, a recorded screen, --samples and --test is needed.",
      advice("Name a session, or a file with --screen or --ansi, or folders with --samples; or give --test."),
    );
  if (wrong !== undefined && query === undefined)
    throw new OrchestratorError(
      "request_invalid",
      "--wrong is about a session.",
      advice("Name the session whose state is wrong."),
    );
  const catalog = await container.programRules();
  if (wrong !== undefined) return (await import("./explainWrong")).explainWrong(container, query ?? "", wrong, catalog);
  if (test) return (await import("./explainTest")).testRules(container, catalog);
  if (samples) return (await import("./explainSamples")).explainSamples(container, samples, catalog);
  if (screen !== undefined || ansi !== undefined) return explainFile(container, options, catalog);
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
    waits: waitsIn(recorded.owner.state, recorded.context.session_name, container.clock.now()),
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

interface RecordedSession {
  readonly context: SessionContext;
  readonly waits: readonly string[];
  readonly runner: ProjectRunner | undefined;
}

async function printRecorded(container: Container, { context, waits, runner }: RecordedSession): Promise<void> {
  const { output, clock } = container;
  const why = context.last_signal === "" ? "" : `. ${context.last_signal}`;
  output.line(`  The log says: ${sessionWords(context, clock.now())}${why}`);
  for (const text of waits) output.line(`  ${text}`);
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
  const { word } = sessionLook(shownFinding(seen));
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
