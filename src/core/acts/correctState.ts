import { actorName } from "../model/actorName";
import { type ContextEntry, type EntryDraft, isAskedInTerminal } from "../model/entry";
import { stateWrongEvent } from "../model/entryKinds";
import { OrchestratorError } from "../model/errors";
import { stateText } from "../model/namedState";
import { shortSession } from "../model/names";
import type { SessionContext } from "../model/session";
import { openEscalations, type ProjectState } from "../model/projectState";
import { stateKind } from "../model/stateKinds";
import { isLiving, type SessionState } from "../model/states";
import { isWanted, type WantedState } from "../model/wantedState";
import type { SessionServer } from "../ports/sessions";
import type { SampleStore } from "../ports/samples";
import type { Clock } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import type { Redactor } from "../safety/redaction";
import { factsOfSample, StreamTold, toldInRecording } from "../sense/sample";
import { type RuleCatalog, senseTerminal } from "../sense/senseTerminal";
import type { Sensed } from "../sense/terminalFacts";
import { screenFingerprint } from "../sense/askedPrompt";
import { isDeniedState } from "../session/deniedState";
import { recordedProgram } from "../session/recordedProgram";
import { promptOf } from "../session/sensedTerminal";
import { type FrameTexts, frameTexts, takeFrame } from "../session/terminalFrame";
import { type Acting, requirePerson } from "./acting";

/** A session whose state a person says is another one. */
export interface WrongState {
  readonly server: Pick<SessionServer, "screen" | "terminalMode" | "recentOutput">;
  readonly wire: string;
  /** As people name it. */
  readonly name: string;
  readonly right: WantedState;
  /** Of a session of a project, what the project's log says of it, and whether a run follows it there. */
  readonly recorded?: { readonly record: OpenRecord; readonly context: SessionContext; readonly isFollowed: boolean };
}

export interface CorrectingWorld {
  readonly samples: SampleStore;
  readonly catalog: RuleCatalog;
  readonly redactor: Pick<Redactor, "redact">;
  readonly clock: Pick<Clock, "now">;
}

export interface CorrectedState {
  /** The way to the sample's files, without their ends. */
  readonly sample: string;
  readonly texts: FrameTexts;
  readonly right: WantedState;
  /** What was shown to people. */
  readonly told: WantedState;
  /** What the rules find in the sample, by which rule: until they find what is right, `explain --test` says it. */
  readonly found: Sensed;
  /** What the log says of it; undefined for a session of no project. */
  readonly entry: ContextEntry | undefined;
  /** The question that was asked by mistake, and is closed by it. */
  readonly closed: ContextEntry | undefined;
}

/** What the name of a file should not have. */
const unsafe = /[^A-Za-z0-9._-]+/g;

/**
 * A person says that a session's state is wrong: what its terminal shows is kept as a sample with the right one, without
 * secrets; the log of its project says so, which counts false alarms; a question that was asked by mistake is closed.
 * Throws `needs_person`, `request_invalid` where the state is said already, what its server throws, and what keeping
 * throws: then the log has nothing of it.
 */
export async function correctState(
  by: Acting,
  { server, wire, name, right, recorded }: WrongState,
  { samples, catalog, redactor, clock }: CorrectingWorld,
): Promise<CorrectedState> {
  requirePerson(by);
  const runs = recorded ? recordedProgram(recorded.record.state, recorded.context) : {};
  const frame = await takeFrame(server, wire, runs);
  const sensed = senseTerminal(frame.facts, catalog);
  const asks = promptOf(sensed, frame.facts, catalog)?.fingerprint;
  const shows = screenFingerprint(frame.facts);
  const known = recorded?.isFollowed === true && isLiving(recorded.context) ? recorded.context : undefined;
  const told: Said = known ? recordedSaid(known) : shownOf(sensed, { asks, shows }, recorded?.context);
  if (isWanted(right, told) && isWanted(right, sensed)) throw saidAlready(name, right);
  const texts = frameTexts(frame, (text) => redactor.redact(text));
  const at = new Date(clock.now()).toISOString();
  const sample = await samples.save({
    tool: (texts.facts.tool ?? "").replace(unsafe, "-").slice(0, 64) || "non-agent",
    name: sampleName(at, told, right),
    screen: texts.screen,
    styled: texts.styled,
    ...(texts.stream === undefined ? {} : { stream: texts.stream }),
    facts: JSON.stringify(
      {
        ...texts.facts,
        expected: stateText(right),
        frame: {
          ...texts.facts.frame,
          told: { state: told.state, state_kind: told.kind ?? null, rule: sensed.evidence[0]?.rule ?? null },
          recorded_at: at,
          session: name,
          project_id: recorded?.context.project_id ?? null,
        },
      },
      undefined,
      2,
    ),
  });
  const closed = recorded && wronglyAsked(recorded.record.state, name, right);
  const entry =
    recorded &&
    (await recorded.record.append(
      wrongDraft(by.actor, recorded.context, told, right, closed, { asks, shows }),
      "synced",
    ));
  const kind = stateKind(told.kind);
  return {
    sample,
    texts,
    right,
    told: { state: told.state, ...(kind ? { kind } : {}) },
    found: foundIn(texts, catalog),
    entry,
    closed,
  };
}

