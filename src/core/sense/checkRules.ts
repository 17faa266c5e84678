import type { CheckedRules, PlacedRules, RuleFileText } from "../model/checkedRules";
import { RuleDocument } from "../model/ruleDocument";
import type { ExampleText } from "../model/ruleFileSchema";
import { noteMistakes, ownProgram, pathKey, type Shipped } from "./ownProgram";
import type { ProgramRules } from "./programRules";
import { factsOfSample } from "./sample";
import { RuleCatalog, senseTerminal } from "./senseTerminal";
import type { Sensed, TerminalFacts } from "./terminalFacts";

/**
 * States of the patterns of one file together: so many are made in 10 ms (measured), and a window makes them anew. The
 * shipped file with the most would have a tenth of them.
 */
const mostStates = 20_000;

/** As `RuleWork` says, done at once. */
export function checkRules(files: readonly RuleFileText[], shipped: RuleCatalog): CheckedRules[] {
  const definedIn = new Map<string, string>();
  return files.map(({ file, text, unreadable }) => {
    if (text === undefined) {
      const message = `it cannot be read: ${unreadable ?? "it has no text"}`;
      return { file, extends: false, examples: 0, problems: [{ message, line: 1, column: 1, place: "" }] };
    }
    const document = new RuleDocument(text);
    const examples = document.data?.examples ?? [];
    const read = readProgram(document, file, { programs: shipped.shipped, anyAgent: shipped.anyAgent });
    if (read) {
      const { program } = read.program;
      const other = definedIn.get(program);
      if (read.states > mostStates)
        document.problem(["rules"], "the patterns are too large together; repeat less, or split the file");
      else if (other === undefined) tryExamples(document, read.program, examples, shipped);
      else document.problem(["program"], `the rules of ${program} are in ${other} already`);
    }
    const { problems } = document;
    const about = { file, extends: document.data?.extends !== undefined, examples: examples.length, problems };
    if (!read || problems.length > 0) return about;
    definedIn.set(read.program.program, file);
    return { ...about, rules: read.rules };
  });
}

/** The rules, ready to be asked, and with the lines that were looked up for them. */
function readProgram(
  document: RuleDocument,
  file: string,
  shipped: Shipped,
): { readonly program: ProgramRules; readonly rules: PlacedRules; readonly states: number } | undefined {
  const { data: text } = document;
  if (!text || noteMistakes(document, text, shipped)) return undefined;
  const lines = new Map<string, number>();
  let states = 0;
  const program = ownProgram(text, file, shipped, {
    line: (path) => {
      const line = document.line(path);
      lines.set(pathKey(path), line);
      return line;
    },
    made: (pattern) => (states += pattern.states),
  });
  const { examples: _tried, ...rules } = text;
  return { program, rules: { text: rules, lines }, states };
}

/** Notes each example on which something else is found than what it expects. */
function tryExamples(
  document: RuleDocument,
  program: ProgramRules,
  examples: readonly ExampleText[],
  shipped: RuleCatalog,
): void {
  let tooSlow: string | undefined;
  const catalog = new RuleCatalog(shipped.shipped, shipped.anyAgent);
  catalog.useOwn([program], (_program, { pattern }) => {
    tooSlow = `the pattern ${pattern.source} (line ${pattern.line}) takes too long on it`;
  });
  for (const [index, example] of examples.entries()) {
    const found = senseTerminal(factsOfExample(example, program), catalog);
    const problem = tooSlow ?? differenceOf(found, example.expect);
    if (problem !== undefined) document.problem(["examples", index, "expect"], problem);
    if (tooSlow !== undefined) return;
  }
}

function factsOfExample(
  { screen, expect: _expect, echo, canonical, ...facts }: ExampleText,
  { program }: ProgramRules,
): TerminalFacts {
  return factsOfSample(
    screen,
    {
      tool: program,
      ...facts,
      ...(facts.cursor ? { cursor: { visible: true, ...facts.cursor } } : {}),
    },
    { ...(echo === undefined ? {} : { echo }), ...(canonical === undefined ? {} : { canonical }) },
  );
}

/** `must be waiting (permission), but idle is found by the rule claude/composer, in "❯"` */
function differenceOf(found: Sensed, wanted: ExampleText["expect"]): string | undefined {
  const [first] = found.evidence;
  const rule = first?.rule.split("/").at(-1);
  if (
    found.state === wanted.state &&
    (wanted.kind === undefined || wanted.kind === found.kind) &&
    (wanted.rule === undefined || wanted.rule === rule)
  )
    return undefined;
  const line = first?.lines[0];
  const by = first ? ` by the rule ${first.rule}${line === undefined ? "" : `, in "${line}"`}` : "";
  const wantedBy = wanted.rule === undefined ? "" : ` by the rule ${wanted.rule}`;
  return `must be ${withKind(wanted)}${wantedBy}, but ${withKind(found)} is found${by}`;
}

function withKind({ state, kind }: { readonly state: string; readonly kind?: string | undefined }): string {
  return kind === undefined ? state : `${state} (${kind})`;
}
