import type { StateEvidence } from "../model/stateKinds";
import type { Condition, GroupPattern, LimitPlace, ProgramRules, StateRule } from "./programRules";
import { bareLine, ScreenRegions } from "./screenRegions";
import type { TerminalFacts } from "./terminalFacts";

/** More lines than these tell nobody more. */
const evidenceLines = 6;
const ordinaryPriority = 50;

/** A rule that holds, with what it holds by. */
export interface RuleMatch {
  readonly rule: StateRule;
  readonly evidence: readonly StateEvidence[];
  /** What the program names as the end of a limit. */
  readonly until?: string;
}

/** The rules in the order in which they are heard. */
export function inOrder(rules: readonly StateRule[]): StateRule[] {
  return [...rules].sort((one, other) => (other.priority ?? ordinaryPriority) - (one.priority ?? ordinaryPriority));
}

/** The first of the program's rules that holds on this screen; `rules` are in order. */
export function matchRules(
  program: ProgramRules,
  rules: readonly StateRule[],
  facts: TerminalFacts,
): RuleMatch | undefined {
  const regions = new ScreenRegions(facts, program.regions);
  for (const rule of rules) {
    if (rule.unless?.some((condition) => holds(condition, facts, regions) !== undefined)) continue;
    const seen: Seen[] = [];
    let all = true;
    for (const condition of rule.when) {
      const lines = holds(condition, facts, regions);
      if (lines === undefined) {
        all = false;
        break;
      }
      const isComposer = program.composer?.in.includes(condition.in ?? "") === true;
      seen.push({ signal: signalOf(condition, lines), lines, isComposer });
    }
    if (!all) continue;
    const name = `${program.program}/${rule.name}`;
    // What holds by no line, such as the alternate screen alone, is a reason all the same.
    const withLines = seen.filter(({ lines }) => lines.length > 0);
    const telling = withLines.length > 0 ? composerLast(withLines) : seen;
    const evidence = telling.map(({ signal, lines }) => ({
      signal,
      rule: name,
      lines: lines.slice(0, evidenceLines).map(bareLine),
    }));
    const until = rule.until && limitWords(regions.of(rule.until.in), rule.until);
    return { rule, evidence, ...(until === undefined ? {} : { until }) };
  }
  return undefined;
}

/** By what a condition holds. */
interface Seen {
  readonly signal: StateEvidence["signal"];
  readonly lines: readonly string[];
  readonly isComposer: boolean;
}

/** What stands where texts are typed is the reader's own, or proposed: people are told first what the program says. */
function composerLast(seen: readonly Seen[]): Seen[] {
  return [...seen.filter(({ isComposer }) => !isComposer), ...seen.filter(({ isComposer }) => isComposer)];
}

/** Whether all of these conditions hold; `regions` of no program: the given ones only. */
export function allHold(
  conditions: readonly Condition[],
  facts: TerminalFacts,
  regions = new ScreenRegions(facts, {}),
): boolean {
  return conditions.every((condition) => holds(condition, facts, regions) !== undefined);
}

/** The line by which an agent says that a person has ended its last turn; undefined where nothing says so. */
export function stoppedTurn(
  { regions, turnStopped }: Pick<ProgramRules, "regions" | "turnStopped">,
  facts: TerminalFacts,
): string | undefined {
  const lines = turnStopped && holds(turnStopped, facts, new ScreenRegions(facts, regions));
  const line = lines?.at(-1);
  return line === undefined ? undefined : bareLine(line);
}

function limitWords(lines: readonly string[] | undefined, { matches, joined }: LimitPlace): string | undefined {
  return firstGroup(joined && lines ? [lines.map(bareLine).join(" ")] : lines, matches);
}

/** The first group of the last line of a region that has one. */
export function firstGroup(lines: readonly string[] | undefined, pattern: GroupPattern): string | undefined {
  return lines?.map((line) => pattern.exec(line)?.[1]).findLast((group) => group !== undefined);
}

/** The lines by which a condition holds, none where they are not what it is about; undefined where it does not hold. */
function holds(condition: Condition, facts: TerminalFacts, regions: ScreenRegions): readonly string[] | undefined {
  const { cursor, alternate, mouse, paste, echo, canonical, progress, foreground, running } = condition;
  if (cursor !== undefined && (cursor === "visible") !== facts.cursor.visible) return undefined;
  if (alternate !== undefined && alternate !== facts.alternate) return undefined;
  if (mouse !== undefined && mouse !== facts.mouse) return undefined;
  if (paste !== undefined && paste !== facts.paste) return undefined;
  if (progress !== undefined && progress !== facts.progress) return undefined;
  if (foreground !== undefined && !(facts.foreground !== undefined && foreground.test(facts.foreground)))
    return undefined;
  if (running !== undefined && running !== (facts.running ?? facts.foreground !== undefined)) return undefined;
  const lines = linesOf(condition, facts, regions);
  if (lines === undefined || (echo === undefined && canonical === undefined)) return lines;
  // Last, because it is dear to know.
  if (facts.echo === undefined) facts.onUnknownMode?.();
  return (echo ?? facts.echo) === facts.echo && (canonical ?? facts.canonical) === facts.canonical ? lines : undefined;
}

/** The lines of the region in which a condition holds; undefined where none does. */
function linesOf(condition: Condition, facts: TerminalFacts, regions: ScreenRegions): readonly string[] | undefined {
  const { foreground, running } = condition;
  if (condition.in === undefined)
    return facts.foreground !== undefined && (foreground !== undefined || running) ? [facts.foreground] : [];
  const lines = regions.of(condition.in);
  const { matches, first, joined } = condition;
  if (lines === undefined || !matches) return lines;
  if (joined) return matches.test(lines.join(" ")) ? lines : undefined;
  const found = (first ? lines.slice(0, 1) : lines).filter((line) => matches.test(line));
  return found.length > 0 ? found : undefined;
}

function signalOf(
  { in: region, echo, canonical, progress, foreground, running }: Condition,
  lines: readonly string[],
): StateEvidence["signal"] {
  if (region === "title") return "title";
  if (region !== undefined) return "screen";
  if (echo !== undefined || canonical !== undefined) return "echo";
  if (progress !== undefined) return "progress";
  if (foreground === undefined && running === undefined) return "screen";
  return foreground === undefined && lines.length === 0 ? "marks" : "foreground";
}