/** `2026-11-30-15-02-11-waiting-confirm-is-working` */
function sampleName(at: string, told: Said, right: WantedState): string {
  const words = [told.state, told.kind, "is", right.state, right.kind].filter((word) => word !== undefined);
  return `${at.slice(0, 19).replace(/[T:]/g, "-")}-${words.join("-")}`;
}

/** Which prompt asked, if any, on which screen. */
interface Fingerprints {
  readonly asks: string | undefined;
  readonly shows: string;
}

/** A state as it is told, whoever tells it. */
interface Said {
  readonly state: SessionState;
  readonly kind: string | undefined;
  readonly program: string | undefined;
}

/** What is shown of a session that nobody follows, where an earlier word of a person may stand for its screen. */
function shownOf(
  { state, kind, program }: Sensed,
  { asks, shows }: Fingerprints,
  context: SessionContext | undefined,
): Said {
  const found = { state, ...(kind && { kind }), ...(asks !== undefined && { asks }), shows };
  return context && isDeniedState(context.denied, found)
    ? recordedSaid(context)
    : { state, kind, program: program?.name };
}

function recordedSaid({ state, state_kind, program }: SessionContext): Said {
  return { state, kind: state_kind, program: program?.name };
}

/** What its program asks by the log, where it asks nothing. */
function wronglyAsked(state: ProjectState, name: string, right: WantedState): ContextEntry | undefined {
  if (right.state === "waiting") return undefined;
  return openEscalations(state).find((entry) => isAskedInTerminal(entry) && entry.session_name === name);
}

function wrongDraft(
  actor: string,
  { session_name, role }: SessionContext,
  told: Said,
  right: WantedState,
  closed: ContextEntry | undefined,
  { asks, shows }: Fingerprints,
): EntryDraft {
  const was = stateWords(told);
  const is = stateWords(right);
  const over = closed ? " Its question is closed." : "";
  return {
    kind: "note",
    actor,
    session_name,
    role,
    event: stateWrongEvent,
    text: `${actorName(actor)} says that ${shortSession(session_name)} was ${is}, and not ${was}.${over}`,
    state: right.state,
    ...(right.kind === undefined ? {} : { state_kind: right.kind }),
    told: { state: told.state, ...(told.kind === undefined ? {} : { state_kind: told.kind }) },
    ...(told.program === undefined ? {} : { program: { name: told.program } }),
    ...(asks === undefined ? {} : { screen: asks }),
    ...(told.state === "waiting" ? {} : { shows }),
    refs: [{ type: "session", id: session_name }, ...(closed ? [{ type: "entry", id: closed.id }] : [])],
  };
}

function stateWords({ state, kind }: { readonly state: string; readonly kind?: string | undefined }): string {
  return kind === undefined ? state : `${state} (${kind})`;
}

/** By the texts that are kept, whatever was masked in them. */
function foundIn({ screen, facts, stream }: FrameTexts, catalog: RuleCatalog): Sensed {
  const told = new StreamTold();
  if (stream !== undefined) told.write(new TextEncoder().encode(stream));
  return senseTerminal(
    factsOfSample(screen, facts, toldInRecording(facts, stream === undefined ? undefined : told)),
    catalog,
  );
}

function saidAlready(name: string, right: WantedState): OrchestratorError {
  return new OrchestratorError(
    "request_invalid",
    `${shortSession(name)} is ${stateWords(right)} by its rules already, so nothing was saved.`,
    { kind: "look_at_session", session: name },
  );
}
