import type { WantedState } from "../model/wantedState";
import type { SampleFacts } from "../model/sampleFacts";
import { bareLine } from "./screenRegions";
import type { RuleCatalog } from "./senseTerminal";

/** What a person begins with who wants the rules to know a screen. */
export interface StartedRule {
  readonly program: string;
  /** A file of rules: YAML. */
  readonly text: string;
}

/** So much of a screen says what it is; a file stays readable. */
const mostLines = 40;

/**
 * A file with one rule, which finds the state by the last line of the screen, and with the screen as its example. It is only
 * a beginning: a person chooses what of the screen makes it what it is.
 */
export function startedRule(screen: string, facts: SampleFacts, right: WantedState, catalog: RuleCatalog): StartedRule {
  const started = catalog.named(facts.tool === "non-agent" ? (facts.foreground_command ?? undefined) : facts.tool);
  const program = started?.program ?? fileWord(facts.foreground_command ?? facts.tool ?? "program");
  const lines = screen.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  const from = Math.max(0, lines.length - mostLines);
  const shown = lines.slice(from);
  const last = bareLine(shown.findLast((line) => bareLine(line) !== "") ?? "");
  const kind = right.kind === undefined ? "" : `, kind: ${right.kind}`;
  const isShipped = catalog.shipped.some((each) => each.program === program);
  const cursor =
    facts.cursor && facts.cursor.y >= from ? [`    cursor: { x: ${facts.cursor.x}, y: ${facts.cursor.y - from} }`] : [];
  return {
    program,
    text: [
      `program: ${program}`,
      ...(isShipped ? ["extends: shipped"] : ["role: tool"]),
      "regions:",
      "  foot: { bottom: 1 } # the last line that is not empty",
      "rules:",
      "  - name: mine",
      `    state: ${right.state}`,
      ...(right.kind === undefined ? [] : [`    kind: ${right.kind}`]),
      "    priority: 500 # before the rule that was wrong",
      "    when:",
      "      # Say here what makes this screen what it is; leave out what changes.",
      `      - { in: foot, matches: ${quoted(`^${escaped(last)}`)} }`,
      "examples:",
      "  - screen: |2",
      ...shown.map((line) => (line === "" ? "" : `      ${line}`)),
      ...cursor,
      ...(facts.alternate === true ? ["    alternate: true"] : []),
      ...(facts.title == null ? [] : [`    title: ${quoted(facts.title)}`]),
      `    expect: { state: ${right.state}${kind} }`,
      "",
    ].join("\n"),
  };
}

function fileWord(text: string): string {
  const word = (text.split(/[\\/]/).at(-1) ?? "").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9._-]+/g, "").slice(0, 64);
  return word === "" ? "program" : word;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A YAML text in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
