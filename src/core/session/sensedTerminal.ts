import type { Screen, TerminalMode, TerminalSigns } from "../ports/sessions";
import { type AskedPrompt, saidPrompt, screenFingerprint } from "../sense/askedPrompt";
import { type ProgramStatus, ProgramStatusTree } from "../sense/programStatus";
import { type RuleCatalog, senseTerminal } from "../sense/senseTerminal";
import { stateSentence } from "../sense/stateSentence";
import type { Sensed, SensedState, TerminalFacts } from "../sense/terminalFacts";
import type { TerminalSignals } from "../sense/terminalSignals";
import { seenScreen } from "./seenScreen";

/** What is known of a terminal beside its screen; what nobody can tell is left out. */
export interface BesideScreen {
  /** When the screen was looked at, in milliseconds since 1970; absent: times on it are taken for ones that stand. */
  readonly at?: number;
  readonly told?: TerminalSignals["facts"] | undefined;
  /** The name of the program that was started there. */
  readonly started?: string | undefined;
  /** A program runs there that is not the shell of the session. */
  readonly running?: boolean | undefined;
  /** A person has said that it does something else than its terminal says: what it shows is known by `shows`, too. */
  readonly denied?: boolean | undefined;
  readonly mode?: TerminalMode | TerminalSigns | undefined;
}

/** DEC private modes in which a terminal reports the mouse (xterm's ctlseqs). */
const mouseModes: ReadonlySet<number> = new Set([1000, 1002, 1003]);

/** DEC private mode of bracketed paste. */
const pasteMode = 2004;

/** A server's screen, and what else is known of its terminal, as rules look at it. */
export function terminalFacts(screen: Screen, { at, told, started, running, mode }: BesideScreen): TerminalFacts {
  // What the stream told, which was read along, is newer than what its server was asked.
  const title = told?.title ?? mode?.title;
  const progress = told?.progress ?? mode?.progress;
  const statuses = told?.statuses ?? statusesOf(mode?.statuses);
  const mouse = told?.mouse ?? screen.private_modes?.some((each) => mouseModes.has(each));
  const paste = told?.paste ?? screen.private_modes?.includes(pasteMode);
  const alternate = told?.alternate ?? false;
  return {
    lines: seenScreen(screen).lines,
    cols: screen.cols,
    ...(at === undefined ? {} : { at }),
    cursor: screen.cursor,
    alternate: alternate || screen.alternate_active,
    scrolled: screen.total_lines - screen.rows,
    ...(title === undefined ? {} : { title }),
    ...(progress === undefined ? {} : { progress }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(mouse === undefined ? {} : { mouse }),
    ...(paste === undefined ? {} : { paste }),
    ...(started === undefined ? {} : { started }),
    ...(running === undefined ? {} : { running }),
    ...(mode && "echo" in mode ? { echo: mode.echo, canonical: mode.canonical } : {}),
    ...(mode?.entered === undefined ? {} : { entered: mode.entered }),
    ...(mode?.foreground === undefined ? {} : { foreground: mode.foreground }),
  };
}

function statusesOf(reports: readonly string[] | undefined): readonly ProgramStatus[] | undefined {
  if (!reports) return undefined;
  const tree = new ProgramStatusTree();
  for (const report of reports) tree.report(report);
  return tree.isEmpty ? undefined : tree.records;
}

/** What was sensed, with its sentence for people. */
export function sensedState(sensed: Sensed, catalog: RuleCatalog): SensedState {
  const { program } = sensed;
  const rules = catalog.named(program?.name);
  // The rules of a family of programs have a name that none of them has.
  const title = rules?.program === program?.name ? rules?.title : program?.name;
  return { ...sensed, why: stateSentence(sensed, title) };
}

/** What a terminal that waits asks, by the rule that has found it, or by what its program says; undefined for others. */
export function promptOf(
  { state, evidence }: Pick<Sensed, "state" | "evidence">,
  facts: TerminalFacts,
  catalog: RuleCatalog,
): AskedPrompt | undefined {
  const [first] = evidence;
  if (state !== "waiting" || !first) return undefined;
  return catalog.askedBy(first.rule, facts) ?? (first.signal === "program_status" ? saidPrompt(first) : undefined);
}

/** What a terminal does by one look at it. */
export function senseOnce(screen: Screen, beside: BesideScreen, catalog: RuleCatalog): SensedState {
  const facts = terminalFacts(screen, beside);
  const sensed = senseTerminal(facts, catalog);
  const asks = promptOf(sensed, facts, catalog)?.fingerprint;
  return {
    ...sensedState(sensed, catalog),
    ...(asks === undefined ? {} : { asks }),
    ...(beside.denied ? { shows: screenFingerprint(facts) } : {}),
  };
}
